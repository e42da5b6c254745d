"""Patch: the pixels of a face, looked for again in the next picture, where camera or head moved.

Landmarks that lag behind a quick camera make a face look otherwise though it is the same; its pixels do not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from app.types import Image

_SIDE = 24  # pixels of a patch; a face is about so wide in it
_AREA = 3 * _SIDE  # of the part of the next picture in which it is looked for, in the same pixels
_SCALES = (0.92, 1.0, 1.08)  # sizes in which it is looked for: a camera zooms
_FLAT = 4.0  # spread of a patch's grey below which it shows nothing
# Correlation from which the pixels are the same face's: within 0.1 s, 95 of 100 faces reach 0.9 while cameras
# shake, pan or zoom; in cuts between people in one room 2 of 28 pairs reach 0.88, none more.
_SAME = 0.89


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A face's pixels in one picture."""

    grey: Image  # (24, 24)

    def find(self, image: Image, centre: tuple[float, float], size: float) -> tuple[float, float] | None:
        """Where the face is now: x and y in pixels of this (height, width, 3) BGR picture, or None.

        It is looked for around `centre`, up to a face's `size` away.
        """
        if self.grey.std() < _FLAT:
            return None
        best, found = _SAME, None
        for scale in _SCALES:
            area = _cut_out(image, centre, scale * size * _AREA / _SIDE, _AREA)
            _, likeness, _, corner = cv2.minMaxLoc(cv2.matchTemplate(area, self.grey, cv2.TM_CCOEFF_NORMED))
            if likeness > best:
                unit, start = scale * size / _SIDE, (_AREA - _SIDE) / 2
                x, y = (middle + (at - start) * unit for middle, at in zip(centre, corner, strict=True))
                best, found = likeness, (x, y)
        return found


def patch_of(image: Image, centre: tuple[float, float], size: float) -> Patch:
    """The patch of a face `size` pixels wide around `centre` in a (height, width, 3) BGR picture."""
    return Patch(_cut_out(image, centre, size, _SIDE))


def _cut_out(image: Image, centre: tuple[float, float], size: float, pixels: int) -> Image:
    """A square of the picture, `size` wide, as (pixels, pixels) grey; its border is repeated outside."""
    height, width = image.shape[:2]
    left, top = (math.floor(middle - size / 2) for middle in centre)
    right, bottom = left + math.ceil(size), top + math.ceil(size)
    x0, x1 = (min(max(edge, 0), width) for edge in (left, right))
    y0, y1 = (min(max(edge, 0), height) for edge in (top, bottom))
    part = image[y0:y1, x0:x1]
    if not part.size:
        return np.zeros((pixels, pixels), np.uint8)
    edges = (y0 - top, bottom - y1, x0 - left, right - x1)
    if any(edges):
        part = np.pad(part, ((edges[0], edges[1]), (edges[2], edges[3]), (0, 0)), "edge")
    most = 3 * pixels  # more pixels than these cost time and tell nothing
    if part.shape[0] > most:
        part = np.asarray(cv2.resize(part, (most, most), interpolation=cv2.INTER_NEAREST), np.uint8)
    few = cv2.resize(part, (pixels, pixels), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(few, cv2.COLOR_BGR2GRAY), np.uint8)
