"""All measures of many faces at once, on both sides."""

from __future__ import annotations

import numpy as np

from app.stages.actions.measures import MEASURES, landmarks_of
from export.affect.actions.mesh import straightened
from export.data.arrays import Floats, Landmarks, LandmarksOfFaces


def measured(faces: LandmarksOfFaces, mesh: Landmarks) -> Floats:
    """(n, 2, m): the MEASURES in their order, left and right, of n faces (n, 478, 3) in pixels."""
    used = landmarks_of(MEASURES)
    places = {landmark: place for place, landmark in enumerate(used)}
    straight = straightened(faces, mesh)[:, used].reshape(len(faces), -1)
    points = dict(enumerate(mesh))
    sides = [np.stack([m.row(places, points, left=left) for m in MEASURES]) for left in (True, False)]
    return np.stack([straight @ rows.T for rows in sides], 1)
