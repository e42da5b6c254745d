"""The spread of valence and arousal under probabilities; exact where it can be told by hand."""

import numpy as np
import pytest

from app.stages.circumplex import COORDINATES, expectation, spread
from app.types import EXPRESSIONS


def probs(**values):
    return np.array([values.get(name, 0.0) for name in EXPRESSIONS], np.float32)


def test_certainty_has_no_spread():
    for i in range(len(EXPRESSIONS)):
        assert spread(np.eye(len(EXPRESSIONS))[i]) == pytest.approx(np.zeros((2, 2)), abs=1e-6)


def test_two_expressions_spread_along_the_line_between_them():
    even = probs(neutral=0.5, happy=0.5)
    half = COORDINATES[EXPRESSIONS.index("happy")] / 2
    assert spread(even) == pytest.approx(np.outer(half, half), abs=1e-6)
    assert expectation(even[None])[0] == pytest.approx(half)
