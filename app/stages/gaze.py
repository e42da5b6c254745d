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
    weights = np.where(np.array(openness) >= CLOSED, np.maximum(confidence, 1e-3), 0.0)
    if not weights.any():
        return None
    across, along, out = axes(landmarks)
    eyes = np.asarray(landmarks[_CORNERS], np.float64)  # (2, 2, 3): of each eye its two corners
    direction = np.zeros(3)
    for (a, b), side, centre, weight in zip(eyes, (1, -1), centres, weights, strict=True):
        width = max(float(np.linalg.norm(b - a)), 1e-6)
        ball = (a + b) / 2 + width * (side * OUTWARDS * across - UP * along - RADIUS * out)
        x, y = (min(max(v, -1.0), 1.0) for v in ((centre - ball[:2]) / (RADIUS * width)).tolist())
        direction += weight * np.array([x, y, -math.sqrt(max(0.0, 1 - x * x - y * y))])
    x, y, z = direction / np.linalg.norm(direction)
    return Gaze(float(np.degrees(np.arctan2(x, -z))), float(np.degrees(np.arcsin(-y))))
