"""Where the size of a video's pictures changes: OpenCV stretches each to the size of the first, silently."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import cv2

from app.sources.coded_size import CodedSize, coded_size, format_of, heading
from app.sources.open_video import PACKETS, open_video

REORDERED = 64  # pictures by which the order of decoding may differ from that of showing
KEPT = 512  # times of pictures that were not shown yet
FAILURES = 50  # reads in a row that may fail before a file counts as ended
PATIENCE = 2.0  # s that a jump may look for changes on its way


@dataclass(slots=True)
class _Part:
    """Pictures of one size, in the order of decoding."""

    size: CodedSize
    waiting: dict[int, None] = field(default_factory=dict)  # us, times of those that were not shown yet


class SizeChanges:
    """Reads the compressed pictures of a file beside whoever decodes them, and says how large each one is."""

    def __init__(self, path: Path, format: str, first: CodedSize) -> None:
        """Of the video at `path`, whose four letters are `format` and whose first picture is `first`."""
        self._path, self._format, self._first = path, format_of(format), first
        self._here = _Part(first)
        self._later: list[_Part] = []
        self._packets: cv2.VideoCapture | None = None
        self._heading: bytes | None = (
            None  # of the newest key picture; b"" where it is in the container's head
        )
        self._newest = -1  # us
        self._shown: int | None = (
            None  # us, time of the first picture, which was shown before its packet is read
        )
        self._changed = self._jumped = False
        self._ended = not self._format

    def of(self, stamp: float) -> CodedSize:
        """The size of the picture just decoded, which is shown at `stamp` s; each is asked for in its turn.

        The first one has the first size: nothing is opened for it.
        """
        key = round(stamp * 1e6)
        if self._packets is None and self._shown is None:
            self._shown = key
            return self._first
        for _ in range(REORDERED):
            if self._is_known(key) or not self._read_on():
                break
        if key not in self._here.waiting:
            while self._later and self._belongs_later(key):
                self._here = self._later.pop(0)
        self._here.waiting.pop(key, None)
        return self._here.size

    def before(self, stamp: float) -> bool:
        """Whether the size has changed before `stamp` s, as far as can be found out soon."""
        key, begun, self._jumped = round(stamp * 1e6), time.monotonic(), True
        while not self._changed and self._newest < key and time.monotonic() - begun < PATIENCE:
            if not self._read_on():
                break
        return self._changed

    def close(self) -> None:
        """Lets the file go. Safe to call twice."""
        if self._packets is not None:
            self._packets.release()
        self._packets, self._ended = None, True

    def _is_known(self, key: int) -> bool:
        if self._jumped and key <= self._newest:
            return True
        return key in self._here.waiting or any(key in part.waiting for part in self._later)

    def _belongs_later(self, key: int) -> bool:
        if self._jumped:
            return key >= min(self._later[0].waiting, default=key)
        return any(key in part.waiting for part in self._later)

    def _read_on(self) -> bool:
        """Takes in the next compressed picture; False at the end."""
        if self._ended:
            return False
        if self._packets is None:
            self._packets = open_video(self._path, *PACKETS)
        for _ in range(FAILURES):
            good, data = self._packets.read()
            if good and data is not None:
                self._take(data.tobytes())
                return True
        self._ended = True
        return False

    def _take(self, picture: bytes) -> None:
        assert self._packets is not None
        if self._packets.get(cv2.CAP_PROP_LRF_HAS_KEY_FRAME):
            self._look_at(picture)
        part = self._later[-1] if self._later else self._here
        self._newest = round(self._packets.get(cv2.CAP_PROP_POS_MSEC) * 1000)
        if self._newest == self._shown and part is self._here:
            self._shown = -1
        else:
            part.waiting[self._newest] = None
        if len(part.waiting) > KEPT:
            del part.waiting[next(iter(part.waiting))]

    def _look_at(self, picture: bytes) -> None:
        """Begins another part where a key picture has another size than those before."""
        named, known = heading(picture, self._format), self._heading
        if known is None or named:
            self._heading = named
        if known is None or not named or named == known:
            return
        newest = (self._later[-1] if self._later else self._here).size
        size = coded_size(picture, self._format, self._first.aspect)
        if size is not None and size != newest:
            self._later.append(_Part(size))
            self._changed = True
