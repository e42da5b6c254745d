"""Gaze: where the eyes look, estimated from head and eye centres alone; it may be off by several degrees.

An eye is modelled as a ball whose middle lies behind the midpoint of the eye's corners. The line from the
middle of the ball to the eye centre is the direction of the gaze. The picture is treated as orthographic,
since a face is shallow.
"""

from __future__ import annotations

import math

import numpy as np

from app.stages.eyelids import CLOSED, LEFT_CORNERS, RIGHT_CORNERS
from app.stages.pose import axes
from app.types import Confidence, Eyes, Gaze, Landmarks

# In widths of an eye from corner to corner. The iris lies 10 mm before the centre of rotation, and an eye of
# the mesh is 27.4 mm wide where the pupils are 63 mm apart (Dodgson, SPIE 5291, 2004). A straight look puts
# the eye centre a little above the corners and to the outside. Width and places: medians over the 381 faces
# of net_7876 that look ahead, `python -m export.limits.head`.
RADIUS = 0.365
OUTWARDS, UP = 0.027, 0.080
_CORNERS = np.array([LEFT_CORNERS, RIGHT_CORNERS])


def gaze(
    landmarks: Landmarks, centres: Eyes, confidence: Confidence, openness: tuple[float, float]
) -> Gaze | None:
    """The common direction of both eyes, or of the one that is open; None when both are shut.

    `landmarks` (478, 3) and `centres` (2, 2), left and right, are in pixels; `confidence` (2,) and `openness`
    are 0..1. Each eye counts as much as its confidence.
    """
    weights = [
        max(sure, 1e-3) if lids >= CLOSED else 0.0
        for sure, lids in zip(confidence.tolist(), openness, strict=True)
    ]
    if not any(weights):
        return None
    (across_x, across_y, _), (along_x, along_y, _), (out_x, out_y, _) = axes(landmarks)
    x = y = z = 0.0  # of the directions' sum
    eyes = zip(landmarks[_CORNERS].tolist(), (1, -1), centres.tolist(), weights, strict=True)
    for (a, b), side, (centre_x, centre_y), weight in eyes:
        width = max(math.dist(a, b), 1e-6)
        ball_x = (a[0] + b[0]) / 2 + width * (side * OUTWARDS * across_x - UP * along_x - RADIUS * out_x)
        ball_y = (a[1] + b[1]) / 2 + width * (side * OUTWARDS * across_y - UP * along_y - RADIUS * out_y)
        right = min(max((centre_x - ball_x) / (RADIUS * width), -1.0), 1.0)
        down = min(max((centre_y - ball_y) / (RADIUS * width), -1.0), 1.0)
        x += weight * right
        y += weight * down
        z -= weight * math.sqrt(max(0.0, 1 - right * right - down * down))
    length = math.sqrt(x * x + y * y + z * z)
    return Gaze(math.degrees(math.atan2(x, -z)), math.degrees(math.asin(-y / length)))
