"""Ids on made-up paths and on real clips."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.stages.tracking.tracker import Tracker
from app.types import Detection
from tests.conftest import new_detector


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


def test_a_clock_that_goes_back_starts_again():
    tracker = Tracker()
    assert tracker.assign([face(100)], 5.0) == (1,)
    assert tracker.assign([face(100)], 0.0) == (2,)


@pytest.mark.parametrize(
    ("clip", "people"), [("two-people.mp4", 2), ("three-people-walking.mp4", 3), ("one-face.mp4", 1)]
)
def test_people_in_real_clips_keep_their_ids(frames, clip, people):
    detector, tracker = new_detector(4), Tracker()
    places: dict[int, list[float]] = {}
    for frame in frames(clip):
        detections = detector.detect(frame.image)
        for id, found in zip(tracker.assign(detections, frame.time), detections, strict=True):
            places.setdefault(id, []).append(found.box[0] / frame.image.shape[1])
    assert sorted(places) == list(range(1, people + 1))
    assert all(np.ptp(place) < 0.2 for place in places.values())  # nobody jumps to another's place


def portrait(frame: np.ndarray, found: Detection) -> tuple[np.ndarray, np.ndarray]:
    """A face of 240x300 pixels cut from a picture, and how opaque it is: an oval with a soft rim."""
    middle, half = (found.box[:2] + found.box[2:]) / 2, (found.box[3] - found.box[1]) * np.array([0.6, 0.75])
    (x0, y0), (x1, y1) = np.maximum(middle - half, 0).astype(int), (middle + half).astype(int)
    oval = cv2.ellipse(np.zeros((300, 240), np.float32), (120, 150), (100, 135), 0, 0, 360, (1.0,), -1)
    return cv2.resize(frame[y0:y1, x0:x1], (240, 300)), cv2.GaussianBlur(oval, (9, 9), 0)


def test_two_real_faces_that_cross_keep_their_ids(frames):
    cut = []
    for clip, place in (("one-face.mp4", 0), ("two-people.mp4", 1)):
        (frame,) = frames(clip, 1)
        image = cv2.resize(frame.image, None, fx=2, fy=2)
        found = sorted(new_detector(still=True).detect(image), key=lambda d: d.box[0])[place]
        cut.append(portrait(image, found))
    detector, tracker = new_detector(), Tracker()
    seen = []
    for i in range(60):
        picture = np.full((720, 1280, 3), 90, np.uint8)
        for (face_, oval), x, y in zip(cut, (40 + 16 * i, 1000 - 16 * i), (200, 250), strict=True):
            part = picture[y : y + 300, x : x + 240]
            part[:] = part * (1 - oval[..., None]) + face_ * oval[..., None]
        found = detector.detect(picture)
        ids = tracker.assign(found, i / 30)
        seen.append([id for _, id in sorted((d.box[0], id) for d, id in zip(found, ids, strict=True))])
    assert sorted(seen[0]) == [1, 2]
    assert min(len(ids) for ids in seen) < 2  # one hid the other for a while
    assert seen[-1] == seen[0][::-1]


def skin(*colour: int) -> np.ndarray:
    return np.full((480, 640, 3), colour, np.uint8)


PALE, DARK = skin(140, 170, 210), skin(60, 90, 160)
FACE = np.random.default_rng(4).uniform(-40, 40, (478, 3)).astype(np.float32)


def at(x: float, y: float = 200.0) -> Detection:
    """A face of 100 pixels with landmarks, as looks need them."""
    return Detection(FACE + np.float32([x, y, 0]), face(x, y).box, np.zeros((2, 2), np.float32))


def test_another_face_at_the_same_place_is_a_cut_and_somebody_new():
    tracker = Tracker()
    assert [tracker.assign([at(300)], i / 30, PALE) for i in range(3)] == [(1,)] * 3
    assert tracker.assign([at(300)], 0.1, PALE.copy()) == (1,) and not tracker.cut
    tracker = Tracker()
    tracker.assign([at(300)], 0.0, room(1, PALE))
    assert tracker.assign([at(300)], 1 / 30, room(2, DARK)) == (2,) and tracker.cut
    assert tracker.assign([at(300)], 2 / 30, room(2, DARK)) == (2,) and not tracker.cut


def room(seed: int, face_of: np.ndarray) -> np.ndarray:
    """A picture with a face of this skin around (300, 200), before a wall of its own."""
    rough = np.random.default_rng(seed).uniform(20, 230, (12, 16, 3)).astype(np.uint8)
    wall = np.kron(rough, np.ones((40, 40, 1), np.uint8))
    wall[120:280, 220:380] = face_of[120:280, 220:380]
    return wall


def test_a_face_that_is_found_some_frames_after_the_cut_is_somebody_new():
    tracker = Tracker()
    tracker.assign([at(300)], 0.0, room(1, PALE))
    assert tracker.assign([], 1 / 30, room(2, DARK)) == () and tracker.cut
    assert tracker.assign([at(300)], 2 / 30, room(2, DARK)) == (2,) and not tracker.cut


def test_a_cut_to_the_same_face_keeps_its_id():
    tracker = Tracker()
    tracker.assign([at(300)], 0.0, room(1, PALE))
    brighter = np.clip(PALE * 1.1, 0, 255).astype(np.uint8)
    assert tracker.assign([at(310)], 1 / 30, room(2, brighter)) == (1,)


def test_a_face_that_becomes_another_little_by_little_gets_a_new_id():
    tracker, ids, cuts = Tracker(), [], []
    for i in range(90):
        share = min(1, max(0, (i - 30) / 30))
        mixed = ((1 - share) * PALE + share * DARK).astype(np.uint8)
        ids.append(tracker.assign([at(300)], i / 30, mixed))
        cuts.append(tracker.cut)
    assert ids[0] == (1,) and ids[-1] == (2,) and sum(cuts) == 1


def test_a_flash_of_light_is_no_cut():
    tracker = Tracker()
    for i in range(9):
        light = 1.15 if 3 <= i < 5 else 1.0
        picture = np.clip(room(1, PALE) * light, 0, 255).astype(np.uint8)
        assert tracker.assign([at(300)], i / 30, picture) == (1,) and not tracker.cut


def test_in_pictures_seconds_apart_a_face_keeps_its_id_by_place_and_look():
    tracker = Tracker()
    assert [tracker.assign([at(300 + 40 * i)], 5.0 * i, PALE) for i in range(4)] == [(1,)] * 4
    assert tracker.assign([at(420)], 20.0, DARK) == (2,) and tracker.cut
    assert tracker.assign([], 25.0, DARK) == ()
    assert tracker.assign([at(420)], 30.0, DARK) == (3,)


def wall(seed: int, rows: int = 13, columns: int = 25) -> np.ndarray:
    rough = np.random.default_rng(seed).uniform(20, 220, (rows, columns, 3)).astype(np.uint8)
    return np.kron(rough, np.ones((40, 40, 1), np.uint8))


def test_landmarks_that_lag_behind_a_quick_camera_make_nobody_new():
    wide, tracker = wall(1), Tracker()
    for i in range(20):
        x = 180 if i % 2 else 100
        lag = 30 if i % 3 == 0 else 0  # then the landmarks lie on other pixels
        picture = np.ascontiguousarray(wide[:480, x : x + 640])
        assert tracker.assign([at(400 - x + lag)], i / 30, picture) == (1,) and not tracker.cut


def test_a_face_that_is_misread_for_a_moment_stays_the_same_one():
    tracker, seen = Tracker(), []
    for i in range(60):
        picture = DARK if 30 <= i < 34 or i >= 40 else PALE
        seen.append((tracker.assign([at(300)], i / 30, room(1, picture)), tracker.cut))
    assert [ids for ids, _ in seen[:46]] == [(1,)] * 46
    assert [ids for ids, _ in seen[47:]] == [(2,)] * 13 and sum(cut for _, cut in seen) == 1


def test_in_a_quick_move_the_same_look_is_enough_and_another_is_not():
    for picture, id in ((PALE, 1), (DARK, 2)):
        tracker = Tracker()
        tracker.assign([at(150)], 0.0, PALE)
        tracker.assign([at(420)], 0.125, picture)
        assert tracker.assign([at(420)], 0.15, picture) == (id,)


def test_a_flash_that_makes_a_face_white_tells_nothing_of_it():
    tracker = Tracker()
    for i in range(6):
        picture = np.full_like(PALE, 255) if i == 3 else room(1, PALE)
        assert tracker.assign([at(300)], i / 30, picture) == (1,)
