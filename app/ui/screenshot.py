"""A picture of the window by the window itself: for the README, and to try a packaged program."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.ui.window import Window

LONGEST_WAIT = 60.0  # s for the first frame


def schedule(window: Window, path: Path, after: float) -> None:
    """Saves `window` as `path` when `after` s have passed since its first frame, then closes it.

    The application's exit code is 0, or 1 where no frame came or the file could not be written.
    """
    waiting = QTimer(window)
    waiting.setSingleShot(True)
    waiting.timeout.connect(lambda: _finish(window, 1))
    waiting.start(round(LONGEST_WAIT * 1000))

    def save() -> None:
        _finish(window, 0 if window.grab().save(str(path)) else 1)

    def begin() -> None:
        window.body.video.painted.disconnect(begin)
        waiting.stop()
        QTimer.singleShot(round(after * 1000), save)

    window.body.video.painted.connect(begin)


def _finish(window: Window, code: int) -> None:
    window.close()
    QApplication.exit(code)
