"""The app's own detector, for the programs here: it finds in a picture what the app finds."""

from __future__ import annotations

from app.stages.detect import Detector
from app.stages.detectors import load_detector
from app.types import DEFAULT_MAX_FACES
from export.data.places import MODELS


def app_detector(max_faces: int = DEFAULT_MAX_FACES, *, still: bool = False) -> Detector:
    """The detector that the app uses by default; see `load_detector`. Raises ModelError."""
    return load_detector(MODELS, max_faces, still=still)
