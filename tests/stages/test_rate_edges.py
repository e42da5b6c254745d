"""The span that a rate looks back on, to the frame."""

import math

from app.stages.rate import MIN_FRAMES, SPAN, Rate


def test_exactly_two_seconds_are_counted():
    assert (SPAN, MIN_FRAMES) == (2.0, 4)
    rate = Rate()
    found = [rate.add(time) for time in (0.0, 0.5, 0.75, 1.0, 1.5, 2.0, 2.0625)]
    assert found == [math.inf] * 3 + [3.0, round(4 / 1.5, 3), 2.5, round(5 / 1.5625, 3)]


def test_the_same_time_twice_starts_again():
    rate = Rate()
    assert [rate.add(time) for time in (0.0, 1.0, 2.0, 3.0, 3.0, 4.0, 5.0, 6.0)] == [
        math.inf, math.inf, math.inf, 1.0, math.inf, math.inf, math.inf, 1.0,
    ]  # fmt: skip


def test_a_rate_has_three_decimals():
    rate = Rate()
    assert [rate.add(i / 30.00049) for i in range(4)][-1] == 30.0
    rate = Rate()
    assert [rate.add(i * 0.7) for i in range(4)][-1] == 1.429
