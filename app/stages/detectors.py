"""Which detectors there are, and how one is made; nothing slow is imported before it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from app.system.extras import MissingExtra, remedy, require
from app.types import DEFAULT_MAX_FACES

if TYPE_CHECKING:
    from app.stages.detect import Detector
    from app.stages.networks import LoadNetwork

# The networks of each detector, by the names of their cards: ours, and MediaPipe's own graph, which needs an
# extra and brings its networks.
NETWORKS = {"onnx": ("faces_far", "faces_near", "landmarks"), "mediapipe": ()}
DETECTORS = tuple(NETWORKS)
DEFAULT_DETECTOR = DETECTORS[0]
MEDIAPIPE = "0.10.21"  # later ones have other modules, and no networks inside


def load_detector(
    models: Path, max_faces: int = DEFAULT_MAX_FACES, *, still: bool = False, name: str = DEFAULT_DETECTOR,
    load: LoadNetwork | None = None,
) -> Detector:  # fmt: skip
    """The detector `name`, one of DETECTORS, which finds `max_faces` at most.

    The networks of ours lie in the folder `models`; MediaPipe brings its own. With `still` the pictures are
    unrelated: each is searched in full. `load` gives the network of a card instead of `models.load`. Raises
    ModelError, and MissingExtra as `require_detector` does, or where MediaPipe does not load.
    """
    if name == "mediapipe":
        require_detector(name)
        try:
            from app.stages.facemesh import MediaPipeDetector
        except ImportError as error:  # a library that its wheel brings or needs
            raise _missing(f"mediapipe, which does not load here ({error})") from error
        return MediaPipeDetector(max_faces, still=still)
    from app.stages.faces.detector import OnnxDetector

    if load is None:
        return OnnxDetector.load(models, max_faces, still=still)
    return OnnxDetector.load(models, max_faces, still=still, load=load)


def require_detector(name: str) -> None:
    """Raises MissingExtra where what the detector `name` needs is not installed, or in another version."""
    if name == "mediapipe":
        require("mediapipe", "The detector mediapipe")
        if (found := version("mediapipe")) != MEDIAPIPE:
            raise _missing(f"mediapipe {MEDIAPIPE}, and {found} is installed")


def recorded_detector(settings: Mapping[str, object]) -> str:
    """The detector that a session's settings name; sessions that name none are older than ours."""
    return str(settings.get("detector", "mediapipe"))


def _missing(what: str) -> MissingExtra:
    return MissingExtra(f"The detector mediapipe needs {what}: {remedy('mediapipe')}.")
