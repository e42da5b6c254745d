"""What tells two faces apart, and what does not, on a made-up face."""

import numpy as np
import pytest

from app.stages.pose import axes
from app.stages.tracking.appearance import appearance_of, unlike
from tests.conftest import new_detector


def picture(seed: int = 1) -> np.ndarray:
    rough = np.random.default_rng(seed).uniform(60, 120, (8, 8, 3)).astype(np.float32)
    return np.kron(rough, np.ones((50, 50, 1), np.float32))


LANDMARKS = np.random.default_rng(2).uniform(80, 320, (478, 3)).astype(np.float32)


def level(landmarks: np.ndarray) -> np.ndarray:
    """Every fourth landmark with the head's axes level, in face sizes."""
    points = landmarks[:468:4].astype(float)
    turned = (points - points.mean(0)) @ np.array(axes(landmarks)).T
    return turned / np.sqrt((turned[:, :2] ** 2).sum(1).mean())


def test_a_face_is_like_itself_in_any_size_and_place():
    image = picture().astype(np.uint8)
    appearance = appearance_of(image, LANDMARKS)
    assert unlike(appearance, appearance) == 0
    larger = np.kron(image, np.ones((2, 2, 1), np.uint8))
    assert unlike(appearance, appearance_of(larger, LANDMARKS * 2 + [0.5, 0.5, 0])) < 0.02


def test_brighter_light_is_nearly_the_same_face_and_coloured_skin_is_not():
    appearance = appearance_of(picture().astype(np.uint8), LANDMARKS)
    bright, red = picture() * 1.8, picture() * (0.7, 1, 1.3)
    assert unlike(appearance, appearance_of(bright.astype(np.uint8), LANDMARKS)) < 0.05
    assert unlike(appearance, appearance_of(red.astype(np.uint8), LANDMARKS)) > 0.3


def test_another_shape_counts_three_times_and_is_symmetrical():
    image = np.full((400, 400, 3), 90, np.uint8)
    landmarks = LANDMARKS, LANDMARKS[::-1].copy()
    first, second = (appearance_of(image, face) for face in landmarks)
    assert unlike(first, second) == pytest.approx(3 * np.abs(np.subtract(*map(level, landmarks))).mean())
    assert unlike(first, second) == unlike(second, first)


def test_landmarks_outside_the_picture_see_its_border():
    image = np.full((100, 100, 3), 90, np.uint8)
    appearance = appearance_of(image, LANDMARKS - 200)
    assert np.allclose(appearance.values[:354], 0) and np.isfinite(appearance.values).all()


def test_real_people_are_less_alike_than_one_of_them_after_a_second(frames):
    seen = {}
    for clip in ("one-face.mp4", "two-people.mp4"):
        detector, of_clip = new_detector(), []
        for frame in frames(clip, 31):
            found = sorted(detector.detect(frame.image), key=lambda face: face.box[0])
            of_clip.append([appearance_of(frame.image, face.landmarks) for face in found])
        seen[clip] = of_clip[0], of_clip[-1]
    (one, later), ((left, right), (left_later, right_later)) = seen["one-face.mp4"], seen["two-people.mp4"]
    same = [unlike(one[0], later[0]), unlike(left, left_later), unlike(right, right_later)]
    others = [unlike(one[0], left), unlike(one[0], right), unlike(left, right)]
    assert max(same) < min(others) and min(others) > 0.2


def test_a_face_that_a_flash_has_made_white_has_no_appearance():
    image = picture().astype(np.uint8)
    assert appearance_of(np.full_like(image, 255), LANDMARKS) is None
    image[:, :40] = 255
    assert appearance_of(image, LANDMARKS) is not None
