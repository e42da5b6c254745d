"""A camera as a source, which may be unplugged and plugged in again while it is open."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace

from app.sources.capture import SYSTEM, Cameras, CameraTrouble
from app.sources.devices import Device
from app.sources.reader import Patience, Reader
from app.sources.source import Mode, SourceError
from app.types import Frame

WANTED = Mode(1280, 720, 30.0, "MJPG")  # MJPG: few cameras send 720p at 30/s without compression
LEFT_BEHIND = 3  # threads that a camera may keep for ever before it is not tried any more
START, BY_ITSELF = ", then press Start", ", and it goes on by itself"


class Camera:
    """`device`, asked for the mode `wanted`; `mode` is what it granted.

    Frames are numbered through from `open` to `close`, and their clock runs on, also over the time in which
    the camera was away.
    """

    live = True
    frames = None

    def __init__(
        self,
        device: Device,
        wanted: Mode = WANTED,
        cameras: Cameras = SYSTEM,
        patience: Patience | None = None,
    ) -> None:
        self.device, self.wanted = device, wanted
        self.mode = Mode(0, 0, 0.0, "")
        self.waiting = ""  # while pictures fail to come: why, and what to do
        self._cameras, self._patience = cameras, patience or Patience()
        self._reader: Reader | None = None  # gives pictures
        self._opening: _Opening | None = None  # may do so soon
        self._left: list[Reader] = []  # gave pictures once and may still be stuck
        self._others: frozenset[str] = frozenset()  # identities of the cameras that this one is not
        self._is_open = False
        self._heard = self._again = 0.0  # s, when the last picture came; when to look for it again
        self._first = self._next = 0  # number of the reader's first frame, and of the next one

    @property
    def name(self) -> str:
        return self.device.name

    def open(self) -> None:
        """Begins to open it and returns at once; `read` tells whether it succeeds. Raises SourceError."""
        self.close()
        device = self._cameras.find(self.device)
        if device is None:
            raise SourceError(CameraTrouble(f"{self.name} is not there", "plug it in").then(START))
        self.device = device
        if device.identity:
            self._others = frozenset(d.identity for d in self._cameras.list()) - {device.identity}
        self._is_open, self._first, self._next = True, 0, 0
        self._opening = _Opening(device, self.wanted, self._cameras, self._patience)

    def read(self) -> Frame | None:
        """The newest frame; None when there is none now, for which `waiting` gives a reason after a while.

        Raises SourceError where no first picture comes, after some seconds at most.
        """
        if not self._is_open:
            raise SourceError(CameraTrouble(f"{self.name} is closed", "check its cable").then(START))
        if self._reader is None:
            self._approach()
            return None
        ended = not self._reader.alive
        frame = self._reader.frames.take(self._patience.pause)
        now = time.perf_counter()
        if frame is not None:
            self._heard, self.waiting = now, ""
            self._next = self._first + frame.index + 1
            return replace(frame, index=self._next - 1)
        if ended or now - self._heard > self._patience.silence:
            self._lose(now)
        return None

    def close(self) -> None:
        self._is_open, self.waiting = False, ""
        if self._opening is not None:
            self._opening.give_up()
        if self._reader is not None:
            self._reader.stop(wait=True)
        self._reader = self._opening = None

    def _take(self, reader: Reader) -> None:
        assert reader.mode is not None  # it gave a picture
        self._reader, self._opening, self.mode = reader, None, reader.mode
        self._first, self._heard = self._next, time.perf_counter()

    def _lose(self, now: float) -> None:
        assert self._reader is not None
        self._reader.stop(wait=False)
        self._left.append(self._reader)
        self._reader, self._again = None, now
        self._say(CameraTrouble(f"{self.name} sends no pictures any more", "check its cable"))

    def _approach(self) -> None:
        """One step towards pictures, never longer than a pause."""
        if self._opening is not None:
            reader = self._opening.poll()
            if reader is not None:
                self._take(reader)
            elif self._opening.trouble is not None:
                if self._next == 0:  # it never gave a picture
                    raise SourceError(self._opening.trouble.then(START))
                self._say(self._opening.trouble)
                self._left += self._opening.left
                self._opening = None
            return
        if (now := time.perf_counter()) < self._again:
            time.sleep(min(self._patience.pause, self._again - now))
            return
        self._again = now + self._patience.again
        self._left = [reader for reader in self._left if reader.alive]
        device = self._cameras.find(self.device, self._others)
        if device is None:
            self._say(CameraTrouble(f"{self.name} was unplugged", "plug it in again"))
        elif len(self._left) >= LEFT_BEHIND:
            self._say(CameraTrouble(f"{self.name} does not answer any more", "unplug it, plug it in again"))
        else:
            self.device = device
            self._opening = _Opening(device, self.wanted, self._cameras, self._patience)

    def _say(self, trouble: CameraTrouble) -> None:
        self.waiting = trouble.then(BY_ITSELF)


def spelled(mode: Mode) -> str:
    """A mode as settings keep it: `1280x720@30 MJPG`."""
    return f"{mode.width}x{mode.height}@{mode.rate:g} {mode.format}".strip()


def read_mode(text: str) -> Mode:
    """What `spelled` wrote; WANTED where it is anything else."""
    parts = re.fullmatch(r"(\d{2,5})x(\d{2,5})@(\d+(?:\.\d+)?)(?: (\S{4}))?", text)
    if parts is None:
        return WANTED
    return Mode(int(parts[1]), int(parts[2]), float(parts[3]), parts[4] or "")


class _Opening:
    """Tries the ways to open a camera one after the other, each for a limited time."""

    def __init__(self, device: Device, wanted: Mode, cameras: Cameras, patience: Patience) -> None:
        self.trouble: CameraTrouble | None = None  # why every way failed, once it is so
        self.left: list[Reader] = []  # ways that did not answer
        self._device, self._cameras, self._patience = device, cameras, patience
        self._readers: Iterator[Reader] = (Reader(way, wanted, patience) for way in cameras.ways(device))
        self._reader: Reader | None = None
        self._until = 0.0  # s, when the present way has had its time
        self.trouble = self._next()

    def poll(self) -> Reader | None:
        """A reader that gives pictures, as soon as there is one; waits for it no longer than a pause."""
        reader = self._reader
        if reader is None:
            return None
        if reader.decided.wait(self._patience.pause):
            if reader.mode is not None:
                self._reader = None
                return reader
            reader.stop(wait=True)  # it has released the camera, or is about to
        elif time.perf_counter() < self._until:
            return None
        else:
            reader.stop(wait=False)
            self.left.append(reader)
        self.trouble = self._next()
        return None

    def give_up(self) -> None:
        if self._reader is not None:
            self._reader.stop(wait=True)

    def _next(self) -> CameraTrouble | None:
        """Begins the next way; after the last one, what the trouble was."""
        self._reader = next(self._readers, None)
        self._until = time.perf_counter() + self._patience.opening
        if self._reader is not None:
            return None
        known = self._cameras.trouble(self._device)
        if known is not None:
            return known
        name = self._device.name
        if self.left:
            return CameraTrouble(f"{name} does not answer", "unplug it, plug it in again")
        return CameraTrouble(
            f"{name} sends no pictures",
            "close other programs that may use it, allow it in the system's privacy settings",
        )
