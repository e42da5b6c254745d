"""Appearance: what tells one face from another, from the colours and the shape of its landmarks.

It knows nobody again: it tells whether a face is still the one that was here a moment ago. Light that grows
or fades, a turned head and a larger picture change it little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.stages.pose import axes
from app.types import Floats, Image, Landmarks

_POINTS = np.arange(0, 468, 4)  # of the landmarks: spread over the whole face, without the irises
_DARK = 16.0  # added to each colour, since ratios of dark colours are noise
_LOGARITHMS = np.log(np.arange(256) + _DARK)  # of each value of a colour
_WHITE, _MOST_WHITE = 250, 0.15  # a colour that is overexposed, and the share of them that hides a face
# How much these weigh beside the colours of single points: the tint of the whole face, and its shape.
_TINT, _SHAPE = 2.0, 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Appearance:
    """How a face looks in one frame: numbers whose differences add up to `unlike`."""

    values: Floats  # (705,): tones, tint and shape of `appearance_of`, each weighed


def appearance_of(image: Image, landmarks: Landmarks) -> Appearance | None:
    """How the face that has these `landmarks` (478, 3) looks in a (height, width, 3) BGR picture.

    That is the logarithms of blue, green and red at 117 landmarks, from their mean (tones); their mean by
    colour, from that mean (tint); and where these landmarks are, the head's own axes level, in face sizes
    (shape). Where the face reaches beyond the picture, the border counts. None where a flash has made it
    white.
    """
    points = landmarks[_POINTS].astype(np.float64)
    height, width = image.shape[:2]
    at = np.rint(points[:, :2]).clip(0, (width - 1, height - 1)).astype(np.intp)
    seen = image[at[:, 1], at[:, 0]]
    if np.count_nonzero(seen >= _WHITE) > _MOST_WHITE * seen.size:
        return None
    tones = _LOGARITHMS[seen]
    by_colour = tones.mean(0)
    mean = by_colour.mean()
    shape = (points - points.mean(0)) @ np.stack(axes(landmarks)).T
    size = np.sqrt(np.square(shape[:, :2]).sum() / len(points))
    parts = (
        (tones - mean).ravel() / tones.size,
        (_TINT / by_colour.size) * (by_colour - mean),
        (_SHAPE / (shape.size * max(size, 1e-6))) * shape.ravel(),
    )
    return Appearance(np.concatenate(parts))


def unlike(first: Appearance, second: Appearance) -> float:
    """How differently two faces look: 0 for one picture of a face, 0.1 for one face after half a second.

    The sum of the mean differences of tones, tint (twice) and shape (three times). On real clips, one face
    reaches 0.27 within a second where it laughs, turns or is half hidden; 99 of 100 pairs of portraits of two
    people are above 0.3, two people in the same light are from 0.1 on.
    """
    return float(np.abs(first.values - second.values).sum())
