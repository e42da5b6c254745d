"""How good made faces are, where the numbers are known."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export.synthesis.gan.figures import (  # noqa: E402
    Eigenfaces,
    frechet,
    inception_score,
    kept,
    recognised,
    shares,
)
from export.synthesis.gan.report import balanced, distances  # noqa: E402

FEATURES = np.random.default_rng(0).normal(size=(200, 5))


def test_the_frechet_distance_of_gaussians():
    assert frechet(FEATURES, FEATURES) == pytest.approx(0, abs=1e-9)
    shift = np.array([3.0, 0, 4, 0, 0])
    assert frechet(FEATURES, FEATURES + shift) == pytest.approx(25)
    centred = FEATURES - FEATURES.mean(0)
    spread = np.trace(np.cov(centred, rowvar=False))
    assert frechet(centred, 3 * centred) == pytest.approx(4 * spread)


def test_the_inception_score_goes_from_one_to_eight():
    assert inception_score(np.full((10, 8), 1 / 8)) == pytest.approx(1)
    assert inception_score(np.eye(8)) == pytest.approx(8)
    assert inception_score(np.eye(8)[[0, 0, 1, 1]]) == pytest.approx(2)


def test_shares_are_of_the_faces_that_were_wanted_so():
    found = shares(np.array([0, 1, 1, 3]), np.array([0, 0, 1, 2]))
    assert found[:3].tolist() == [50, 100, 0] and np.isnan(found[3:]).all()


def test_what_a_mask_keeps_is_weighed_by_it():
    before = np.full((1, 1, 2, 2), 100, np.uint8)
    after = np.array([[[[100, 110], [140, 100]]]], np.uint8)
    masks = np.array([[[[1.0, 0.5], [0.0, 0.5]]]])
    assert kept(before, after, masks) == pytest.approx(0.5 * 10 / 2)
    assert np.isnan(kept(before, after, 0 * masks))


def test_a_face_is_recognised_when_its_own_is_the_nearest():
    faces = np.eye(4)
    made = np.array([[2.0, 0.1, 0, 0], [0, 0, 0.1, 0.2], [0, 5.0, 0, 0]])
    assert recognised(faces, made, np.array([0, 2, 1])) == pytest.approx(200 / 3)


def test_the_embedding_has_unit_spread_over_the_faces_it_is_fitted_to():
    pictures = np.random.default_rng(0).integers(0, 256, (300, 1, 4, 4), np.uint8)
    embed = Eigenfaces(pictures, count=5)
    given = embed(pictures)
    assert given.shape == (300, 5)
    np.testing.assert_allclose(np.cov(given, rowvar=False), np.eye(5), atol=1e-6)
    assert recognised(given, embed(pictures[:20]), np.arange(20)) == 100


def test_each_expression_counts_alike_in_the_score_of_real_faces():
    probs = np.eye(8)[[0, 0, 0, 1]]
    assert inception_score(balanced(probs, np.array([0, 0, 0, 1]))) == pytest.approx(2)


def test_distances_are_between_as_many_faces_in_all_rows():
    rng = np.random.default_rng(0)
    labels, wanted = np.resize([0, 1, 3, 6], 400), np.resize([0, 1, 3, 6], 200)
    real = rng.normal(size=(400, 4)) + labels[:, None]
    made = rng.normal(size=(200, 4)) + wanted[:, None]
    unchanged = rng.normal(size=(200, 4)) + wanted[::-1, None]
    found = distances(made, unchanged, wanted, real, labels)
    assert found["real"] < 0.6 and found["made"] < 0.6 and found["unchanged"] > 3
