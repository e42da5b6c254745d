"""The app's face detector. A machine that only trains can do without MediaPipe, given runs/cache/."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

__all__ = ["INSTALLED", "Detector"]

INSTALLED = find_spec("mediapipe") is not None

if INSTALLED:
    from app.stages.detect import Detector
else:

    class Detector:  # type: ignore[no-redef]
        """Takes its place, and says so when it is wanted."""

        def __init__(self, **_: Any) -> None:
            raise FileNotFoundError("MediaPipe is missing here; install it, or bring runs/cache along.")
