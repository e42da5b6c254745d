"""A square of a picture in the input of a detector: resized, turned, with black where the picture ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from app.stages.faces.boxes import Boxes, turned
from app.stages.faces.tiles import Tile
from app.types import Image


@dataclass(frozen=True, slots=True)
class Letterbox:
    """How a tile lies in a square input: input = scale * picture + offset, in pixels.

    This is MediaPipe's mapping, so that its networks see what they see there. It leaves the boxes half a
    pixel of the input too far right and down, which does not matter for where landmarks are looked for.
    """

    scale: float
    left: float  # offset in x
    top: float  # offset in y
    size: int  # pixels, width and height of the input
    turns: int = 0  # quarter turns anticlockwise, of the whole input at last

    @classmethod
    def of(cls, tile: Tile, size: int) -> Self:
        """A tile that fills the input."""
        scale = size / tile.side
        return cls(scale, -scale * tile.left, -scale * tile.top, size, tile.turns)

    def draw(self, picture: Image, canvas: Image) -> None:
        """Draws its part of a (height, width, 3) picture into `canvas`, (size, size, 3), all of it."""
        to_input = np.array([[self.scale, 0, self.left], [0, self.scale, self.top]])
        cv2.warpAffine(picture, to_input, (self.size, self.size), dst=canvas, flags=cv2.INTER_LINEAR)
        if self.turns:
            canvas[:] = np.rot90(canvas, self.turns).copy()

    def in_picture(self, boxes: Boxes) -> Boxes:
        """Boxes in pixels of the input as boxes in pixels of the picture."""
        boxes = turned(boxes, self.turns, self.size)
        offset, scale = np.array([self.left, self.top], np.float32), np.float32(self.scale)
        points = (boxes.points - offset) / scale
        corners = (boxes.corners - np.tile(offset, 2)) / scale
        return Boxes(corners, points, boxes.scores)
