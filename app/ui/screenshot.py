"""A picture of the window by the window itself: for the README, and to try a packaged program."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.ui.window import Window

LONGEST_WAIT = 60.0  # s for the first frame


def schedule(window: Window, path: Path, after: float) -> None:
    """Saves `window` as `path` when `after` s have passed since its first frame, then closes it.

    The application's exit code is 0; or 1, with a line on stderr, where no frame came or the file could not
    be written.
    """

    def give_up(why: str) -> None:
        print(why, file=sys.stderr)
        _finish(window, 1)

    QApplication.setQuitOnLastWindowClosed(False)  # else closing it decides on the exit code
    waiting = QTimer(window)
    waiting.setSingleShot(True)
    waiting.timeout.connect(lambda: give_up(f"No picture came within {LONGEST_WAIT:.0f} s."))
    waiting.start(round(LONGEST_WAIT * 1000))
    window.player.failed.connect(give_up)

    def save() -> None:
        if window.grab().save(str(path)):
            _finish(window, 0)
        else:
            give_up(f"{path} cannot be written: choose another folder, and a name that ends in .png.")

    def begin() -> None:
        window.body.video.painted.disconnect(begin)
        waiting.stop()
        QTimer.singleShot(round(after * 1000), save)

    window.body.video.painted.connect(begin)


def _finish(window: Window, code: int) -> None:
    window.close()
    QApplication.exit(code)
