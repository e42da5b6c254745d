"""What the window plays first: the camera or file that was asked for, else a camera, else the sample clip."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from app.sources.address import Address, Place
from app.sources.camera import Camera, read_mode
from app.sources.capture import SYSTEM, Cameras, numbered
from app.sources.devices import Device, find
from app.sources.network_video import NetworkVideo
from app.sources.source import Source, SourceError
from app.sources.video import VideoFile
from app.system import paths
from app.system.settings import Settings

NO_CAMERA = "No camera was found, so this is the bundled sample clip. Plug in a camera or open a video."
NOTHING = "No camera was found, and the sample clip is missing. Plug in a camera or open a video."


@dataclass(frozen=True, slots=True)
class FirstSource:
    """What the window plays first."""

    source: Source | None  # None: there is neither a camera nor the sample clip
    notice: str  # one line for the user, or ""


def choose(
    camera: str | None,
    video: Place | None,
    settings: Settings,
    *,
    cameras: Cameras = SYSTEM,
) -> FirstSource:
    """The source to begin with: `video`, else `camera` (its number or part of its name), else the usual one.

    The usual one is the camera in `settings` if it is there, else the first camera, else the sample clip.
    A camera is not opened yet. Raises SourceError when `video` cannot be opened or no camera is called so.
    """
    if isinstance(video, Address):  # it is opened once, by whoever plays it
        return FirstSource(NetworkVideo(video), "")
    if video is not None:
        file = VideoFile(video)
        file.open()
        file.close()
        return FirstSource(file, "")
    if camera is not None:
        return FirstSource(Camera(_called(camera, cameras), cameras=cameras), "")
    found = cameras.list()
    if found:
        last = find(settings.camera_identity, found)
        if not settings.camera_identity:
            last = next((device for device in found if device.index == settings.camera), None)
        wanted = read_mode(settings.camera_mode if last else "")
        return FirstSource(Camera(last or found[0], wanted, cameras), "")
    if paths.sample_clip().is_file():
        return FirstSource(VideoFile(paths.sample_clip()), NO_CAMERA)
    return FirstSource(None, NOTHING)


def _called(text: str, cameras: Cameras) -> Device:
    """The camera with this number, or with this in its name."""
    if text.isdigit():
        return numbered(int(text))
    found = cameras.list()
    named = next((device for device in found if text.strip().lower() in device.name.lower()), None)
    if named is None:
        there = ", ".join(f"{device.index} {device.name}" for device in found) or "none"
        raise SourceError(f"No camera is called {text!r}: name one of those that are here ({there}).")
    return named


def has_display(environment: Mapping[str, str] = os.environ) -> bool:
    """False on a Linux machine where no window can be shown."""
    if not sys.platform.startswith("linux"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
