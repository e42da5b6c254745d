"""Crops of faces from different pictures, cut out as the app cuts them out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.stages.align import CropShape
from app.stages.crops import crop_faces
from export.data.arrays import Crops, EyesOfFaces, Grey, Matrix


def aligned(
    pictures: Sequence[Grey] | Crops, eyes: EyesOfFaces, shape: CropShape
) -> tuple[Crops, list[Matrix]]:
    """A (n, 1, size, size) uint8 batch, a crop of each of n grey pictures, and the transforms that made them.

    `eyes` (n, 2, 2) are left and right, in pixels of each picture; a transform (2, 3) goes from the picture's
    pixels to the crop's. Raises ValueError where both eyes of a face coincide.
    """
    faces = [crop_faces(p, [pair], shape) for p, pair in zip(pictures, eyes, strict=True)]
    if not faces:
        return np.empty((0, 1, shape.size, shape.size), np.uint8), []
    return np.concatenate([face.batch for face in faces]), [face.to_crop[0] for face in faces]
