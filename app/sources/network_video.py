"""A video that comes from an address: a stream, or a file of a server."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import cv2

from app.sources.address import Address
from app.sources.connect import READ_TIMEOUT, UnreadableError
from app.sources.container import Container
from app.sources.decoder import Decoded
from app.sources.kinds import HEAD
from app.sources.source import Mode, SourceError
from app.system import clock
from app.types import Frame

if TYPE_CHECKING:
    from app.sources.download import Download

WAITING = 4  # pictures that are read ahead
DELETING = 2.0  # s that a download may take to be deleted
LOOK_EVERY = 0.1  # s between two looks whether the reading is to be ended
Item = tuple[int, Decoded, float] | SourceError | None  # number, picture, s on the clock; None at the end


class NetworkVideo:
    """The video at an address as a `Source`. A thread of its own reads, since a network may be silent."""

    path = None
    waiting = ""
    note = ""

    def __init__(
        self, address: Address, interrupted: Callable[[], bool] | None = None,
        say: Callable[[str], None] = lambda sentence: None,
    ) -> None:  # fmt: skip
        """`interrupted` is asked while nothing comes; `open` and `read` then raise KeyboardInterrupt.

        `say` gets a sentence where all of a file has to be downloaded before the first picture.
        Without it, as in the window, `read` gives None while nothing comes from a live stream, and pictures
        of it that were not taken in time are dropped.
        """
        self.address, self.name = address, address.name
        self.live = address.streams  # known for sure once it is open
        self.mode = Mode(0, 0, 0.0, "")
        self.frames: int | None = None
        self._interrupted, self._say = interrupted, say
        self._items: queue.Queue[Item] = queue.Queue(WAITING)
        self._closed = threading.Event()
        self._by_arrival = False
        self._begun: float | None = None  # s on the clock, when the first picture came
        self._last: Frame | None = None
        self._deleting: threading.Thread | None = None  # that deletes a download when it ends

    def open(self) -> None:
        """Connects, and begins to read. Raises SourceError, at the latest after a few seconds.

        It takes longer where all of a file is downloaded first.
        """
        self.close()
        if self.address.stored:
            raise SourceError(
                f"{self.address} is not played: mien analyze fetches it, or copy it to this computer."
            )
        self._closed = threading.Event()
        video, kept = self._video()
        self.mode, self.frames = video.mode, video.frames
        # Such a stream has no times: FFmpeg makes some up.
        self._by_arrival = self.frames is None and video.mode.format.upper() == "MJPG"
        self.live = self.address.streams or self._by_arrival
        self._items = queue.Queue(WAITING)
        self._begun = self._last = None
        work = (video, kept, self._items, self._closed)
        thread = threading.Thread(target=self._read_all, args=work, name="network", daemon=True)
        thread.start()
        self._deleting = thread if kept is not None else None

    def read(self) -> Frame | None:
        """The next frame; None at the end of a file.

        Raises SourceError where a stream ends or stops.
        """
        while not self._closed.is_set():
            try:
                item = self._items.get(timeout=LOOK_EVERY)
            except queue.Empty:
                if self._interrupted is None and self.live:
                    return None
                if self._interrupted is not None and self._interrupted():
                    raise KeyboardInterrupt from None
                continue
            if isinstance(item, SourceError):
                self._closed.set()
                raise item
            if item is None:
                self._closed.set()
                return None
            return self._frame(*item)
        return None

    def close(self) -> None:
        """Lets the connection go, as soon as the network answers; what was downloaded is deleted.

        Safe to call twice.
        """
        self._closed.set()
        if self._deleting is not None:
            self._deleting.join(DELETING)  # it reads a file of this computer

    def _video(self) -> tuple[Container, Download | None]:
        """The open video, and the temporary file that it is in where it cannot be read as it arrives."""
        try:
            return Container(self.address, b""), None
        except UnreadableError:
            from app.sources.download import download  # rarely asked for, and slow to load

            kept = download(self.address, self._say, self._ended)
            if kept is None:
                if self._interrupted is not None and self._interrupted():
                    raise KeyboardInterrupt from None
                raise
        try:
            with kept.path.open("rb") as file:
                return Container(kept.path, file.read(HEAD), self.name), kept
        except BaseException:
            kept.close()
            raise

    def _ended(self) -> bool:
        return self._closed.is_set() or (self._interrupted is not None and self._interrupted())

    def _frame(self, number: int, decoded: Decoded, came: float) -> Frame:
        if self._begun is None:
            self._begun = came
        at, before = came - self._begun if self._by_arrival else max(decoded.time, 0.0), self._last
        if before is not None and at <= before.time:
            at = before.time + 1e-3 if self.live else before.time + 1 / self.mode.rate
        self._last = Frame(number, at, decoded.image, came, size_note=decoded.size_note)
        return self._last

    def _read_all(
        self, video: Container, kept: Download | None, items: queue.Queue[Item], closed: threading.Event
    ) -> None:
        """Runs on the thread of its own, which alone uses `video`."""
        number, begun = 0, time.monotonic()
        while not closed.is_set():
            try:
                decoded = video.read()
            except cv2.error:
                broken = SourceError(f"{self.address} sent what cannot be read; what came before was used.")
                self._put(broken, items, closed)
                break
            waited, begun = time.monotonic() - begun, time.monotonic()
            if decoded is None:
                self._put(self._end(waited), items, closed)
                break
            if self._interrupted is None and self.live and items.full():
                with contextlib.suppress(queue.Empty):
                    items.get_nowait()
            self._put((number, decoded, clock.now()), items, closed)
            number, begun = number + 1, time.monotonic()
        video.close()
        if kept is not None:
            kept.close()

    def _end(self, waited: float) -> SourceError | None:
        if waited >= READ_TIMEOUT:
            return SourceError(
                f"{self.address} stopped: nothing came for {READ_TIMEOUT:g} s; what came before was used."
            )
        if self.live:
            return SourceError(f"{self.address} has ended; what came before was used.")
        return None

    @staticmethod
    def _put(item: Item, items: queue.Queue[Item], closed: threading.Event) -> None:
        while not closed.is_set():
            try:
                return items.put(item, timeout=LOOK_EVERY)
            except queue.Full:
                continue
