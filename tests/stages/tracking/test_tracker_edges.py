"""How far a face may go, and how much it may grow, until it is somebody else: to the pixel."""

import numpy as np
import pytest

from app.stages.tracking.tracker import Tracker
from app.types import Detection


def face(x, y=200.0, size=100.0):
    box = np.array([x - size / 2, y - size / 2, x + size / 2, y + size / 2], np.float32)
    return Detection(np.zeros((478, 3), np.float32), box, np.zeros((2, 2), np.float32))


def after(*seen):
    """A tracker that has seen one face at these times (s) and places (px), always as number 1."""
    tracker = Tracker()
    for time, x in seen:
        assert tracker.assign([face(x)], time) == (1,)
    return tracker


@pytest.mark.parametrize(("passed", "reach"), [(0.125, 97.5), (0.5, 210.0), (1.0, 360.0)])
@pytest.mark.parametrize("way", [(1, 0), (-1, 0), (0, 1), (0.6, -0.8)])
def test_it_may_be_0_6_face_sizes_away_and_3_more_a_second(passed, reach, way):
    for away, id in ((reach - 0.25, 1), (reach + 0.25, 2)):
        tracker = after((4.0, 500))
        assert tracker.assign([face(500 + way[0] * away, 200 + way[1] * away)], 4.0 + passed) == (id,)


def test_the_larger_of_two_sizes_counts():
    for first, then in ((100, 125), (125, 100)):
        tracker = Tracker()
        assert tracker.assign([face(500, size=first)], 0.0) == (1,)
        assert tracker.assign([face(500 + 108, size=then)], 0.125) == (1,)


def test_it_may_become_larger_or_smaller_by_65_per_cent():
    for size, id in ((164, 1), (166, 2), (61, 1), (60, 2)):
        assert after((0.0, 500)).assign([face(500, size=size)], 0.125) == (id,)


@pytest.mark.parametrize("step", [50, -50])
def test_its_speed_is_learnt_in_a_tenth_and_lost_in_three_tenths_of_a_second(step):
    speed = (1 - np.exp(-1)) * step / 0.1
    expected = 500 + step + speed * 0.3 * (1 - np.exp(-0.5 / 0.3))
    for away, id in ((209.5, 1), (210.5, 2)):
        for side in (-1, 1):
            tracker = after((4.0, 500), (4.1, 500 + step))
            assert tracker.assign([face(expected + side * away)], 4.6) == (id,)


def test_two_frames_of_one_time_are_one_person_whose_speed_stays():
    speed = (1 - np.exp(-1)) * 500
    expected = 560 + speed * 0.3 * (1 - np.exp(-0.5 / 0.3))
    for away, id in ((209.5, 1), (210.5, 2)):
        tracker = after((4.0, 500), (4.1, 550), (4.1, 560))
        assert tracker.assign([face(expected + away)], 4.6) == (id,)


def test_a_clock_that_goes_back_a_little_starts_again_too():
    assert after((4.0, 500)).assign([face(500)], 3.5) == (2,)


def test_after_exactly_a_second_it_is_still_known():
    assert after((4.0, 500)).assign([face(500)], 5.0) == (1,)
    tracker = after((4.0, 500))
    assert tracker.assign([], 4.5) == () and tracker.assign([face(500)], 5.0625) == (2,)


def test_a_box_without_area_is_one_pixel_large():
    for first, then, id in ((0, 0, 1), (0, 1.625, 1), (0, 1.75, 2), (1, 1.75, 2)):
        tracker = Tracker()
        assert tracker.assign([face(500, size=first)], 0.0) == (1,)
        assert tracker.assign([face(500, size=then)], 0.125) == (id,)
