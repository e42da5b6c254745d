"""Similarity alignment: eyes level, a fixed distance apart, at a fixed place; and the way back.

Source: Antoniadis 2021, section 3.1, equations 3.1.1 (angle) and 3.1.2 (rotation with scale).
Training uses this same file, so that a crop in training and a crop in the app are the same pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from app.types import Eyes, Floats, Grey, Matrix, Points

_CORNERS = np.array([[0, 0], [1, 0], [0, 1], [1, 1]])  # of a crop, in its sizes


@dataclass(frozen=True, slots=True)
class CropShape:
    """Where the eyes are in a square crop."""

    size: int  # pixels, width and height of the crop
    eye_distance: float  # pixels between the eye centres in the crop
    eye_row: float  # pixels from the crop's top row to the line of the eyes


def similarity(eyes: Eyes | Floats, shape: CropShape) -> Matrix:
    """The (2, 3) transform from the picture's pixels to the crop's that brings `eyes` to their places.

    `eyes` (2, 2) are left and right, in pixels; the person's left eye is on the right of the crop. Source:
    Antoniadis 2021, equations 3.1.1 and 3.1.2. Raises ValueError when both eyes coincide.
    """
    (left_x, left_y), (right_x, right_y) = eyes.tolist()
    dx, dy = left_x - right_x, left_y - right_y
    distance = math.hypot(dx, dy)
    if distance < 1e-6:
        raise ValueError("Both eyes are at the same point, so the face cannot be aligned.")
    scale = shape.eye_distance / distance
    cos, sin = scale * dx / distance, scale * dy / distance
    x, y = (left_x + right_x) / 2, (left_y + right_y) / 2
    target_x, target_y = (shape.size - 1) / 2, shape.eye_row
    return np.array([[cos, sin, target_x - (cos * x + sin * y)], [-sin, cos, target_y - (cos * y - sin * x)]])


def inverse(transform: Matrix) -> Matrix:
    """The (2, 3) transform that undoes the (2, 3) `transform`: from a crop's pixels to the picture's."""
    (a, b, x), (c, d, y) = transform.tolist()
    area = a * d - b * c
    a, b, c, d = d / area, -b / area, -c / area, a / area
    return np.array([[a, b, -(a * x + b * y)], [c, d, -(c * x + d * y)]])


def apply(transform: Matrix, points: Points | Floats) -> Floats:
    """`points`, shape (..., 2), moved by the (2, 3) `transform`; same shape, float64."""
    moved: Floats = np.asarray(points, np.float64) @ transform[:, :2].T + transform[:, 2]
    return moved


def warp(image: Grey, transform: Matrix, size: int) -> Grey:
    """The (size, size) crop of a grey picture under the (2, 3) `transform`; outside, its border is repeated.

    A face much larger than the crop is first shrunk by a whole number with area averaging: sampling it
    directly would skip pixels, and the crop would flicker with every small movement.
    """
    (a, b, shift_x), (c, d, shift_y) = transform.tolist()
    factor = int(1 / math.hypot(a, b))
    if factor < 2:
        return _sampled(image, transform, size)
    corners = apply(inverse(transform), _CORNERS * size)
    height, width = image.shape[:2]
    (low_x, low_y), (high_x, high_y) = corners.min(0).tolist(), corners.max(0).tolist()
    x0, y0 = (
        _within(math.floor(low_x) - factor, 0, width - 1),
        _within(math.floor(low_y) - factor, 0, height - 1),
    )
    x1, y1 = (
        _within(math.ceil(high_x) + factor, x0 + 1, width),
        _within(math.ceil(high_y) + factor, y0 + 1, height),
    )
    # Whole blocks of factor x factor pixels, which OpenCV averages several times faster than others.
    columns, rows = max(1, (x1 - x0) // factor), max(1, (y1 - y0) // factor)
    part = image[y0 : min(y0 + rows * factor, y1), x0 : min(x0 + columns * factor, x1)]
    small = cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA)
    fx, fy = part.shape[1] / columns, part.shape[0] / rows
    # small pixel centre -> frame: x = (u + 0.5) * fx - 0.5 + x0
    x, y = 0.5 * fx - 0.5 + x0, 0.5 * fy - 0.5 + y0
    joined = [[a * fx, b * fy, a * x + b * y + shift_x], [c * fx, d * fy, c * x + d * y + shift_y]]
    return _sampled(cast(Grey, small), np.array(joined), size)


def _within(value: int, low: int, high: int) -> int:
    return min(max(value, low), high)


def _sampled(image: Grey, transform: Matrix, size: int) -> Grey:
    return cast(
        Grey,
        cv2.warpAffine(
            image, transform, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        ),
    )
