"""Pose: the direction of the head, from the landmarks alone."""

from __future__ import annotations

import math

import numpy as np

from app.types import Landmarks, Matrix, Pose

Vector = tuple[float, float, float]
"""x, y, z. A few vectors of three are quicker in Python's own numbers than in arrays."""

FOREHEAD, CHIN = 10, 152
LEFT_SIDE, RIGHT_SIDE = (356, 454, 323), (127, 234, 93)  # of the face's outline at eye and ear height
# Degrees: so far the line from forehead to chin leans back in a face that looks straight ahead. The median
# over the 381 faces of net_7876's test pictures within 10 degrees of no yaw and no roll (python -m
# export.limits.head); it is taken off.
LEAN = 8.3
_COS, _SIN = math.cos(math.radians(LEAN)), math.sin(math.radians(LEAN))
_ENDS = np.array([FOREHEAD, CHIN, *LEFT_SIDE, *RIGHT_SIDE])


def axes(landmarks: Landmarks) -> tuple[Vector, Vector, Vector]:
    """Three unit vectors of the head, at right angles: to its left, down, and out of the face.

    `landmarks` (478, 3) are in pixels, z in the scale of x. The first vector goes from the head's right side
    to its left, the second from forehead to chin, the third is at right angles to both; the face's own LEAN
    is taken off.
    """
    forehead, chin, left_1, left_2, left_3, right_1, right_2, right_3 = landmarks[_ENDS].tolist()
    sides = zip(left_1, left_2, left_3, right_1, right_2, right_3, strict=True)
    x, y, z = ((a + b + c) / 3 - (d + e + f) / 3 for a, b, c, d, e, f in sides)
    across = _unit((x, y, z))
    down = (chin[0] - forehead[0], chin[1] - forehead[1], chin[2] - forehead[2])
    out = _unit(_cross(down, across))  # towards the camera, where z is negative
    along = _cross(across, out)
    (ax, ay, az), (ox, oy, oz) = along, out
    return (
        across,
        (_COS * ax + _SIN * ox, _COS * ay + _SIN * oy, _COS * az + _SIN * oz),
        (_COS * ox - _SIN * ax, _COS * oy - _SIN * ay, _COS * oz - _SIN * az),
    )


def _cross(a: Vector, b: Vector) -> Vector:
    (ax, ay, az), (bx, by, bz) = a, b
    return ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx


def _unit(a: Vector) -> Vector:
    """The vector of length 1 in the direction of `a`."""
    x, y, z = a
    length = math.sqrt(x * x + y * y + z * z)
    return x / length, y / length, z / length


def head_pose(landmarks: Landmarks) -> Pose:
    """Yaw, pitch and roll in degrees, from (478, 3) landmarks in pixels, z in the scale of x.

    A head that faces the camera gets this pose when it is turned by the roll about the axis out of the face,
    then by the pitch about the picture's horizontal, then by the yaw about its vertical.
    """
    across, along, out = axes(landmarks)
    return Pose(
        yaw=math.degrees(math.atan2(out[0], -out[2])),
        pitch=math.degrees(math.asin(min(max(-out[1], -1.0), 1.0))),
        roll=math.degrees(math.atan2(across[1], along[1])),
    )


def turned(pose: Pose) -> Matrix:
    """(3, 3): the unit vectors that `axes` finds in a head with this `pose`, one in each row."""
    yaw, pitch, roll = np.radians([pose.yaw, pose.pitch, pose.roll])
    rolled = np.array([[np.cos(roll), np.sin(roll), 0], [-np.sin(roll), np.cos(roll), 0], [0, 0, -1]])
    nod = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
    turn = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
    rows: Matrix = rolled @ (turn @ nod).T
    return rows
