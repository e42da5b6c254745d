"""Finds faces in a whole picture with one detector network."""

from __future__ import annotations

import math

import numpy as np

from app.stages.faces.anchors import Grids, anchors
from app.stages.faces.boxes import Boxes, decode
from app.stages.faces.letterbox import Letterbox
from app.stages.faces.suppress import averaged
from app.stages.models import Model, ModelError
from app.types import Image


class BoxFinder:
    """A detector network with its anchors. It keeps nothing between pictures."""

    def __init__(self, model: Model, grids: Grids, score: float) -> None:
        """`model` has the task `face-detection`; boxes whose `score`, 0..1, is lower are left out."""
        self.model = model
        self._anchors = anchors(model.card.size, grids)
        self._least = math.log(score / (1 - score))
        self._batch = np.zeros((1, *model.card.shape), np.uint8)

    def find(self, image: Image) -> Boxes:
        """One box for each face in a (height, width, 3) BGR picture, in its pixels, the best first.

        Raises ModelError when the network gives values that are not finite, or has other anchors.
        """
        letterbox = Letterbox.of(image.shape[1], image.shape[0], self.model.card.size)
        letterbox.draw(image, self._batch[0])
        (raw,), (scores,) = self.model.run(self._batch)
        if len(scores) != len(self._anchors):
            raise ModelError(f"{self.model.card.file} is another detector: install Mien again.")
        return letterbox.in_picture(averaged(decode(raw, scores, self._anchors, self._least)))
