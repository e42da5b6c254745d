"""What each camera sees, for the user who chooses one: all at once, or in turns where that is impossible."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.sources.camera import START, Camera
from app.sources.capture import Cameras
from app.sources.capture_thread import Timeouts
from app.sources.devices import Device
from app.sources.source import Mode, SourceError
from app.types import Image

MAX_OPEN = 4  # cameras at once; more of them take turns
TURN = 1.5  # s of pictures in a turn: by then the exposure has settled
RETRY = 1.0  # s after a turn without a picture
PAUSE = 0.06  # s between two pictures of a camera: alive, and cheap to show
SMALL = Mode(640, 480, 30.0, "MJPG")
TIMEOUTS = Timeouts(open=3.0, first_picture=1.5)

Show = Callable[[Device, Image | None, str], None]  # a BGR picture, or a sentence why there is none


@dataclass(frozen=True, slots=True)
class CameraChoice:
    """A camera that can be chosen."""

    device: Device
    modes: tuple[Mode, ...]  # that it can send; () where the system does not say


class Preview:
    """Finds the cameras and shows what each sees, until `stop`. Make a new one for each time.

    Cameras on one USB hub may be too much for it at once: then they take turns.
    """

    def __init__(
        self,
        cameras: Cameras,
        used: Device | None,
        found: Callable[[tuple[CameraChoice, ...]], None],
        show: Show,
    ) -> None:
        """`used` is left alone: it plays already. `found` and `show` are called on the thread of `run`."""
        self._cameras, self._used, self._found, self._show = cameras, used, found, show
        self._stop, self._free = threading.Event(), threading.Event()
        self._free.set()

    def run(self) -> None:
        """Finds the cameras and shows them; returns soon after `stop`, or when none gives pictures."""
        choices = tuple(CameraChoice(device, self._cameras.modes(device)) for device in self._cameras.list())
        self._found(choices)
        shown = [choice.device for choice in choices if choice.device != self._used]
        while shown and len(shown) <= MAX_OPEN:
            failed = self._watch(shown)
            if failed is None:
                return
            if len(shown) > 1 and self._watch([failed], TURN) is None:  # alone it works
                break
            shown.remove(failed)
        while shown and not self._stop.is_set():
            for device in shown:
                if self._watch([device], TURN) is not None:
                    self._stop.wait(RETRY)

    def stop(self, timeout: float = 0.0) -> bool:
        """Ends `run`, and waits for at most `timeout` s until no camera is held; True when none is."""
        self._stop.set()
        return self._free.wait(timeout)

    def _watch(self, devices: list[Device], seconds: float = math.inf) -> Device | None:
        """Shows `devices` for so long from the first picture on; answers which one gives none, if any."""
        watched = {Camera(device, SMALL, self._cameras, TIMEOUTS): device for device in devices}
        end, asked = math.inf, next(iter(watched))
        self._free.clear()
        try:
            if self._stop.is_set():  # checked only now: from here on `stop` waits for the cameras
                return None
            for asked in watched:
                asked.open()
            while time.perf_counter() < end and not self._stop.wait(PAUSE):
                for asked, device in watched.items():
                    if (frame := asked.read()) is not None:
                        self._show(device, frame.image, "")
                        end = min(end, time.perf_counter() + seconds)
            return None
        except SourceError as error:
            self._show(watched[asked], None, str(error).replace(START, ""))
            return watched[asked]
        finally:
            for camera in watched:
                camera.close()
            self._free.set()
