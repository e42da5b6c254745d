"""A whole picture in the square input of a detector: shrunk, in the middle, with black beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from app.stages.faces.boxes import Boxes
from app.types import Image


@dataclass(frozen=True, slots=True)
class Letterbox:
    """How a picture lies in a square input: input = scale * picture + offset, in pixels.

    This is MediaPipe's mapping, so that its networks see what they see there. It leaves the boxes half a
    pixel of the input too far right and down, which does not matter for where landmarks are looked for.
    """

    scale: float
    left: float  # offset in x
    top: float  # offset in y
    size: int  # pixels, width and height of the input

    @classmethod
    def of(cls, width: int, height: int, size: int) -> Self:
        """A picture of that width and height, its longer side as long as the input."""
        scale = size / max(width, height)
        return cls(scale, (size - scale * width) / 2, (size - scale * height) / 2, size)

    def draw(self, picture: Image, canvas: Image) -> None:
        """Draws a (height, width, 3) picture into `canvas`, (size, size, 3), all of which is written."""
        to_input = np.array([[self.scale, 0, self.left], [0, self.scale, self.top]])
        cv2.warpAffine(picture, to_input, (self.size, self.size), dst=canvas, flags=cv2.INTER_LINEAR)

    def in_picture(self, boxes: Boxes) -> Boxes:
        """Boxes in pixels of the input as boxes in pixels of the picture."""
        offset, scale = np.array([self.left, self.top], np.float32), np.float32(self.scale)
        points = (boxes.points - offset) / scale
        corners = (boxes.corners - np.tile(offset, 2)) / scale
        return Boxes(corners, points, boxes.scores)
