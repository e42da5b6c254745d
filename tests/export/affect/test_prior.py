"""Prior correction: exact where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from export.affect import prior

SHARES = np.array([0.5, 0.3, 0.1, 0.05, 0.02, 0.01, 0.01, 0.01])


def test_power_nothing_leaves_the_answer_and_power_one_takes_the_shares_out():
    probs = np.random.default_rng(0).dirichlet(np.ones(8), 5)
    assert prior.corrected(probs, SHARES, 0.0) == pytest.approx(probs)
    even = np.full((1, 8), 1 / 8)
    assert prior.corrected(SHARES[None], SHARES, 1.0) == pytest.approx(even)
    odds = prior.corrected(probs, SHARES, 0.5)
    assert odds[:, 3] / odds[:, 0] == pytest.approx(probs[:, 3] / probs[:, 0] * (0.5 / 0.05) ** 0.5)
    assert odds.sum(1) == pytest.approx(np.ones(5))


def test_a_temperature_divides_the_logarithms_and_changes_no_answer():
    probs = np.random.default_rng(1).dirichlet(np.ones(8), 50)
    soft = prior.corrected(probs, SHARES, 0.4 / 2.0, 2.0)
    plain = prior.corrected(probs, SHARES, 0.4)
    assert np.log(soft[:, 1] / soft[:, 2]) == pytest.approx(np.log(plain[:, 1] / plain[:, 2]) / 2)
    assert np.array_equal(soft.argmax(1), plain.argmax(1))


def drawn(count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Labels by SHARES, and the true probabilities after one noisy look at each."""
    rng = np.random.default_rng(2)
    labels = rng.choice(8, count, p=SHARES)
    seen = rng.normal(0, 1, (count, 8)) + 2.5 * np.eye(8)[labels]
    likely = SHARES * np.exp(2.5 * seen)
    return likely / likely.sum(1, keepdims=True), labels


def test_recall_is_bought_for_no_more_accuracy_than_allowed():
    probs, labels = drawn()
    plain = prior.worth(probs, labels)
    free, _ = prior.choose(probs, labels, SHARES, 0.0)
    power, heat = prior.choose(probs, labels, SHARES, 2.0)
    found = prior.worth(prior.corrected(probs, SHARES, power / heat, heat), labels)
    assert 0 <= free < power <= 1
    assert plain.accuracy - 2.0 <= found.accuracy < plain.accuracy and found.recall > plain.recall + 3


def test_the_temperature_of_true_probabilities_is_one_and_of_too_sure_ones_more():
    probs, labels = drawn()
    assert prior.temperature(probs, labels, SHARES, 0.0) == pytest.approx(1, abs=0.05)
    sure = prior.corrected(probs, SHARES, 0.0, 0.6)
    assert prior.temperature(sure, labels, SHARES, 0.0) == pytest.approx(1 / 0.6, rel=0.06)
