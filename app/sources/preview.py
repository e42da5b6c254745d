"""A short look at each camera, one after the other, for whoever chooses between them."""

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

LASTS = 1.5  # s of pictures from each of several cameras: by then its exposure has settled
SMALL = Mode(640, 480, 30.0, "MJPG")
PATIENCE = Patience(opening=3.0, first=1.5)

Show = Callable[[Device, np.ndarray | None, str], None]  # a BGR picture, or a sentence why there is none


@dataclass(frozen=True, slots=True)
class Choice:
    """A camera that can be chosen."""

    device: Device
    modes: tuple[Mode, ...]  # that it has; empty where the system does not tell


class Look:
    """Finds the cameras, then opens each in turn and closes it again; `used` is left alone. Used once.

    A camera that is the only one to look at stays open until `stop`.
    """

    def __init__(
        self, cameras: Cameras, used: Device | None, found: Callable[[tuple[Choice, ...]], None], show: Show
    ) -> None:
        self._cameras, self._used, self._found, self._show = cameras, used, found, show
        self._stop, self._free = threading.Event(), threading.Event()
        self._free.set()

    def run(self) -> None:
        """Returns when several were looked at, or soon after `stop`."""
        choices = tuple(Choice(device, self._cameras.modes(device)) for device in self._cameras.list())
        self._found(choices)
        others = [choice.device for choice in choices if choice.device != self._used]
        for device in others:
            self._look(device, LASTS if len(others) > 1 else math.inf)

    def stop(self, timeout: float = 0.0) -> bool:
        """Waits at most `timeout` s until no camera is held; True when it is so."""
        self._stop.set()
        return self._free.wait(timeout)

    def _look(self, device: Device, seconds: float) -> None:
        camera = Camera(device, SMALL, self._cameras, PATIENCE)
        self._free.clear()
        try:
            if self._stop.is_set():  # asked only now: whoever stops it waits from here on
                return
            camera.open()
            end = time.perf_counter() + seconds
            while time.perf_counter() < end and not self._stop.is_set():
                frame = camera.read()
                if frame is not None:
                    self._show(device, frame.image, "")
        except SourceError as error:
            self._show(device, None, str(error).replace(START, ""))
        finally:
            camera.close()
            self._free.set()
