"""Where cameras come from: the system's, through OpenCV; tests put others in their place."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import cv2
import numpy as np

from app.sources import devices, named, v4l2
from app.sources.devices import Device
from app.sources.source import Mode

APIS = {"linux": (cv2.CAP_V4L2,), "win32": (cv2.CAP_MSMF, cv2.CAP_DSHOW), "darwin": (cv2.CAP_AVFOUNDATION,)}


class Capture(Protocol):
    """The part of cv2.VideoCapture that is used. Any call may raise cv2.error, or never return."""

    def isOpened(self) -> bool: ...  # noqa: N802
    def set(self, property: int, value: float) -> bool: ...
    def get(self, property: int) -> float: ...
    def grab(self) -> bool: ...
    def retrieve(self) -> tuple[bool, np.ndarray | None]: ...
    def release(self) -> None: ...


@dataclass(frozen=True, slots=True)
class CameraTrouble:
    """Why a camera gives no pictures: "Desk does not answer", and what helps: "unplug it"."""

    problem: str
    remedy: str

    def then(self, end: str) -> str:
        return f"{self.problem}: {self.remedy}{end}."


@dataclass(frozen=True, slots=True)
class Backend:
    """One of the ways to open a camera; the next one is tried where it gives no pictures."""

    open: Callable[[], Capture]
    ask: bool = True  # for a mode; otherwise the camera sends what it likes


class Cameras(Protocol):
    def list(self) -> tuple[Device, ...]:
        """What is plugged in; none of them is started, except where there is no other way to know."""

    def find(self, device: Device, others: frozenset[str] = frozenset()) -> Device | None:
        """`device` under the number that it has now; None when it is not there. Quick."""

    def modes(self, device: Device) -> tuple[Mode, ...]:
        """The sizes and rates that it has; empty where the system does not tell."""

    def ways(self, device: Device) -> tuple[Backend, ...]:
        """How it can be opened, the best first."""

    def trouble(self, device: Device) -> CameraTrouble | None:
        """Why it cannot be used now, when that is known."""


class SystemCameras:
    """The cameras of this computer."""

    def list(self) -> tuple[Device, ...]:
        if sys.platform == "linux":
            return devices.on_linux()
        known = named.cameras(_apis())
        return _tried() if known is None else tuple(camera.device for camera in known)

    def find(self, device: Device, others: frozenset[str] = frozenset()) -> Device | None:
        if sys.platform != "linux":
            known = named.cameras(_apis())
            if known is None or not device.identity:
                return device  # only opening it tells
            return devices.find(device.identity, (camera.device for camera in known), others)
        if device.identity:
            return devices.find(device.identity, devices.on_linux(), others)
        return device if devices.device_file(device.index).exists() else None

    def modes(self, device: Device) -> tuple[Mode, ...]:
        return v4l2.modes(devices.device_file(device.index)) if sys.platform == "linux" else ()

    def ways(self, device: Device) -> tuple[Backend, ...]:
        places = _places(device)
        asking = [Backend(partial(cv2.VideoCapture, index, api)) for api, index in places]
        return (*asking, *(Backend(partial(cv2.VideoCapture, i, api), ask=False) for api, i in places[:1]))

    def trouble(self, device: Device) -> CameraTrouble | None:
        if sys.platform != "linux":
            return None
        if not devices.may_be_used(device.index):
            return CameraTrouble(
                f"{device.name} may not be used by this account",
                "add it to the group 'video' (sudo usermod -aG video $USER), log in again",
            )
        program = devices.holder(device.index)
        return CameraTrouble(f"{device.name} is used by {program}", "close it there") if program else None


SYSTEM = SystemCameras()


def numbered(index: int) -> Device:
    """The camera that now has this number, whether it is there or not."""
    if sys.platform != "linux":
        known = (camera.device for camera in named.cameras(_apis()) or ())
        return next((device for device in known if device.index == index), Device(index, f"Camera {index}"))
    there = devices.device_file(index).exists()
    return Device(index, devices.name(index) or f"Camera {index}", devices.identity(index) if there else "")


def _apis() -> tuple[int, ...]:
    return APIS.get(sys.platform, (cv2.CAP_ANY,))


def _places(device: Device) -> tuple[tuple[int, int], ...]:
    """API and index by which OpenCV opens it: each API may count the cameras in an order of its own."""
    known = named.cameras(_apis()) if sys.platform != "linux" and device.identity else None
    if known is None:
        return tuple((api, device.index) for api in _apis())
    return next((camera.places for camera in known if camera.device.identity == device.identity), ())


def _tried() -> tuple[Device, ...]:
    """The first cameras that can be opened; OpenCV tells neither names nor identities."""
    found: list[Device] = []
    while len(found) < 8:
        capture = cv2.VideoCapture(len(found), _apis()[0])
        present = capture.isOpened()
        capture.release()
        if not present:
            break
        found.append(Device(len(found), f"Camera {len(found)}"))
    return tuple(found)
