"""Heads cut out of portraits with a soft edge, and put into other pictures at any height and angle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from export.data.arrays import Floats, Image
from export.data.detector import app_detector
from export.data.net7876 import Faces
from export.eyes.errors import nearest

# The head around the face's box, in its widths and heights: hair, ears and a little neck belong to it.
ASIDE, ABOVE, BELOW = 0.28, 0.38, 0.14
EDGE = 0.05  # heights of the box over which the head fades into the scene, on each side of its outline


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """A portrait, and where its head and face are."""

    image: Image
    opacity: Floats  # (height, width), 1 in the head, 0 outside
    box: Floats  # (4,): x0, y0, x1, y1 of the face as the app gives it, forehead to chin, in pixels


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A scene with one head, and where its face is."""

    image: Image
    centre: Floats  # (2,): x, y of the middle of the face's box, in pixels
    height: float  # of the face's box before it was turned, in pixels


def cut_out(faces: Faces, count: int) -> Iterator[Head]:
    """The first `count` of `faces` that the app finds, and whose whole head is in the picture."""
    detector = app_detector(still=True)
    try:
        for index in range(len(faces)):
            if count == 0:
                return
            image = faces.colour(index)
            found = nearest(detector.detect(image), faces.eyes[index])
            if found is not None and (head := head_of(image, found.box.astype(float))) is not None:
                count -= 1
                yield head
    finally:
        detector.close()


def head_of(image: Image, box: Floats) -> Head | None:
    """The head around the face's `box` (x0, y0, x1, y1, in pixels); None where the picture cuts it off."""
    (x0, y0, x1, y1), (height, width) = box, image.shape[:2]
    wide, high = x1 - x0, y1 - y0
    left, right = x0 - ASIDE * wide, x1 + ASIDE * wide
    top, bottom = y0 - ABOVE * high, y1 + BELOW * high
    edge = EDGE * high
    if left < edge or top < edge or right > width - 1 - edge or bottom > height - 1 - edge:
        return None
    x, y = np.arange(width)[None], np.arange(height)[:, None]
    half = (right - left) / 2, (bottom - top) / 2
    away = np.hypot((x - (left + right) / 2) / half[0], (y - (top + bottom) / 2) / half[1])
    opacity = np.clip(0.5 + (1 - away) * min(half) / (2 * edge), 0, 1)
    return Head(image, opacity, box)


def place(scene: Image, head: Head, height: float, angle: float, random: np.random.Generator) -> Placed:
    """`scene` with `head` anywhere in it, its face `height` pixels high and turned by `angle` degrees.

    The angle is that of the picture's plane, clockwise. The whole head is inside the scene.
    """
    scale = height / (head.box[3] - head.box[1])
    size = [max(1, round(side * scale)) for side in head.image.shape[1::-1]]
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(head.image, size, interpolation=way)
    opacity = cv2.resize(head.opacity, size, interpolation=way)
    exact = np.array(size) / head.image.shape[1::-1]
    middle = (head.box[:2] + head.box[2:] + 1) / 2 * exact - 0.5
    reach = int(np.ceil(1.15 * height))  # from the middle of the face to the farthest end of its head
    turned = cv2.getRotationMatrix2D(tuple(map(float, middle)), -angle, 1.0)
    turned[:, 2] = turned[:, 2] + reach - middle
    side = (2 * reach + 1, 2 * reach + 1)
    pixels = cv2.warpAffine(small, turned, side, flags=cv2.INTER_LINEAR).astype(float)
    weight = cv2.warpAffine(opacity, turned, side, flags=cv2.INTER_LINEAR)[..., None]
    rows, columns = (int(random.integers(reach, most - reach)) for most in scene.shape[:2])
    image = scene.copy()
    part = image[rows - reach : rows + reach + 1, columns - reach : columns + reach + 1]
    mixed: Floats = weight * pixels + (1 - weight) * part
    part[:] = np.rint(mixed).astype(np.uint8)
    return Placed(image, np.array([columns, rows], float), height)
