"""Expression, valence and arousal: one network with two heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from app.stages.crops import crop_faces
from app.stages.models import Model, Output
from app.types import EXPRESSIONS, Affects, Crops, Detection, Grey, Image, Probs


class AffectReader:
    """Reads the affect of all faces of a picture in one batch. It keeps nothing, so any thread may use it."""

    def __init__(self, model: Model) -> None:
        """`model` has the task `affect`."""
        self.model = model

    def read(self, image: Image | Grey, detections: Sequence[Detection]) -> tuple[Probs, Affects]:
        """Probabilities (n, 8) in the order of EXPRESSIONS, and valence and arousal (n, 2) in -1..1.

        `image` is the whole picture, BGR or grey, in which `detections` are n >= 0 faces. Raises ModelError
        when the network gives values that are not finite.
        """
        return self.run(self.crops(image, detections))

    def crops(self, image: Image | Grey, detections: Sequence[Detection]) -> Crops:
        """The network's input for n >= 0 faces of `image`, as in `read`: (n, 1, size, size)."""
        if not detections:
            return np.empty((0, *self.model.card.shape), np.uint8)
        return crop_faces(image, (face.eyes for face in detections), self.model.card.crop).batch

    def run(self, crops: Crops) -> tuple[Probs, Affects]:
        """What `read` gives, from `crops`. Nearly all of it is outside Python: it fits a second thread."""
        if not len(crops):
            return np.empty((0, len(EXPRESSIONS)), np.float32), np.empty((0, 2), np.float32)
        probs, va = self.model.run(crops, ("probs", "va"))
        return probs, va

    def answer(self, image: Image | Grey, detections: Sequence[Detection]) -> Mapping[str, Output]:
        """All outputs of the network for n >= 1 faces, by the names in `cards.TASKS`. Raises ModelError."""
        answers = self.model.run(self.crops(image, detections))
        return dict(zip(self.model.card.outputs, answers, strict=True))
