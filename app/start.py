"""With what the window opens: the camera or file that was asked for, else a camera, else the sample clip."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from app import paths
from app.camera import Camera, CameraName, list_cameras
from app.settings import Settings
from app.source import Source
from app.video import VideoFile

NO_CAMERA = "No camera was found, so this is the bundled sample clip. Plug in a camera or open a video."
NOTHING = "No camera was found, and the sample clip is missing. Plug in a camera or open a video."


@dataclass(frozen=True, slots=True)
class Opening:
    source: Source | None
    notice: str  # one line for the user, or ""


def choose(
    camera: int | None,
    video: Path | None,
    settings: Settings,
    *,
    cameras: Callable[[], tuple[CameraName, ...]] = list_cameras,
) -> Opening:
    """Raises SourceError when `video` cannot be opened; a camera is opened by the engine, later."""
    if video is not None:
        file = VideoFile(video)
        file.open()
        file.close()
        return Opening(file, "")
    if camera is not None:
        return Opening(Camera(camera), "")
    found = [c.index for c in cameras()]
    if found:
        return Opening(Camera(settings.camera if settings.camera in found else found[0]), "")
    if paths.sample_clip().is_file():
        return Opening(VideoFile(paths.sample_clip()), NO_CAMERA)
    return Opening(None, NOTHING)


def has_display(environment: Mapping[str, str] = os.environ) -> bool:
    """False on a Linux machine where no window can be shown."""
    if not sys.platform.startswith("linux"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
