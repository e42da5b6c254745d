"""What tells two faces apart, and what does not, on a made-up face."""

import numpy as np
import pytest

from app.stages.look import look_of, unlike
from tests.conftest import new_detector


def picture(seed: int = 1) -> np.ndarray:
    rough = np.random.default_rng(seed).uniform(60, 120, (8, 8, 3)).astype(np.float32)
    return np.kron(rough, np.ones((50, 50, 1), np.float32))


LANDMARKS = np.random.default_rng(2).uniform(80, 320, (478, 3)).astype(np.float32)


def test_a_face_is_like_itself_in_any_size_and_place():
    image = picture().astype(np.uint8)
    look = look_of(image, LANDMARKS)
    assert unlike(look, look) == 0
    larger = np.kron(image, np.ones((2, 2, 1), np.uint8))
    assert unlike(look, look_of(larger, LANDMARKS * 2 + [0.5, 0.5, 0])) < 0.02


def test_brighter_light_is_nearly_the_same_face_and_coloured_skin_is_not():
    look = look_of(picture().astype(np.uint8), LANDMARKS)
    bright, red = picture() * 1.8, picture() * (0.7, 1, 1.3)
    assert unlike(look, look_of(bright.astype(np.uint8), LANDMARKS)) < 0.05
    assert unlike(look, look_of(red.astype(np.uint8), LANDMARKS)) > 0.3


def test_another_shape_counts_three_times_and_is_symmetrical():
    image = np.full((400, 400, 3), 90, np.uint8)
    first, second = look_of(image, LANDMARKS), look_of(image, LANDMARKS[::-1].copy())
    assert unlike(first, second) == pytest.approx(3 * np.abs(first.shape - second.shape).mean())
    assert unlike(first, second) == unlike(second, first)


def test_landmarks_outside_the_picture_see_its_border():
    image = np.full((100, 100, 3), 90, np.uint8)
    look = look_of(image, LANDMARKS - 200)
    assert np.allclose(look.tones, 0) and np.isfinite(look.shape).all()


def test_real_people_are_less_alike_than_one_of_them_after_a_second(frames):
    looks = {}
    for clip in ("one-face.mp4", "two-people.mp4"):
        detector, clip_looks = new_detector(), []
        for frame in frames(clip, 31):
            found = sorted(detector.detect(frame.image), key=lambda face: face.box[0])
            clip_looks.append([look_of(frame.image, face.landmarks) for face in found])
        looks[clip] = clip_looks[0], clip_looks[-1]
    (one, later), ((left, right), (left_later, right_later)) = looks["one-face.mp4"], looks["two-people.mp4"]
    same = [unlike(one[0], later[0]), unlike(left, left_later), unlike(right, right_later)]
    others = [unlike(one[0], left), unlike(one[0], right), unlike(left, right)]
    assert max(same) < min(others) and min(others) > 0.2


def test_a_face_that_a_flash_has_made_white_has_no_look():
    image = picture().astype(np.uint8)
    assert look_of(np.full_like(image, 255), LANDMARKS) is None
    image[:, :40] = 255
    assert look_of(image, LANDMARKS) is not None
