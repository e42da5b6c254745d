"""Heatmap losses: exact where the mathematics is."""

from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export.losses import heatmap  # noqa: E402

CENTRES = torch.tensor([[[60.25, 40.5], [20.0, 44.75]]])


def test_gaussian_has_height_one_at_its_centre_and_the_right_width():
    maps = heatmap.gaussians(CENTRES, 96, 3.0)
    assert maps.shape == (1, 2, 96, 96)
    assert maps[0, 1, 44, 20].item() == pytest.approx(math.exp(-(0.75**2) / 18))
    assert maps[0, 1, 44, 23].item() / maps[0, 1, 44, 20].item() == pytest.approx(math.exp(-0.5), rel=1e-5)


def test_right_logits_cost_nothing_and_give_the_centre():
    logits = heatmap.gaussians(CENTRES, 96, 3.0).clamp_min(1e-30).log()
    assert heatmap.cross_entropy(logits, CENTRES, 3.0).abs().max() < 1e-3
    found = heatmap.expectation(logits, 2.0)
    assert torch.allclose(found, CENTRES, atol=1e-3)


def test_flat_logits_cost_the_difference_of_the_entropies():
    cost = heatmap.cross_entropy(torch.zeros(1, 2, 96, 96), CENTRES, 3.0)
    gaussian = math.log(2 * math.pi * math.e * 9)  # nats, of a Gaussian of sigma 3 in two dimensions
    assert cost[0, 0].item() == pytest.approx(math.log(96 * 96) - gaussian, abs=1e-3)


def test_distance_has_a_finite_gradient_at_zero_and_a_small_one_far_away():
    found = CENTRES.clone().requires_grad_()
    heatmap.robust_distance(found, CENTRES, 1.0).sum().backward()
    assert torch.isfinite(found.grad).all()
    shift = torch.tensor([3.0, 4.0])
    far = heatmap.robust_distance(CENTRES + shift, CENTRES, 1.0)
    assert far[0, 0].item() == pytest.approx(math.log(6), abs=1e-4)


def test_mean_squared_is_the_mean_over_the_map():
    cost = heatmap.mean_squared(torch.zeros(1, 2, 96, 96), CENTRES, 3.0)
    assert cost[0, 0].item() == pytest.approx(math.pi * 9 / 96**2, rel=1e-3)
