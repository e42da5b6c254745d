"""How often an action seems strong in neutral faces, by how far their heads are turned to a side."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from app.stages.actions.names import ACTIONS
from app.stages.pose import head_pose
from export.affect.actions.faces import LandmarkedFaces
from export.data.arrays import Floats

STEPS = (0, 10, 20, 30, 90)  # degrees of yaw, to either side
STRONG = 0.95  # of an action, which no neutral face should reach


def false_alarms(
    faces: LandmarkedFaces, values: Floats, action: str
) -> Iterator[tuple[int, int, float, int]]:
    """For each step of STEPS: from and to how many degrees, the share (0..1) of the neutral faces turned so
    far whose `action` is STRONG on a side, and how many such faces there are. The share is NaN without faces.

    `values` (n, a) are the actions of the n faces, in the order of ACTIONS.
    """
    columns = [place for place, name in enumerate(ACTIONS) if name.partition("_")[0] == action]
    strong = values[:, columns].max(1) >= STRONG
    yaw = np.abs([head_pose(face.astype(np.float32)).yaw for face in faces.landmarks])
    for low, high in pairwise(STEPS):
        chosen = faces.showing("neutral") & (yaw >= low) & (yaw < high)
        share = float(strong[chosen].mean()) if chosen.any() else float("nan")
        yield low, high, share, int(chosen.sum())
