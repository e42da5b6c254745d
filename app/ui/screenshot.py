"""The window saves a picture of itself and says how soon it came: to try a package."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psutil
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.types import Result
from app.ui.window import USUAL_SIZE, Window

LONGEST_WAIT = 60.0  # s for the first frame


def schedule(window: Window, path: Path, after: float) -> None:
    """Saves `window` as `path` when `after` s have passed since its first frame, then closes it.

    Prints how soon after the start of the program the window and the first value were on the screen. The
    application's exit code is 0; or 1, with a line on stderr, where no frame came or the file could not be
    written.
    """
    window.resize(*USUAL_SIZE)  # the picture's, whatever the screen
    Stopwatch(window)

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
        window.panels.painted.disconnect(begin)
        waiting.stop()
        QTimer.singleShot(round(after * 1000), save)

    window.panels.painted.connect(begin)


class Stopwatch(QObject):
    """Prints when the window is painted first, and when a face's values are."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._started = psutil.Process().create_time()  # s since 1970
        window.installEventFilter(self)
        window.panels.painted.connect(self._painted)
        self._window = window

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Says when the window is painted first."""
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            self._say("window")
        return False

    def _painted(self, result: Result) -> None:
        if result.faces:
            self._window.panels.painted.disconnect(self._painted)
            self._say("first value")

    def _say(self, what: str) -> None:
        print(f"{what} on the screen {time.time() - self._started:.2f} s after the start", flush=True)


def _finish(window: Window, code: int) -> None:
    window.close()
    QApplication.exit(code)
