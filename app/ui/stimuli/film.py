"""A video read ahead on a thread of its own, so that each picture is there when its time comes."""

from __future__ import annotations

import logging
import queue
import threading
from pathlib import Path

from PySide6.QtGui import QImage

from app.sources.video import VideoFile
from app.ui.look.errors import error_sentence
from app.ui.stimuli.screen import to_qimage

AHEAD = 12  # pictures: half a second of most videos
SOON = 0.1  # s between two looks at whether it was closed
log = logging.getLogger(__name__)


class Film:
    """Gives the pictures of a file in their order, each with its time from the first one."""

    def __init__(self, path: Path) -> None:
        """Begins to read at once; what cannot be read is said by `problem`, and ends it."""
        self.problem = ""  # one sentence
        self.length = 0.0  # s, until the last picture has been shown as long as the others; known at the end
        self._ready: queue.Queue[tuple[float, QImage] | None] = queue.Queue(AHEAD)
        self._next: tuple[float, QImage] | None = None
        self._ended, self._stop = False, threading.Event()
        self._thread = threading.Thread(target=self._read, args=(path,), name="stimulus", daemon=True)
        self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether its next picture is there, or it has ended."""
        return self._look() is not None or self._ended

    @property
    def ended(self) -> bool:
        """Whether all pictures were taken."""
        return self._look() is None and self._ended

    def due(self, passed: float) -> QImage | None:
        """The newest picture whose time, in s from the first one, has come; None where none is new."""
        found = None
        while (ahead := self._look()) is not None and ahead[0] <= passed:
            found, self._next = ahead[1], None
        return found

    def close(self) -> None:
        """Ends it, and waits for its thread for a second at most."""
        self._stop.set()
        self._thread.join(1.0)

    def _look(self) -> tuple[float, QImage] | None:
        if self._next is None and not self._ended:
            try:
                self._next = self._ready.get_nowait()
                self._ended = self._next is None
            except queue.Empty:
                return None
        return self._next

    def _read(self, path: Path) -> None:
        video = VideoFile(path)
        last, step = 0.0, 0.0
        try:
            video.open()
            step = 1 / video.mode.rate if video.mode.rate else 0.0
            while not self._stop.is_set() and (frame := video.read()) is not None:
                last = frame.time - video.start
                self._put((last, to_qimage(frame.image)))
        except Exception as error:  # the boundary of the thread: whoever shows the film says it
            log.warning("A stimulus cannot be read.", exc_info=True)
            self.problem = error_sentence(error)
        finally:
            video.close()
            self.length = last + step
            self._put(None)

    def _put(self, item: tuple[float, QImage] | None) -> None:
        while not self._stop.is_set():
            try:
                self._ready.put(item, timeout=SOON)
                return
            except queue.Full:
                continue
