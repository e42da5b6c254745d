"""Platt scaling on points that are known."""

from __future__ import annotations

import numpy as np
import pytest

from export.eyes.calibrate import platt


def test_probabilities_that_made_the_points_come_back():
    rng = np.random.default_rng(0)
    scores = rng.normal(3, 2, 20_000)
    right = rng.random(20_000) < 1 / (1 + np.exp(-(1.5 * scores - 3)))
    slope, offset = platt(scores, right)
    assert slope == pytest.approx(1.5, rel=0.05)
    assert offset == pytest.approx(-3, rel=0.05)


def test_scores_that_say_nothing_give_the_share():
    right = np.arange(1000) < 800
    slope, offset = platt(np.full(1000, 7.0), right)
    assert slope == 0
    assert 1 / (1 + np.exp(-offset)) == pytest.approx(0.8, abs=0.002)


def test_perfectly_separated_points_stay_finite():
    slope, offset = platt(np.arange(100.0), np.arange(100) > 49)
    assert np.isfinite([slope, offset]).all() and slope > 0
