"""The cameras of Windows and macOS by name, as cv2-enumerate-cameras lists them; none is started."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from app.sources.devices import Device

INTERFACE = re.compile(r"#\{[0-9a-f-]{36}\}")  # of a path: MSMF and DSHOW name the same camera by their own
log = logging.getLogger(__name__)


class EnumeratedCamera(Protocol):
    """What cv2-enumerate-cameras says of a camera, as one of OpenCV's APIs knows it."""

    index: int  # among those of one API, as OpenCV counts them
    name: str
    path: str | None  # of the device; on macOS its unique ID
    vid: int | None
    pid: int | None


@dataclass(frozen=True, slots=True)
class ListedCamera:
    """A camera, and how OpenCV opens it."""

    device: Device  # its index is its place in this list
    places: tuple[tuple[int, int], ...]  # API and index by which OpenCV opens it, the best first


def cameras(apis: Iterable[int]) -> tuple[ListedCamera, ...] | None:
    """Every camera that one of `apis` (cv2.CAP_...) knows, each once; None where the system does not say."""
    listed = {api: entries for api in apis if (entries := _list(api)) is not None}
    if not listed:
        return None
    found: dict[str, ListedCamera] = {}
    for api, entries in listed.items():
        twins: Counter[str] = Counter()  # virtual cameras may have a name and no path
        for entry in entries:
            name = str(entry.name or f"Camera {entry.index}")
            socket = INTERFACE.sub("", str(entry.path or "").lower()).replace(";", " ")
            if not socket:
                twins[name] += 1
                socket = "" if twins[name] == 1 else str(twins[name])
            key, place = socket if entry.path else f"{name};{socket}", (api, int(entry.index))
            if key in found:
                found[key] = replace(found[key], places=(*found[key].places, place))
            else:
                device = Device(len(found), name, f"{_product(entry, name, socket)};;{socket}")
                found[key] = ListedCamera(device, (place,))
    return tuple(found.values())


def _product(entry: EnumeratedCamera, name: str, path: str) -> str:
    """Vendor, product and interface, as on Linux; the name where it is no USB camera.

    One camera may have several interfaces: Windows has a second one for its infrared pictures.
    """
    if entry.vid is None or entry.pid is None:
        return name.replace(";", " ")
    interface = re.search(r"&mi_([0-9a-f]{2})", path)
    return f"{entry.vid:04x}:{entry.pid:04x}.{interface[1] if interface else '00'}"


def _list(api: int) -> list[EnumeratedCamera] | None:
    try:
        from cv2_enumerate_cameras import enumerate_cameras

        return list(enumerate_cameras(api))
    except Exception as error:  # missing, without a library of the system, or refused: then they are counted
        log.warning("Cameras cannot be listed by name: %s: %s", type(error).__name__, error)
        return None
