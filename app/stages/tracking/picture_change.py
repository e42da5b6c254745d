"""How much a picture changed since the one before: little from frame to frame, much at a cut."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from app.types import Floats, Image

_SIZE = (32, 18)  # columns and rows of parts into which a picture is divided, each the mean of 2 by 2 pixels
_MIDDLE = ((_SIZE[0] - 1) / 2, (_SIZE[1] - 1) / 2)
_AWAY = (4, 2)  # so many parts may a camera pan from one picture to the next, across and along
_DARK = 16.0  # added to each colour, since ratios of dark colours are noise
_MUCH = 0.05  # change of the colours below which pictures count as alike: to compare them takes time
_SCALES = (0.92, 1.0, 1.08)  # in which pictures are compared: a camera zooms
_FLAT = 0.02  # spread of the logarithms of brightness below which a picture shows nothing


@dataclass(frozen=True, slots=True)
class Change:
    """From one picture to the next."""

    colours: float  # mean change of the colours' logarithms, without that of the light as a whole
    likeness: float  # correlation of bright and dark places, also where the camera panned, -1..1


NO_CHANGE = Change(0.0, 1.0)


class PictureChange:
    """Compares each picture of a stream with the one before."""

    def __init__(self) -> None:
        self._last: Floats | None = None

    def next(self, image: Image) -> Change:
        """The change from the picture of the last call to this (height, width, 3) BGR one."""
        last, self._last = self._last, _parts(image)
        if last is None:
            return NO_CHANGE
        colours = float(np.abs(self._last - last).mean())
        return Change(colours, _likeness(last, self._last) if colours > _MUCH else 1.0)


def _parts(image: Image) -> Floats:
    """(18, 32, 3): logarithms of the mean colours of its parts, the mean of all taken off."""
    few = cv2.resize(image, (2 * _SIZE[0], 2 * _SIZE[1]), interpolation=cv2.INTER_NEAREST)
    parts = cv2.resize(few.astype(np.float32), _SIZE, interpolation=cv2.INTER_AREA)
    logs: Floats = np.log(parts.astype(np.float64) + _DARK)
    mean: Floats = logs.mean((0, 1))
    without: Floats = logs - mean
    return without


def _likeness(first: Floats, second: Floats) -> float:
    a, b = (np.asarray(parts.mean(2), np.float32) for parts in (first, second))
    flat = int(a.std() < _FLAT) + int(b.std() < _FLAT)
    if flat:
        return 1.0 if flat == 2 else 0.0
    best = -1.0
    for scale in _SCALES:
        larger = cv2.warpAffine(a, cv2.getRotationMatrix2D(_MIDDLE, 0, scale), _SIZE)
        inner = larger[_AWAY[1] : -_AWAY[1], _AWAY[0] : -_AWAY[0]]
        best = max(best, float(cv2.matchTemplate(b, inner, cv2.TM_CCOEFF_NORMED).max()))
    return best
