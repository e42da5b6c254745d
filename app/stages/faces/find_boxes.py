"""Finds faces in a picture, or in tiles of it, with one detector network."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from app.stages.cards import ModelError
from app.stages.faces.anchors import Grids, anchors
from app.stages.faces.boxes import NONE, Boxes, concatenate, decode
from app.stages.faces.letterbox import Letterbox
from app.stages.faces.suppress import averaged
from app.stages.faces.tiles import Tile, whole
from app.stages.models import Model
from app.types import Image

BATCH = 8  # tiles that the network sees at once: more are no quicker, and take memory


class BoxFinder:
    """A detector network with its anchors. It keeps nothing between pictures."""

    def __init__(self, model: Model, grids: Grids, score: float) -> None:
        """`model` has the task `face-detection`; boxes whose `score`, 0..1, is lower are left out."""
        self.model = model
        self._anchors = anchors(model.card.size, grids)
        self._least = math.log(score / (1 - score))
        self._batch = np.zeros((BATCH, *model.card.shape), np.uint8)

    def find(self, image: Image) -> Boxes:
        """As `find_in`, in the whole of `image` at once."""
        return self.find_in(image, (whole(image.shape[1], image.shape[0]),))

    def find_in(self, image: Image, tiles: Sequence[Tile]) -> Boxes:
        """One box for each face in each tile of a (height, width, 3) BGR picture, in pixels of the picture.

        A face in several tiles has several boxes. Raises ModelError when the network gives values that are
        not finite, or has other anchors.
        """
        parts = [NONE]
        for start in range(0, len(tiles), BATCH):
            parts += self._find_batch(image, tiles[start : start + BATCH])
        return concatenate(*parts)

    def _find_batch(self, image: Image, tiles: Sequence[Tile]) -> list[Boxes]:
        boxed = [Letterbox.of(tile, self.model.card.size) for tile in tiles]
        batch = self._batch[: len(tiles)]
        for letterbox, canvas in zip(boxed, batch, strict=True):
            letterbox.draw(image, canvas)
        raw, scores = self.model.run(batch)
        if scores.shape[1] != len(self._anchors):
            raise ModelError(f"{self.model.card.file} is another detector: install Mien again.")
        return [
            letterbox.in_picture(averaged(decode(raw[i], scores[i], self._anchors, self._least)))
            for i, letterbox in enumerate(boxed)
        ]
