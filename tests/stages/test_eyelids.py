"""How far eyes are open, and how sure a centre behind lids is."""

from __future__ import annotations

import numpy as np
import pytest

from app.stages.eyelids import CLOSED, openness, visible_confidence
from app.stages.landmarks import LEFT_EYE, RIGHT_EYE


def lids(left: float, right: float) -> np.ndarray:
    """Landmarks of eyes 10 wide and so high."""
    landmarks = np.zeros((478, 3))
    for eye, height in ((LEFT_EYE, left), (RIGHT_EYE, right)):
        landmarks[list(eye), 0] = [0, 3, 7, 10, 7, 3]
        landmarks[list(eye), 1] = [0, height / 2, height / 2, 0, -height / 2, -height / 2]
    return landmarks


def test_openness_goes_from_shut_to_open():
    assert openness(lids(2.8, 0.6)) == pytest.approx((1, 0))
    assert openness(lids(1.7, 5.0)) == pytest.approx((0.5, 1))


def test_a_closed_eye_has_a_low_confidence_and_an_open_one_keeps_its_own():
    sure = np.array([0.96, 0.95], np.float32)
    assert visible_confidence(sure, (1.0, CLOSED)).tolist() == sure.tolist()
    assert visible_confidence(sure, (0.0, CLOSED / 2)) == pytest.approx([0, 0.95 / 4])
    assert visible_confidence(sure, (0.5, 0.5)).dtype == np.float32
