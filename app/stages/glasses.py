"""Whether dark glasses hide the eyes: skin below the eyes is as bright as the cheeks, glass is darker.

The brightness of the same cheek is the measure, so neither the light nor the colour of the skin counts. Clear
glasses, make-up and shadows leave more light; `python -m export.limits.glasses` shows where the limit lies.
"""

from __future__ import annotations

import cv2
import numpy as np

from app.stages.align import CropShape, similarity, warp
from app.types import Eyes, Image

SHAPE = CropShape(48, 24.0, 16.0)
DARK = 0.45  # times the cheek's brightness: two thirds of the faces that are darker wear dark glasses
_BELOW, _CHEEK = slice(19, 23), slice(28, 33)  # rows: 3 to 6, and 12 to 16 pixels below the eyes
_HALF = 4  # columns to either side of the eye
_NOISE = 3.0  # grey levels: in the dark nothing is told


def shade(image: Image, eyes: Eyes) -> float:
    """How bright the skin or glass below the eyes is, as a part of the cheek below it; of the brighter side.

    `image` is a BGR picture, `eyes` (2, 2) are x, y of both eyes in its pixels. About 0.9 without glasses.
    """
    crop = cv2.cvtColor(warp(image, similarity(eyes, SHAPE), SHAPE.size), cv2.COLOR_BGR2GRAY)
    middle = (SHAPE.size - 1) / 2
    parts = []
    for x in (middle - SHAPE.eye_distance / 2, middle + SHAPE.eye_distance / 2):
        columns = slice(int(x) - _HALF, int(x) + _HALF + 1)
        below, cheek = (float(np.median(crop[rows, columns])) for rows in (_BELOW, _CHEEK))
        parts.append((below + _NOISE) / (cheek + _NOISE))
    return max(parts)


def worn(image: Image, eyes: Eyes) -> bool:
    """Whether a face in a BGR picture seems to wear dark glasses; `eyes` as in `shade`."""
    return shade(image, eyes) < DARK
