"""Openness: how far each eye is open, from the outlines of the lids.

Source: Soukupova and Cech, "Real-time eye blink detection using facial landmarks", CVWW 2016, equation 1,
with distances in space instead of in the picture, so that a nod is no blink.
"""

from __future__ import annotations

import math

import numpy as np

from app.stages.landmarks import LEFT_EYE, RIGHT_EYE
from app.types import Confidence, Landmarks

_OUTLINES = np.array([LEFT_EYE, RIGHT_EYE])
LEFT_CORNERS, RIGHT_CORNERS = (LEFT_EYE[0], LEFT_EYE[3]), (RIGHT_EYE[0], RIGHT_EYE[3])

# Height of the opening, in eye widths: of lids that are shut, and the median of 1,012 test faces of net_7876
# (`python -m export.limits.head`).
SHUT, OPEN = 0.06, 0.28
CLOSED = 0.25  # openness; below, no iris can be seen in the clips on which this was chosen


def openness(landmarks: Landmarks) -> tuple[float, float]:
    """Of left and right eye, from (478, 3) landmarks in pixels: 0 is shut, 1 at least as open as OPEN."""
    left, right = (_open(outline) for outline in landmarks[_OUTLINES].tolist())
    return left, right


def _open(outline: list[list[float]]) -> float:
    """Of one eye, from the six points of its outline."""
    corner, above_1, above_2, other_corner, below_2, below_1 = outline
    height = (math.dist(above_1, below_1) + math.dist(above_2, below_2)) / 2
    ratio = height / max(math.dist(corner, other_corner), 1e-6)
    return min(max((ratio - SHUT) / (OPEN - SHUT), 0.0), 1.0)


def visible_confidence(confidence: Confidence, openness: tuple[float, float]) -> Confidence:
    """(2,), 0..1: the `confidence` (2,) of both eye centres, lowered where the lids hide them.

    The lids place the centre of a closed eye well enough, but it cannot be seen. Down to an openness of
    CLOSED nothing is taken off; below, the square makes it fall at once.
    """
    lowered: Confidence = confidence * np.minimum(1, np.array(openness, np.float32) / CLOSED) ** 2
    return lowered
