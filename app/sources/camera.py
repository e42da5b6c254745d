"""A camera as a source, which may be unplugged and plugged in again while it is open."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from app.sources.capture import SYSTEM, Cameras, CameraTrouble
from app.sources.capture_thread import CaptureThread, Timeouts
from app.sources.devices import Device
from app.sources.source import Mode, SourceError
from app.types import Frame

WANTED = Mode(1280, 720, 30.0, "MJPG")  # MJPG: few cameras send 720p at 30/s without compression
MAX_STUCK = 3  # threads of a camera that never answer, after which it is not tried any more
START, BY_ITSELF = ", then press Start", ", and it goes on by itself"


class Camera:
    """The camera `device`, asked for the mode `wanted`; `mode` is what it granted. It is a `Source`.

    Frames are numbered from `open` to `close`, also over the time in which the camera was away. Their times
    are those of `app.system.clock`, which runs on meanwhile, also while the computer sleeps.
    """

    live = True
    frames = None
    path = None

    def __init__(
        self,
        device: Device,
        wanted: Mode = WANTED,
        cameras: Cameras = SYSTEM,
        timeouts: Timeouts | None = None,
    ) -> None:
        self.device, self.wanted = device, wanted
        self.mode = Mode(0, 0, 0.0, "")
        self.waiting = ""  # while pictures fail to come: why, and what to do
        self._cameras, self._timeouts = cameras, timeouts or Timeouts()
        self._reader: CaptureThread | None = None  # gives pictures
        self._opening: _OpenAttempts | None = None  # may do so soon
        self._stuck: list[CaptureThread] = []  # were stopped and may still hold the camera
        self._excluded: frozenset[str] = frozenset()  # identities of other cameras that may look the same
        self._is_open = False
        self._last_picture = self._retry_at = 0.0  # s on the clock of `time.perf_counter`
        self._next_number = 0  # of the next frame

    @property
    def name(self) -> str:
        """What the system calls it."""
        return self.device.name

    def open(self) -> None:
        """Begins to open it and returns at once; `read` shows whether it succeeds.

        Raises SourceError when the camera is not plugged in.
        """
        self.close()
        device = self._cameras.find(self.device)
        if device is None:
            raise SourceError(CameraTrouble(f"{self.name} is not there", "plug it in").sentence(START))
        self.device = device
        if device.identity:
            self._excluded = frozenset(d.identity for d in self._cameras.list()) - {device.identity}
        self._is_open, self._next_number = True, 0
        self._opening = self._attempts()

    def read(self) -> Frame | None:
        """The newest frame; None when there is none now, for which `waiting` gives a reason after a while.

        Waits for `Timeouts.read` at most. Raises SourceError when no first picture comes in some seconds.
        """
        if not self._is_open:
            raise SourceError(CameraTrouble(f"{self.name} is closed", "check its cable").sentence(START))
        if self._reader is None:
            self._look_for_pictures()
            return None
        ended = not self._reader.alive
        frame = self._reader.frames.take(self._timeouts.read)
        now = time.perf_counter()
        if frame is not None:
            self._last_picture, self.waiting = now, ""
            self._next_number = frame.index + 1
            return frame
        if ended or now - self._last_picture > self._timeouts.silence:
            self._lose(now)
        return None

    def close(self) -> None:
        """Releases the camera, and waits for that for `Timeouts.release` at most. Safe to call twice."""
        self._is_open, self.waiting = False, ""
        if self._opening is not None:
            self._opening.give_up()
        if self._reader is not None:
            self._reader.stop(wait=True)
        self._reader = self._opening = None

    def _attempts(self) -> _OpenAttempts:
        return _OpenAttempts(self.device, self.wanted, self._cameras, self._timeouts, self._next_number)

    def _take(self, reader: CaptureThread) -> None:
        assert reader.mode is not None  # it gave a picture
        self._reader, self._opening, self.mode = reader, None, reader.mode
        self._last_picture = time.perf_counter()

    def _lose(self, now: float) -> None:
        assert self._reader is not None
        self._reader.stop(wait=False)
        self._stuck.append(self._reader)
        self._reader, self._retry_at = None, now
        self._wait_because(CameraTrouble(f"{self.name} sends no pictures any more", "check its cable"))

    def _look_for_pictures(self) -> None:
        """One step towards pictures; it takes no longer than `Timeouts.read`."""
        if self._opening is not None:
            self._poll(self._opening)
            return
        if (now := time.perf_counter()) < self._retry_at:
            time.sleep(min(self._timeouts.read, self._retry_at - now))
            return
        self._retry_at = now + self._timeouts.retry
        self._stuck = [reader for reader in self._stuck if reader.alive]
        device = self._cameras.find(self.device, self._excluded)
        if device is None:
            self._wait_because(CameraTrouble(f"{self.name} was unplugged", "plug it in again"))
        elif len(self._stuck) >= MAX_STUCK:
            remedy = "unplug it, plug it in again"
            self._wait_because(CameraTrouble(f"{self.name} does not answer any more", remedy))
        else:
            self.device = device
            self._opening = self._attempts()

    def _poll(self, opening: _OpenAttempts) -> None:
        reader = opening.poll()
        if reader is not None:
            self._take(reader)
        elif opening.trouble is not None:
            if self._next_number == 0:  # it never gave a picture
                raise SourceError(opening.trouble.sentence(START))
            self._wait_because(opening.trouble)
            self._stuck += opening.stuck
            self._opening = None

    def _wait_because(self, trouble: CameraTrouble) -> None:
        self.waiting = trouble.sentence(BY_ITSELF)


def mode_text(mode: Mode) -> str:
    """A mode as the settings keep it: `1280x720@30 MJPG`."""
    return f"{mode.width}x{mode.height}@{mode.rate:g} {mode.format}".strip()


def read_mode(text: str) -> Mode:
    """The mode that `mode_text` wrote; WANTED where `text` is anything else."""
    parts = re.fullmatch(r"(\d{2,5})x(\d{2,5})@(\d+(?:\.\d+)?)(?: (\S{4}))?", text)
    if parts is None:
        return WANTED
    return Mode(int(parts[1]), int(parts[2]), float(parts[3]), parts[4] or "")


class _OpenAttempts:
    """Tries the backends of a camera one after the other, each for a limited time."""

    def __init__(
        self, device: Device, wanted: Mode, cameras: Cameras, timeouts: Timeouts, first: int
    ) -> None:
        """`first` is the number of the first frame."""
        self.trouble: CameraTrouble | None = None  # why every backend failed, once they have
        self.stuck: list[CaptureThread] = []  # backends that did not answer
        self._device, self._cameras, self._timeouts = device, cameras, timeouts
        self._readers: Iterator[CaptureThread] = (
            CaptureThread(backend, wanted, timeouts, first) for backend in cameras.backends(device)
        )
        self._reader: CaptureThread | None = None
        self._until = 0.0  # s, when the present backend has had its time
        self.trouble = self._next()

    def poll(self) -> CaptureThread | None:
        """A thread that gives pictures, as soon as there is one; waits for it for `Timeouts.read` at most."""
        reader = self._reader
        if reader is None:
            return None
        if reader.decided.wait(self._timeouts.read):
            if reader.mode is not None:
                self._reader = None
                return reader
            reader.stop(wait=True)  # it has released the camera, or is about to
        elif time.perf_counter() < self._until:
            return None
        else:
            reader.stop(wait=False)
            self.stuck.append(reader)
        self.trouble = self._next()
        return None

    def give_up(self) -> None:
        """Stop trying, and release the camera."""
        if self._reader is not None:
            self._reader.stop(wait=True)

    def _next(self) -> CameraTrouble | None:
        """Begins with the next backend; after the last one, says what the trouble was."""
        self._reader = next(self._readers, None)
        self._until = time.perf_counter() + self._timeouts.open
        if self._reader is not None:
            return None
        known = self._cameras.trouble(self._device)
        if known is not None:
            return known
        name = self._device.name
        if self.stuck:
            return CameraTrouble(f"{name} does not answer", "unplug it, plug it in again")
        return CameraTrouble(
            f"{name} sends no pictures",
            "close other programs that may use it, allow it in the system's privacy settings",
        )
