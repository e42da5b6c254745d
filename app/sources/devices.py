"""The cameras of this computer, each with an identity that outlives its number and its socket."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.sources import v4l2

DEVICES = Path("/dev")
KERNEL = Path("/sys/class/video4linux")
PROCESSES = Path("/proc")


@dataclass(frozen=True, slots=True)
class Device:
    """A camera as the system knows it."""

    index: int  # its number now: what OpenCV takes
    name: str  # what the system calls it
    identity: str = ""  # `product;serial;socket`, see `identity`; "" where the system does not say


def find(identity: str, devices: Iterable[Device], excluded: frozenset[str] = frozenset()) -> Device | None:
    """The camera of `identity` among `devices`, else the same one in another socket, else None.

    `excluded` are identities that are known to be other cameras, however alike they look.
    """
    if not identity:
        return None
    known = tuple(devices)
    alike = (d for d in known if d.identity not in excluded and _who(d.identity) == _who(identity))
    return next((d for d in known if d.identity == identity), None) or next(alike, None)


def on_linux() -> tuple[Device, ...]:
    """The cameras that are plugged in, in the order of their numbers; none of them is started."""
    numbers = sorted(int(node.name[5:]) for node in KERNEL.glob("video*") if node.name[5:].isdigit())
    return tuple(Device(i, name(i) or f"Camera {i}", identity(i)) for i in numbers if _takes_pictures(i))


def name(index: int) -> str:
    """What Linux calls the camera with the number `index`; "" where it does not say."""
    return _read(KERNEL / f"video{index}" / "name")


def identity(index: int) -> str:
    """`product;serial;socket`: who made it and what it is, which one of them, and where it is plugged in.

    For USB the product is vendor, product, interface and node; elsewhere it is the name. Serial numbers are
    often missing, and those of cheap cameras all the same: that is what the socket is for.
    """
    node = KERNEL / f"video{index}"
    device = (node / "device").resolve()
    usb = next((p for p in (device, *device.parents) if (p / "idVendor").is_file()), None)
    place = _read(node / "index") or "0"
    if usb is None:
        socket = device.name if (node / "device").exists() else ""
        return ";".join((f"{name(index)}.{place}".replace(";", " "), "", socket))
    interface = _read(device / "bInterfaceNumber") or "00"
    product = f"{_read(usb / 'idVendor')}:{_read(usb / 'idProduct')}.{interface}.{place}"
    bus = next((p for p in usb.parents if re.fullmatch(r"usb\d+", p.name)), usb)
    socket = f"{bus.parent.name}-{usb.name.split('-', 1)[-1]}"  # controller and port; a bus is renumbered
    return ";".join((product, _read(usb / "serial").replace(";", " "), socket))


def device_file(index: int) -> Path:
    """The file through which Linux gives access to the camera with the number `index`."""
    return DEVICES / f"video{index}"


def may_be_used(index: int) -> bool:
    """Whether this account may read from the camera and set its mode."""
    return os.access(device_file(index), os.R_OK | os.W_OK)


def holder(index: int) -> str:
    """The name of another program that has the camera open; "" when none can be seen."""
    wanted = str(device_file(index))
    for process in PROCESSES.glob("[0-9]*"):
        if process.name == str(os.getpid()):
            continue
        try:
            if any(str(file.readlink()) == wanted for file in (process / "fd").iterdir()):
                return _read(process / "comm")
        except OSError:  # it ended, or belongs to somebody else
            continue
    return ""


def _takes_pictures(index: int) -> bool:
    """A webcam has a second device for metadata only, which has number 1 among its own."""
    asked = v4l2.takes_pictures(device_file(index)) if sys.platform == "linux" else None
    return _read(KERNEL / f"video{index}" / "index") in ("0", "") if asked is None else asked


def _who(identity: str) -> str:
    """Product and serial number, without the socket."""
    return identity.rpartition(";")[0]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
