"""Direction of the head, from the landmarks alone."""

from __future__ import annotations

import numpy as np

from app.types import Pose

# Landmarks that expressions hardly move: outer and inner eye corners, bridge and root of the nose ...
FOREHEAD, CHIN = 10, 152
LEFT_SIDE, RIGHT_SIDE = (356, 454, 323), (127, 234, 93)  # of the face's outline at eye and ear height


def head_pose(landmarks: np.ndarray) -> Pose:
    """Yaw, pitch and roll in degrees from (478, 3) landmarks in pixels, z in the scale of x.

    The axis across the head runs from its right to its left side, the axis along it from forehead to chin;
    what is square to both points out of the face. The angles are those of this frame, in the order
    yaw, pitch, roll. Raises nothing: a flat set of landmarks faces the camera.
    """
    points = np.asarray(landmarks, np.float64)
    across = points[list(LEFT_SIDE)].mean(0) - points[list(RIGHT_SIDE)].mean(0)
    down = points[CHIN] - points[FOREHEAD]
    out = np.cross(down, across)  # towards the camera: negative z
    x, y, z = out / max(float(np.linalg.norm(out)), 1e-9)
    return Pose(
        yaw=float(np.degrees(np.arctan2(x, -z))),
        pitch=float(np.degrees(np.arcsin(np.clip(-y, -1, 1)))),
        roll=float(np.degrees(np.arctan2(across[1], across[0]))),
    )
