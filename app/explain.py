"""Why an expression: which places of the face speak for it, drawn over the face.

Source: Zhou et al., "Learning deep features for discriminative localization", CVPR 2016. At each place stands
what that place says more for the expression than for the mean of all eight.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from app.errors import UserError
from app.sources.source import Source, SourceError
from app.stages.affect import AffectReader
from app.stages.align import CropShape, similarity, warp
from app.stages.detect import Detector
from app.types import EXPRESSIONS, Detection

SIZE = 288  # pixels of a drawn face
WARM, BLUE = np.array([0, 120, 255], np.float32), np.array([220, 120, 0], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Reasons:
    """What one face shows, and where."""

    probs: np.ndarray  # (8,) in the order of EXPRESSIONS
    maps: np.ndarray  # (8, h, w) over the crop: above 0 speaks for the expression, below against it

    @property
    def best(self) -> tuple[int, int]:
        """The winner and the runner-up, as places in EXPRESSIONS."""
        first, second = np.argsort(-self.probs, kind="stable")[:2].tolist()
        return first, second


def reasons(reader: AffectReader, image: np.ndarray, detection: Detection) -> Reasons | None:
    """Of one face in a BGR or grey picture; None when the network gives no maps. Raises ModelError."""
    named = reader.answer(image, (detection,))
    if "maps" not in named:
        return None
    maps = named["maps"][0]
    return Reasons(named["probs"][0], maps - maps.mean(0))


def overlay(image: np.ndarray, detection: Detection, shape: CropShape, places: np.ndarray) -> np.ndarray:
    """(288, 288, 3) BGR: the aligned face, warm where (h, w) `places` is above 0 and blue where below."""
    scale = SIZE / shape.size
    large = CropShape(SIZE, shape.eye_distance * scale, (shape.eye_row + 0.5) * scale - 0.5)
    face = warp(image, similarity(detection.eyes, large), SIZE)
    grey = cv2.cvtColor(face, cv2.COLOR_BGR2GRAY)[..., None].astype(np.float32)
    strength = places / max(float(np.abs(places).max()), 1e-6)  # -1..1
    wide = cv2.resize(strength.astype(np.float32), (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)[..., None]
    share = 0.6 * np.clip(np.abs(wide), 0, 1)
    colour = np.where(wide > 0, WARM, BLUE)
    return np.clip((1 - share) * grey + share * colour, 0, 255).astype(np.uint8)


def explain(source: Source, detector: Detector, reader: AffectReader, out: Path) -> str:
    """Draws the winner and the runner-up of each face in the first picture with one; says which they are.

    Raises SourceError without a face, UserError where `out` cannot be written, and ModelError.
    """
    image, faces = _first(source, detector)
    rows, said = [], []
    for face in faces:
        found = reasons(reader, image, face)
        if found is None:
            raise UserError("This affect network gives no maps: choose another, or install Mien again.")
        shape = reader.model.card.crop
        rows.append(np.hstack([overlay(image, face, shape, found.maps[i]) for i in found.best]))
        said.append(", ".join(f"{EXPRESSIONS[i]} {found.probs[i]:.0%}" for i in found.best))
    _, content = cv2.imencode(".png", np.vstack(rows))
    try:
        out.write_bytes(content.tobytes())
    except OSError as error:
        raise UserError(f"{out} cannot be written ({error.strerror}): choose another with -o.") from error
    return "\n".join(said)


def _first(source: Source, detector: Detector) -> tuple[np.ndarray, tuple[Detection, ...]]:
    source.open()
    try:
        while (frame := source.read()) is not None:
            if faces := detector.detect(frame.image):
                return frame.image, faces
    finally:
        source.close()
    raise SourceError(f"{source.name}: no face was found; choose one where a face looks towards the camera.")
