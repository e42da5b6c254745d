"""Direction of the head, from the landmarks alone."""

from __future__ import annotations

import numpy as np

from app.types import Pose

FOREHEAD, CHIN = 10, 152
LEFT_SIDE, RIGHT_SIDE = (356, 454, 323), (127, 234, 93)  # of the face's outline at eye and ear height


def head_pose(landmarks: np.ndarray) -> Pose:
    """Yaw, pitch and roll in degrees from (478, 3) landmarks in pixels, z in the scale of x.

    One axis runs across the head from its right to its left side, one along it from forehead to chin, one
    out of the face. The head that faces the camera was turned by the roll about the axis out of the face,
    then by the pitch about the picture's horizontal, then by the yaw about its vertical.
    """
    points = np.asarray(landmarks, np.float64)
    across = points[list(LEFT_SIDE)].mean(0) - points[list(RIGHT_SIDE)].mean(0)
    along = points[CHIN] - points[FOREHEAD]
    out = np.cross(along, across)  # towards the camera, where z is negative
    across, out = across / np.linalg.norm(across), out / np.linalg.norm(out)
    along = np.cross(across, out)  # square to both
    return Pose(
        yaw=float(np.degrees(np.arctan2(out[0], -out[2]))),
        pitch=float(np.degrees(np.arcsin(np.clip(-out[1], -1, 1)))),
        roll=float(np.degrees(np.arctan2(across[1], along[1]))),
    )
