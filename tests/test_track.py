"""Ids on made-up paths and on real clips."""

from __future__ import annotations

import numpy as np
import pytest

from app.detect import Detector
from app.track import Tracker
from app.types import Detection


def face(x: float, y: float = 200.0, size: float = 100.0) -> Detection:
    box = np.array([x - size / 2, y - size / 2, x + size / 2, y + size / 2], np.float32)
    return Detection(np.zeros((478, 3), np.float32), box, np.zeros((2, 2), np.float32))


def follow(paths, rate: float = 30.0) -> list[tuple[int, ...]]:
    """The ids of each frame; `paths` gives the faces of each frame."""
    tracker = Tracker()
    return [tracker.assign(faces, i / rate) for i, faces in enumerate(paths)]


def test_a_moving_face_keeps_its_id():
    assert set(follow([[face(100 + 20 * i)] for i in range(40)])) == {(1,)}


@pytest.mark.parametrize("rate", [8.0, 15.0, 60.0])
def test_at_other_rates_too(rate):
    assert set(follow([[face(100 + 500 * i / rate)] for i in range(40)], rate)) == {(1,)}


def test_a_face_that_comes_closer_keeps_its_id():
    assert set(follow([[face(300, size=40 * 1.05**i)] for i in range(40)])) == {(1,)}


def test_the_order_of_detections_does_not_matter():
    ids = follow([[face(100), face(500)], [face(502), face(101)], [face(100), face(503)]])
    assert ids == [(1, 2), (2, 1), (1, 2)]


def test_two_who_cross_keep_their_ids():
    ids = follow([[face(100 + 12 * i, 200), face(580 - 12 * i, 215)] for i in range(40)])
    assert set(ids) == {(1, 2)}


def test_two_who_cross_while_one_hides_the_other():
    def paths():
        for i in range(40):
            a, b = face(100 + 12 * i, 200), face(580 - 12 * i, 210, 80)
            yield [a] if 16 <= i <= 24 else [a, b]

    ids = follow(paths())
    assert set(ids[:16]) == {(1, 2)} and set(ids[16:25]) == {(1,)} and set(ids[25:]) == {(1, 2)}


@pytest.mark.parametrize(("gap", "id"), [(0.2, 1), (0.9, 1), (1.2, 2)])
def test_out_of_sight(gap, id):
    tracker = Tracker()
    assert tracker.assign([face(300)], 0.0) == (1,)
    assert tracker.assign([], 0.1) == ()
    assert tracker.assign([face(310)], gap) == (id,)


def test_a_moving_face_is_met_again_where_it_was_going():
    tracker = Tracker()
    for i in range(15):
        tracker.assign([face(100 + 10 * i)], i / 30)
    assert tracker.assign([face(300)], 0.8) == (1,)


def test_a_new_person_gets_a_new_id():
    ids = follow([[face(100)], [face(100), face(400)], [face(400)], [face(400), face(700)]])
    assert ids == [(1,), (1, 2), (2,), (2, 3)]


def test_someone_far_away_or_of_another_size_is_someone_else():
    tracker = Tracker()
    assert tracker.assign([face(100)], 0.0) == (1,)
    assert tracker.assign([face(600)], 0.1) == (2,)
    assert tracker.assign([face(600, size=30)], 0.2) == (3,)


def test_ended_names_those_who_are_gone_for_good():
    tracker = Tracker()
    tracker.assign([face(100), face(500)], 0.0)
    tracker.assign([face(100)], 0.5)
    assert tracker.ended == ()
    tracker.assign([face(100)], 1.1)
    assert tracker.ended == (2,)
    tracker.assign([face(100)], 1.2)
    assert tracker.ended == ()


def test_a_clock_that_goes_back_starts_anew():
    tracker = Tracker()
    assert tracker.assign([face(100)], 5.0) == (1,)
    assert tracker.assign([face(100)], 0.0) == (2,)


@pytest.mark.parametrize(
    ("clip", "people"), [("two-people.mp4", 2), ("three-people-walking.mp4", 3), ("one-face.mp4", 1)]
)
def test_people_in_real_clips_keep_their_ids(frames, clip, people):
    detector, tracker = Detector(4), Tracker()
    places: dict[int, list[float]] = {}
    for frame in frames(clip):
        detections = detector.detect(frame.image)
        for id, found in zip(tracker.assign(detections, frame.time), detections, strict=True):
            places.setdefault(id, []).append(found.box[0] / frame.image.shape[1])
    assert sorted(places) == list(range(1, people + 1))
    assert all(np.ptp(place) < 0.2 for place in places.values())  # nobody jumps to another's place
