"""What valence and arousal are worth against ratings: exact, on ratings made up for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from export.affect import figures
from export.affect.rated import figures as rated_figures
from export.data import ratings
from export.data.faces import Faces, made_up


@pytest.fixture
def faces() -> Faces:
    """Four happy faces and four sad ones, rated."""
    base = made_up(8)
    va = np.array(
        [[0.2, 0], [0.4, 0.1], [0.6, 0.2], [0.8, 0.3], [-0.4, -0.1], [-0.5, -0.2], [-0.6, 0], [-0.05, 0.3]]
    )
    return replace(base, va=va.astype(np.float32), labels=np.array([1, 1, 1, 1, 2, 2, 2, 2]))


def test_who_says_what_was_rated_agrees_in_everything(faces):
    for one in rated_figures.measure(faces.va.astype(float), faces).values():
        assert (one.ccc, one.sign, one.clear_sign) == pytest.approx((1, 100, 100))
        assert one.rmse == pytest.approx(0) and one.happy_correlation == pytest.approx(1)
        assert one.happy_spread == pytest.approx(one.happy_rated_spread)
    assert rated_figures.score(faces.va, faces.va) == pytest.approx(1)


def test_each_figure_by_hand(faces):
    said = faces.va.astype(float)
    said[:4, 0] = 0.5 - 0.5 * (said[:4, 0] - 0.5)  # among the happy half as wide, and the wrong way round
    said[7, 0] = 0.05  # a wrong sign, of a rating that is not clear
    said[4, 1] = 0.3  # and one that is not beyond 0.1, but not 0 either
    found = rated_figures.measure(said, faces)
    valence, arousal = found["valence"], found["arousal"]
    assert valence.happy_correlation == pytest.approx(-1)
    assert valence.happy_rated_spread == pytest.approx(np.sqrt(0.05), rel=1e-5)
    assert valence.happy_spread == pytest.approx(np.sqrt(0.05) / 2, rel=1e-5)
    assert (valence.sign, valence.clear_sign) == pytest.approx((100 * 7 / 8, 100))
    assert valence.rmse == pytest.approx(np.sqrt((0.45**2 * 2 + 0.15**2 * 2 + 0.1**2) / 8), rel=1e-5)
    assert arousal.rmse == pytest.approx(0.4 / np.sqrt(8), rel=1e-5)
    assert arousal.sign == pytest.approx(100 * 5 / 6)  # two are rated 0
    lines = rated_figures.lines(found)
    assert lines[0].startswith("valence: CCC ") and "sign 87.5 % (beyond 0.1: 100.0 %)" in lines[0]


def test_a_mean_answer_concords_with_nothing(faces):
    flat = np.tile(faces.va.mean(0), (8, 1)).astype(float)
    assert rated_figures.score(flat, faces.va.astype(float)) == pytest.approx(0)


def test_the_ceiling_is_what_the_truth_itself_reaches():
    rng = np.random.default_rng(0)
    truth = rng.normal(0, 0.3, (200_000, 2))
    passes = truth + rng.normal(0, np.array(ratings.APART) / np.sqrt(2), (2, *truth.shape))
    rated = passes.mean(0)
    assert np.sqrt(((passes[0] - passes[1]) ** 2).mean(0)) == pytest.approx(ratings.APART, rel=0.01)
    assert rated_figures.ceiling(rated) == pytest.approx(np.asarray(figures.ccc(truth, rated)), abs=1e-3)
