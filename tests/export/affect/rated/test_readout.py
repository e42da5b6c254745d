"""The linear readout: exact where ratings are linear in the features."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export.affect.rated import readout  # noqa: E402
from export.data.faces import made_up  # noqa: E402
from export.data.rated import CROP  # noqa: E402
from export.nets.heads import Affect  # noqa: E402


def linear(count: int, seed: int = 0):
    rng = np.random.default_rng(seed)
    pooled = rng.normal(2, 1, (count, 3))
    va = np.column_stack([0.1 * pooled[:, 0] - 0.05 * pooled[:, 2], 0.2 - 0.1 * pooled[:, 1]])
    return pooled, va


def test_what_is_linear_is_found_exactly_and_kept_within_the_plane():
    pooled, va = linear(30)
    found = readout.fit(pooled, va, np.ones(30), 0.0)
    assert found(pooled) == pytest.approx(np.clip(va, -1, 1), abs=1e-6)
    assert found(np.array([[1e3, 0, 0]]))[0, 0] == 1


def test_a_face_of_no_weight_is_not_heard_and_two_halves_are_a_whole():
    pooled, va = linear(30)
    wrong = va.copy()
    wrong[:5] = 7
    heard = np.ones(30)
    heard[:5] = 0
    assert readout.fit(pooled, wrong, heard, 0.1)(pooled) == pytest.approx(
        readout.fit(pooled[5:], va[5:], np.ones(25), 0.1)(pooled)
    )
    twice = np.concatenate([pooled, pooled[:3]]), np.concatenate([wrong, wrong[:3]])
    halves = np.ones(33)
    halves[[0, 1, 2, 30, 31, 32]] = 0.5
    assert readout.fit(*twice, halves, 0.1)(pooled) == pytest.approx(
        readout.fit(pooled, wrong, np.ones(30), 0.1)(pooled)
    )


def test_a_strong_ridge_gives_the_mean_and_the_best_strength_is_chosen_on_other_faces():
    pooled, va = linear(30)
    assert readout.fit(pooled, va, np.ones(30), 1e9)(pooled) == pytest.approx(
        np.tile(va.mean(0), (30, 1)), abs=1e-6
    )
    found, strength = readout.best((pooled, va, np.ones(30)), linear(20, seed=1))
    assert strength == min(readout.STRENGTHS)
    assert found(pooled) == pytest.approx(va, abs=1e-3)


class Mean(torch.nn.Module):
    """Features that are the means of the left and the right half."""

    def forward(self, crops):
        halves = crops.view(len(crops), 48, 2, 24).mean((1, 3)) / 256
        return Affect(torch.zeros(len(crops), 8), halves, halves, halves)


def test_a_network_is_read_as_the_mean_of_a_face_and_its_mirror_image():
    crops = made_up(5).crops(CROP)
    crops[:, :, :24] //= 2
    read = readout.read(Mean().eval(), crops, batch=2)
    means = crops.mean((1, 2)) / 256
    assert read.pooled == pytest.approx(np.column_stack([means, means]), abs=5e-3)
    assert read.probs == pytest.approx(np.full((5, 8), 1 / 8))


def test_of_several_networks_features_stand_side_by_side_and_probabilities_are_their_mean():
    crops = made_up(3).crops(CROP)
    one = readout.read(Mean().eval(), crops)
    both = readout.read_all([Mean().eval(), Mean().eval()], crops)
    assert np.array_equal(both.pooled, np.concatenate([one.pooled, one.pooled], 1))
    assert both.probs == pytest.approx(one.probs)
