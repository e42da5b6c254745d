"""A rate from made-up times of frames."""

import math

import pytest

from app.stages.rate import MIN_FRAMES, SPAN, Rate


def seen(times):
    rate = Rate()
    return [rate.add(time) for time in times]


@pytest.mark.parametrize("rate", [0.5, 5.0, 10.0, 30.0, 60.0])
def test_a_steady_stream_has_its_rate_as_soon_as_it_can_be_told(rate):
    found = seen([i / rate for i in range(100)])
    assert found[: MIN_FRAMES - 1] == [math.inf] * (MIN_FRAMES - 1)
    assert found[MIN_FRAMES - 1 :] == pytest.approx([rate] * (100 - MIN_FRAMES + 1))


def test_it_looks_back_two_seconds():
    times = [i / 30 for i in range(90)]
    slow = [times[-1] + (i + 1) / 5 for i in range(20)]
    found = seen(times + slow)[90:]
    assert found == sorted(found, reverse=True)
    assert found[round(SPAN * 5) :] == pytest.approx([5.0] * 10)


def test_a_frame_that_is_late_changes_little():
    times = [i / 30 + (0.2 if i >= 60 else 0) for i in range(70)]
    assert min(seen(times)[30:]) > 25


def test_after_a_gap_it_is_right_again_within_four_frames():
    times = [i / 30 for i in range(60)]
    found = seen(times + [30 + i / 30 for i in range(10)])[60:]
    assert max(found[:3]) < 1 and found[3:] == pytest.approx([30.0] * 7)


def test_a_time_that_runs_back_starts_again():
    assert seen([0.0, 1.0, 2.0, 3.0, 1.0])[3:] == [1.0, math.inf]
