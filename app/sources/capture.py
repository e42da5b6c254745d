"""The cameras of this computer, through OpenCV: listed, found again, and opened. Tests use others."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol, cast

import cv2

from app.sources import camera_names, devices, v4l2
from app.sources.devices import Device
from app.sources.source import Mode
from app.types import Image

APIS = {"linux": (cv2.CAP_V4L2,), "win32": (cv2.CAP_MSMF, cv2.CAP_DSHOW), "darwin": (cv2.CAP_AVFOUNDATION,)}


class Capture(Protocol):
    """The part of cv2.VideoCapture that is used. Any call may raise cv2.error, or never return."""

    def isOpened(self) -> bool:  # noqa: N802
        """Whether the camera answered."""

    def set(self, property: int, value: float) -> bool:
        """Ask for a `value` of a cv2.CAP_PROP_..., which the camera need not grant."""

    def get(self, property: int) -> float:
        """The value of a cv2.CAP_PROP_...; 0 where the camera does not say."""

    def grab(self) -> bool:
        """Wait for the next picture; False when none came."""

    def retrieve(self) -> tuple[bool, Image | None]:
        """Decode the picture that was grabbed: whether that went well, and (height, width[, 3]) uint8."""

    def release(self) -> None:
        """Let the camera go."""


@dataclass(frozen=True, slots=True)
class CameraTrouble:
    """Why a camera gives no pictures, and what the user can do about it."""

    problem: str  # "Desk does not answer"
    remedy: str  # "unplug it"

    def sentence(self, end: str) -> str:
        """Problem and remedy as a sentence for the user; `end` says what follows: ", then press Start"."""
        return f"{self.problem}: {self.remedy}{end}."


@dataclass(frozen=True, slots=True)
class Backend:
    """One of the ways to open a camera; where it gives no pictures, the next one is tried."""

    open: Callable[[], Capture]
    ask_mode: bool = True  # whether to ask for a mode; otherwise the camera sends what it likes


class Cameras(Protocol):
    """What the program asks of the cameras of a computer. Each call may take seconds unless it says quick."""

    def list(self) -> tuple[Device, ...]:
        """The cameras that are plugged in. None is started, except where that is the only way to know."""

    def find(self, device: Device, excluded: frozenset[str] = frozenset()) -> Device | None:
        """`device` under the number that it has now; None when it is not there. Quick.

        `excluded` are identities of other cameras, however alike they look.
        """

    def modes(self, device: Device) -> tuple[Mode, ...]:
        """The sizes and rates that `device` can send; () where the system does not say."""

    def backends(self, device: Device) -> tuple[Backend, ...]:
        """The ways to open `device`, the best first; () when it is not there."""

    def trouble(self, device: Device) -> CameraTrouble | None:
        """Why `device` cannot be used now; None where no reason is known."""


class SystemCameras:
    """The cameras of this computer; see `Cameras` for what each method gives."""

    def list(self) -> tuple[Device, ...]:
        """All that are plugged in."""
        if sys.platform == "linux":
            return devices.on_linux()
        known = camera_names.cameras(_apis())
        return _tried() if known is None else tuple(camera.device for camera in known)

    def find(self, device: Device, excluded: frozenset[str] = frozenset()) -> Device | None:
        """`device` as it is numbered now, or None."""
        if sys.platform != "linux":
            known = camera_names.cameras(_apis())
            if known is None or not device.identity:
                return device  # only opening it shows whether it is there
            return devices.find(device.identity, (camera.device for camera in known), excluded)
        if device.identity:
            return devices.find(device.identity, devices.on_linux(), excluded)
        return device if devices.device_file(device.index).exists() else None

    def modes(self, device: Device) -> tuple[Mode, ...]:
        """Its sizes and rates, which only Linux knows."""
        return v4l2.modes(devices.device_file(device.index)) if sys.platform == "linux" else ()

    def backends(self, device: Device) -> tuple[Backend, ...]:
        """OpenCV's APIs for this system, each asked for the mode; at last the first without asking."""
        places = _places(device)
        captures = [partial(_capture, index, api) for api, index in places]
        asking = tuple(Backend(capture) for capture in captures)
        return asking + tuple(Backend(capture, ask_mode=False) for capture in captures[:1])

    def trouble(self, device: Device) -> CameraTrouble | None:
        """On Linux: missing permission, or the program that uses it."""
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
    """The camera that has the number `index` now, whether it is plugged in or not."""
    if sys.platform != "linux":
        known = (camera.device for camera in camera_names.cameras(_apis()) or ())
        return next((device for device in known if device.index == index), Device(index, f"Camera {index}"))
    there = devices.device_file(index).exists()
    return Device(index, devices.name(index) or f"Camera {index}", devices.identity(index) if there else "")


def _capture(index: int, api: int) -> Capture:
    return cast(Capture, cv2.VideoCapture(index, api))  # its types are wider than what it gives


def _apis() -> tuple[int, ...]:
    return APIS.get(sys.platform, (cv2.CAP_ANY,))


def _places(device: Device) -> tuple[tuple[int, int], ...]:
    """API and index by which OpenCV opens it: each API may count the cameras in an order of its own."""
    known = camera_names.cameras(_apis()) if sys.platform != "linux" and device.identity else None
    if known is None:
        return tuple((api, device.index) for api in _apis())
    return next((camera.places for camera in known if camera.device.identity == device.identity), ())


def _tried() -> tuple[Device, ...]:
    """The first cameras that can be opened; OpenCV knows neither names nor identities."""
    found: list[Device] = []
    while len(found) < 8:
        capture = cv2.VideoCapture(len(found), _apis()[0])
        present = capture.isOpened()
        capture.release()
        if not present:
            break
        found.append(Device(len(found), f"Camera {len(found)}"))
    return tuple(found)
