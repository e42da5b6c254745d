"""How a face moves in its crop: turned, scaled, shifted, mirrored; all in one sampling of the picture."""

from __future__ import annotations

import math

import numpy as np

from app.stages import align
from app.stages.align import CropShape
from export.data.arrays import Eyes, Grey, Matrix

ROTATION = 15.0  # degrees either way
SCALE = 0.12  # up or down
SHIFT = 0.05  # of the crop's size, either way


def placed(eyes: Eyes, shape: CropShape, rng: np.random.Generator) -> tuple[Matrix, bool]:
    """The app's alignment and a little random motion: from the picture's pixels to the crop's, (2, 3), and
    whether the crop is mirrored afterwards, as half of them are.

    `eyes` (2, 2) are left and right, in pixels of the picture.
    """
    return jittered(align.similarity(eyes, shape), shape.size, rng), rng.random() < 0.5


def cut(image: Grey, transform: Matrix, shape: CropShape, mirrored: bool) -> Grey:
    """The (size, size) uint8 crop of a grey `image` at a place that `placed` gave."""
    crop = align.warp(image, transform, shape.size)
    return crop[:, ::-1] if mirrored else crop


def jittered(transform: Matrix, size: int, rng: np.random.Generator, amount: float = 1.0) -> Matrix:
    """`transform`, 2x3, followed by a small random turn, scale and shift about the middle of the crop.

    `amount` is the share of ROTATION, SCALE and SHIFT that they have at most.
    """
    angle = math.radians(amount * rng.uniform(-ROTATION, ROTATION))
    scale = 1 + amount * rng.uniform(-SCALE, SCALE)
    cos, sin = scale * math.cos(angle), scale * math.sin(angle)
    turn = np.array([[cos, sin], [-sin, cos]])
    middle = np.full(2, (size - 1) / 2)
    shift = middle - turn @ middle + amount * rng.uniform(-SHIFT, SHIFT, 2) * size
    return np.column_stack([turn @ transform[:, :2], turn @ transform[:, 2] + shift])
