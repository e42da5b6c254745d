"""Expression, valence and arousal: one network with two heads."""

from __future__ import annotations

import numpy as np

from app.stages.align import similarity
from app.stages.crops import grey_crops
from app.stages.models import Model
from app.types import EXPRESSIONS, Detection


class AffectReader:
    """Reads the affect of each face, all faces in one batch."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def read(self, image: np.ndarray, detections: tuple[Detection, ...]) -> tuple[np.ndarray, np.ndarray]:
        """Probabilities (n, 8) in the order of EXPRESSIONS, and valence and arousal (n, 2) in -1..1.

        `image` is a whole picture, BGR or grey. Raises ModelError when the network gives no number.
        """
        if not detections:
            return np.empty((0, len(EXPRESSIONS)), np.float32), np.empty((0, 2), np.float32)
        named = self.answer(image, detections)
        return named["probs"], named["va"]

    def answer(self, image: np.ndarray, detections: tuple[Detection, ...]) -> dict[str, np.ndarray]:
        """All outputs of the network by their names, for one face or more. Raises ModelError."""
        shape = self.model.card.crop
        transforms = [similarity(d.eyes, shape) for d in detections]
        outputs = self.model.run(grey_crops(image, transforms, shape.size))
        return dict(zip(self.model.card.outputs, outputs, strict=True))
