"""What each camera sees, for whoever chooses between them: all at once, or in turns where they cannot."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.sources.camera import START, Camera
from app.sources.capture import Cameras
from app.sources.devices import Device
from app.sources.reader import Patience
from app.sources.source import Mode, SourceError

TOGETHER = 4  # cameras that may be open at once; more take turns
LASTS = 1.5  # s that a turn gives pictures: by then the exposure has settled
AGAIN = 1.0  # s after a turn that gave none
PAUSE = 0.06  # s between two pictures of a camera: alive, and cheap to show
SMALL = Mode(640, 480, 30.0, "MJPG")
PATIENCE = Patience(opening=3.0, first=1.5)

Show = Callable[[Device, np.ndarray | None, str], None]  # a BGR picture, or a sentence why there is none


@dataclass(frozen=True, slots=True)
class CameraChoice:
    """A camera that can be chosen."""

    device: Device
    modes: tuple[Mode, ...]  # that it has; empty where the system does not tell


class Preview:
    """Finds the cameras and shows what each sees until `stop`; `used` is left alone. Used once.

    Cameras on one USB hub may not have room beside each other: then they take turns.
    """

    def __init__(
        self,
        cameras: Cameras,
        used: Device | None,
        found: Callable[[tuple[CameraChoice, ...]], None],
        show: Show,
    ) -> None:
        self._cameras, self._used, self._found, self._show = cameras, used, found, show
        self._stop, self._free = threading.Event(), threading.Event()
        self._free.set()

    def run(self) -> None:
        """Returns soon after `stop`, or when no camera gives pictures."""
        choices = tuple(CameraChoice(device, self._cameras.modes(device)) for device in self._cameras.list())
        self._found(choices)
        others = [choice.device for choice in choices if choice.device != self._used]
        while others and len(others) <= TOGETHER:
            failed = self._watch(others)
            if failed is None:
                return
            if len(others) > 1 and self._watch([failed], LASTS) is None:  # alone it works
                break
            others.remove(failed)
        while others and not self._stop.is_set():
            for device in others:
                if self._watch([device], LASTS) is not None:
                    self._stop.wait(AGAIN)

    def stop(self, timeout: float = 0.0) -> bool:
        """Waits at most `timeout` s until no camera is held; True when it is so."""
        self._stop.set()
        return self._free.wait(timeout)

    def _watch(self, devices: list[Device], seconds: float = math.inf) -> Device | None:
        """Shows `devices` for so long from the first picture on; answers which one gives none, if any."""
        watched = {Camera(device, SMALL, self._cameras, PATIENCE): device for device in devices}
        end, asked = math.inf, next(iter(watched))
        self._free.clear()
        try:
            if self._stop.is_set():  # asked only now: whoever stops it waits from here on
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
