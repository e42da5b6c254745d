"""Each person's own neutral face, and blinks, frame after frame."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.stages.actions.blinks import Blinks
from app.stages.actions.neutral import PRIOR, RunningNeutral
from app.types import Actions, Signals


def signals(best):
    probs = np.full(8, 0.05, np.float32)
    probs[best] = 0.65
    return Signals(np.zeros((2, 2), np.float32), probs, 0.0, 0.0)


def test_a_stranger_is_counted_from_the_population_and_who_stays_from_the_own_face():
    neutral, own = RunningNeutral(2), np.array([0.4, -0.2], np.float32)
    first = neutral.see(1, own, signals(0), "ok")
    assert first == pytest.approx(own / (PRIOR + 1))
    for _ in range(3000):
        last = neutral.see(1, own, signals(0), "ok")
    assert last == pytest.approx(own, abs=0.03)
    assert neutral.see(2, own, signals(1), "ok").tolist() == [0, 0]


@pytest.mark.parametrize(("best", "status"), [(1, "ok"), (0, "blurred")])
def test_only_a_neutral_face_that_is_seen_well_counts(best, status):
    neutral = RunningNeutral(1)
    for _ in range(100):
        assert neutral.see(1, np.ones(1, np.float32), signals(best), status).tolist() == [0]


def test_who_left_is_forgotten():
    neutral = RunningNeutral(1)
    neutral.see(1, np.ones(1, np.float32), signals(0), "ok")
    neutral.forget([1, 7])
    assert neutral.see(1, np.zeros(1, np.float32), signals(1), "ok").tolist() == [0]


def test_values_are_counted_from_the_neutral_face_and_stay_within_0_and_1():
    measured = np.array([0.5, 1.7, -0.3], np.float32)
    actions = Actions(measured, measured / 2, np.array([0.2, 0.2, 0.2], np.float32))
    assert actions.values.tolist() == pytest.approx([0.3, 1.0, 0.0])
    assert actions.shown.tolist() == pytest.approx([0.05, 0.65, 0.0])


def blink_times(blinks, shut, seconds):
    """The rate after `seconds` at 30 frames a second; `shut` are (start, end) with both eyes closed."""
    for i in range(int(seconds * 30) + 1):
        closed = any(start <= i / 30 < end for start, end in shut)
        rate = blinks.see(1, (0.0, 0.1) if closed else (1.0, 0.9), i / 30)
    return rate


def test_blinks_are_counted_a_minute_and_closed_eyes_are_no_blink():
    assert math.isnan(blink_times(Blinks(), [(1, 1.2)], 9))
    assert blink_times(Blinks(), [(1, 1.2), (5, 5.1), (7, 9)], 20) == pytest.approx(6)
    assert blink_times(Blinks(), [(1, 1.2), (100, 100.2)], 120) == pytest.approx(1)


def test_who_comes_back_late_is_counted_anew():
    blinks = Blinks()
    blink_times(blinks, [(1, 1.2)], 20)
    assert math.isnan(blinks.see(1, (1.0, 1.0), 60.0))
    blinks.forget([1])
    assert math.isnan(blinks.see(1, (1.0, 1.0), 61.0))
