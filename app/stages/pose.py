"""Pose: the direction of the head, from the landmarks alone."""

from __future__ import annotations

import numpy as np

from app.types import Floats, Landmarks, Matrix, Pose

FOREHEAD, CHIN = 10, 152
LEFT_SIDE, RIGHT_SIDE = (356, 454, 323), (127, 234, 93)  # of the face's outline at eye and ear height
# Degrees: so far the line from forehead to chin leans back in a face that looks straight ahead. The median
# over the 381 faces of net_7876's test pictures within 10 degrees of no yaw and no roll (python -m
# export.limits.head); it is taken off.
LEAN = 8.3
_COS, _SIN = np.cos(np.radians(LEAN)), np.sin(np.radians(LEAN))
_ENDS = np.array([FOREHEAD, CHIN, *LEFT_SIDE, *RIGHT_SIDE])


def axes(landmarks: Landmarks) -> tuple[Floats, Floats, Floats]:
    """Three unit vectors (3,) of the head, at right angles: to its left, down, and out of the face.

    `landmarks` (478, 3) are in pixels, z in the scale of x. The first vector goes from the head's right side
    to its left, the second from forehead to chin, the third is at right angles to both; the face's own LEAN
    is taken off.
    """
    points = np.asarray(landmarks[_ENDS], np.float64)
    across = points[2:5].mean(0) - points[5:8].mean(0)
    out = _cross(points[1] - points[0], across)  # towards the camera, where z is negative
    across, out = across / np.linalg.norm(across), out / np.linalg.norm(out)
    along = _cross(across, out)
    return across, _COS * along + _SIN * out, _COS * out - _SIN * along


def _cross(a: Floats, b: Floats) -> Floats:
    """As np.cross, which takes ten times as long for two vectors."""
    (ax, ay, az), (bx, by, bz) = a.tolist(), b.tolist()
    return np.array([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])


def head_pose(landmarks: Landmarks) -> Pose:
    """Yaw, pitch and roll in degrees, from (478, 3) landmarks in pixels, z in the scale of x.

    A head that faces the camera gets this pose when it is turned by the roll about the axis out of the face,
    then by the pitch about the picture's horizontal, then by the yaw about its vertical.
    """
    across, along, out = axes(landmarks)
    return Pose(
        yaw=float(np.degrees(np.arctan2(out[0], -out[2]))),
        pitch=float(np.degrees(np.arcsin(min(max(-out[1], -1.0), 1.0)))),
        roll=float(np.degrees(np.arctan2(across[1], along[1]))),
    )


def turned(pose: Pose) -> Matrix:
    """(3, 3): the unit vectors that `axes` finds in a head with this `pose`, one in each row."""
    yaw, pitch, roll = np.radians([pose.yaw, pose.pitch, pose.roll])
    rolled = np.array([[np.cos(roll), np.sin(roll), 0], [-np.sin(roll), np.cos(roll), 0], [0, 0, -1]])
    nod = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
    turn = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
    rows: Matrix = rolled @ (turn @ nod).T
    return rows
