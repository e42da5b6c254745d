"""The one way from a picture to a network's input: aligned grey crops of the faces, as one batch."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from app.stages.align import CropShape, similarity, warp
from app.types import Crops, Eyes, Grey, Image, Matrix


@dataclass(frozen=True, slots=True, eq=False)
class FaceCrops:
    """The crops of n faces of one picture, n >= 1, and where in the picture each is."""

    batch: Crops  # (n, 1, size, size) uint8, for `Model.run`
    to_crop: tuple[Matrix, ...]  # n transforms (2, 3), each from the picture's pixels to the crop's


def crop_faces(image: Image | Grey, eyes: Iterable[Eyes], shape: CropShape) -> FaceCrops:
    """The crops of a BGR or grey picture whose faces have these `eyes`: left, right, in pixels.

    Raises ValueError where both eyes of a face coincide.
    """
    to_crop = tuple(similarity(pair, shape) for pair in eyes)
    return FaceCrops(grey_crops(image, to_crop, shape.size), to_crop)


def grey_crops(image: Image | Grey, to_crop: Sequence[Matrix], size: int) -> Crops:
    """(n, 1, size, size) uint8: a BGR or grey picture under each of n transforms (2, 3) to a crop's pixels.

    It is made grey first: that is what the networks are trained on, and a third of the pixels to warp.
    """
    grey = image if image.ndim == 2 else cast(Grey, cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))
    crops: Crops = np.empty((len(to_crop), 1, size, size), np.uint8)
    for crop, transform in zip(crops, to_crop, strict=True):
        crop[0] = warp(grey, transform, size)
    return crops


class GreyNear:
    """Pictures in grey where crops look. It keeps one picture, so that none has to be cleared as a whole."""

    def __init__(self, shapes: Sequence[CropShape]) -> None:
        """The crops have these `shapes`."""
        self._shapes = shapes
        self._grey: Grey = np.zeros((0, 0), np.uint8)
        self._filled: list[tuple[slice, slice]] = []  # rows and columns that are not 0

    def of(self, image: Image, eyes: Iterable[Eyes]) -> Grey:
        """(height, width): a BGR picture in grey where crops around `eyes` look; 0 elsewhere.

        `eyes` (2, 2) of each face are left and right, in pixels. The crops are, to the last bit, those of the
        whole picture in grey. The next call overwrites the array.
        """
        if self._grey.shape != image.shape[:2]:
            self._grey, self._filled = np.zeros(image.shape[:2], np.uint8), []
        for part in self._filled:
            self._grey[part] = 0
        height, width = self._grey.shape
        self._filled = [_seen(pair, self._shapes, width, height) for pair in eyes]
        for part in self._filled:
            cv2.cvtColor(image[part], cv2.COLOR_BGR2GRAY, dst=self._grey[part])
        return self._grey


def _seen(eyes: Eyes, shapes: Sequence[CropShape], width: int, height: int) -> tuple[slice, slice]:
    """Rows and columns of a picture of this size that crops around `eyes` are made of; one pixel at least."""
    # How far the crops reach from the middle of the eyes, in eye distances.
    aside = max((shape.size + 1) / 2 / shape.eye_distance for shape in shapes)
    above = max(shape.eye_row / shape.eye_distance for shape in shapes)
    below = max((shape.size - shape.eye_row) / shape.eye_distance for shape in shapes)
    (left_x, left_y), (right_x, right_y) = eyes.tolist()
    x, y, dx, dy = (left_x + right_x) / 2, (left_y + right_y) / 2, left_x - right_x, left_y - right_y
    corners = [(side * aside, down) for side in (-1, 1) for down in (-above, below)]
    columns = [x + along * dx - down * dy for along, down in corners]
    rows = [y + along * dy + down * dx for along, down in corners]
    # A large face is averaged over blocks of so many pixels, which may begin before the crop.
    margin = 2 + int(math.hypot(dx, dy) / min(shape.eye_distance for shape in shapes))
    return _within(rows, margin, height), _within(columns, margin, width)


def _within(places: list[float], margin: int, length: int) -> slice:
    """The pixels from the least of `places` to the greatest, and `margin` more, of 0..length - 1."""
    start = min(max(math.floor(min(places)) - margin, 0), length - 1)
    return slice(start, min(max(math.ceil(max(places)) + margin, start) + 1, length))
