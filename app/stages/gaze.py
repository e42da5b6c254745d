"""Where the eyes look, from the head and the eye centres alone: an estimate, several degrees wide.

An eye is a ball behind the middle of its corners, and its centre in the picture stands before the ball's
middle in the direction of the gaze. The picture is taken for an orthographic one: a face is shallow.
"""

from __future__ import annotations

import numpy as np

from app.stages.eyelids import CLOSED, LEFT_CORNERS, RIGHT_CORNERS
from app.stages.pose import axes
from app.types import Gaze

# In widths of an eye from corner to corner. The iris lies 10 mm before the centre of rotation, and an eye of
# the mesh is 27.4 mm wide where the pupils are 63 mm apart (Dodgson, SPIE 5291, 2004). A straight look puts
# the eye centre a little above the corners and to the outside. Width and places: medians over the 381 faces
# of net_7876 that look ahead, `python -m export.neutral`.
RADIUS = 0.365
OUTWARDS, UP = 0.027, 0.061


def gaze(
    landmarks: np.ndarray, centres: np.ndarray, confidence: np.ndarray, openness: tuple[float, float]
) -> Gaze | None:
    """The common direction of both eyes, or of the one that is open; None when both are shut.

    `landmarks` (478, 3) in pixels, `centres` (2, 2): left, right in pixels, `confidence` (2,) and
    `openness`: 0..1. An eye counts as much as its centre is sure.
    """
    weights = np.where(np.array(openness) >= CLOSED, np.maximum(confidence, 1e-3), 0.0)
    if not weights.any():
        return None
    across, along, out = axes(landmarks)
    points = np.asarray(landmarks, np.float64)
    direction = np.zeros(3)
    for corners, side, centre, weight in zip(
        (LEFT_CORNERS, RIGHT_CORNERS), (1, -1), centres, weights, strict=True
    ):
        ends = points[list(corners)]
        width = max(float(np.linalg.norm(ends[1] - ends[0])), 1e-6)
        ball = ends.mean(0) + width * (side * OUTWARDS * across - UP * along - RADIUS * out)
        x, y = np.clip((centre - ball[:2]) / (RADIUS * width), -1, 1)
        direction += weight * np.array([x, y, -np.sqrt(max(0.0, 1 - x * x - y * y))])
    x, y, z = direction / np.linalg.norm(direction)
    return Gaze(float(np.degrees(np.arctan2(x, -z))), float(np.degrees(np.arcsin(-y))))
