"""The one way from a picture to a network's input: aligned grey crops of the faces, as one batch."""

from __future__ import annotations

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
    return np.stack([warp(grey, transform, size)[None] for transform in to_crop])
