"""The mesh that faces are laid onto: the mean of many neutral faces, with left and right alike."""

from __future__ import annotations

import numpy as np

from app.stages.actions.points import LEFT_OF, RIGID
from app.stages.actions.straighten import straighten
from export.data.arrays import Floats, Landmarks, LandmarksOfFaces

ROUNDS = 6  # of laying all faces onto their mean: it no longer moves then
FOREHEAD, CHIN, RIGHT_CORNER, LEFT_CORNER = 10, 152, 33, 263


def mean_mesh(landmarks: LandmarksOfFaces) -> Landmarks:
    """(478, 3): the mean of n faces (n, 478, 3) in pixels, laid onto each other by the rigid landmarks.

    x to the person's left, y up, z out of the face; the origin lies between the outer corners of the eyes,
    which are 1 apart. Landmarks of `points.LEFT_OF` lie opposite each other exactly.
    """
    faces = landmarks.astype(np.float64)
    mesh = _in_place(faces[0])
    for _ in range(ROUNDS):
        mesh = _in_place(straightened(faces, mesh).mean(0))
    right, left = np.array(list(LEFT_OF)), np.array(list(LEFT_OF.values()))
    turned = mesh * [-1, 1, 1]
    even = mesh.copy()
    even[right], even[left] = (mesh[right] + turned[left]) / 2, (mesh[left] + turned[right]) / 2
    middle = [landmark for landmark in RIGID if landmark not in LEFT_OF and landmark not in LEFT_OF.values()]
    even[middle, 0] = 0
    return even


def straightened(faces: LandmarksOfFaces, mesh: Landmarks) -> Floats:
    """(n, 478, 3): the faces (n, 478, 3) laid onto `mesh` (478, 3) by the rigid landmarks."""
    rigid = list(RIGID)
    exact, laid_onto = faces.astype(np.float64), mesh[rigid].astype(np.float64)
    return np.stack([straighten(face, face[rigid], laid_onto) for face in exact])


def _in_place(face: Landmarks) -> Landmarks:
    """`face` turned upright and scaled; of landmarks in pixels y runs down and z away from the camera."""
    across = face[LEFT_CORNER] - face[RIGHT_CORNER]
    width = float(np.linalg.norm(across))
    across = across / width
    up = face[FOREHEAD] - face[CHIN]
    up = up - across * (across @ up)
    up /= np.linalg.norm(up)
    middle = (face[LEFT_CORNER] + face[RIGHT_CORNER]) / 2
    placed: Landmarks = (face - middle) @ np.stack([across, up, np.cross(across, up)]).T / width
    return placed
