"""How often neutral faces seem to do something, by how far their heads are turned."""

from itertools import pairwise

import numpy as np
import pytest

from app.stages.actions.names import ACTIONS
from app.types import EXPRESSIONS
from export.affect.actions.faces import LandmarkedFaces
from export.affect.actions.sideways import STEPS, false_alarms


def head(yaw):
    """(478, 3): a head that is turned by `yaw` degrees; only what its pose is read from."""
    points = np.zeros((478, 3))
    points[10], points[152] = [0, -100, 0], [0, 100, 0]
    for sides, x in (((356, 454, 323), 80), ((127, 234, 93), -80)):
        points[list(sides)] = [x * np.cos(np.radians(yaw)), 0, x * np.sin(np.radians(yaw))]
    return points


def test_only_neutral_faces_count_each_in_its_own_step():
    faces = LandmarkedFaces(
        np.stack([head(yaw) for yaw in (0, -5, 15, 25, 0)]),
        np.array([EXPRESSIONS.index(word) for word in ("neutral",) * 4 + ("happy",)]),
    )
    values = np.zeros((5, len(ACTIONS)))
    values[[0, 3, 4], ACTIONS.index("au14_right")] = 1
    found = list(false_alarms(faces, values, "au14"))
    assert [(low, high) for low, high, *_ in found] == list(pairwise(STEPS))
    assert [count for *_, count in found] == [2, 1, 1, 0]
    assert [share for _, _, share, _ in found] == pytest.approx([0.5, 0, 1, np.nan], nan_ok=True)
