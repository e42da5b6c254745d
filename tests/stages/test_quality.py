"""Each reason to doubt a face, on a drawn face that is made worse in just that way."""

import cv2
import numpy as np
import pytest

from app.stages import quality
from app.types import Detection, Pose

AHEAD, SURE = Pose(0, 0, 0), np.ones(2)
RNG = np.random.default_rng(1)


def drawn(distance=40.0, size=(480, 640)):
    """A grey face with fine skin texture, dark eyes `distance` apart and a mouth; picture and detection."""
    height, width = size
    texture = cv2.GaussianBlur(RNG.normal(150, 60, (height, width)), (0, 0), distance / 40)
    image = np.clip(texture, 60, 240).astype(np.uint8)
    x, y = width / 2, height * 0.4
    eyes = np.array([[x + distance / 2, y], [x - distance / 2, y]], np.float32)
    for eye in eyes:
        cv2.circle(image, eye.astype(int).tolist(), max(1, int(distance / 8)), 20, -1)
    box = np.array([x - distance, y - distance, x + distance, y + 1.6 * distance], np.float32)
    return image, Detection(np.zeros((478, 3), np.float32), box, eyes)


def status(image, detection, pose=AHEAD, confidence=SURE):
    return quality.status(image, detection, pose, confidence)


@pytest.mark.parametrize("distance", [16, 40, 90, 150])
def test_a_good_face_is_ok_at_any_size(distance):
    assert status(*drawn(distance)) == "ok"


def test_each_fault_has_its_own_name():
    image, face = drawn()
    assert status(*drawn(11)) == "too_small"
    for away in (Pose(36, 0, 0), Pose(-36, 0, 0), Pose(0, -26, 0), Pose(0, 26, 0)):
        assert status(image, face, away) == "turned_away"
    assert status(image, face, Pose(-34, 24, 0)) == status(image, face, Pose(34, -24, 0)) == "ok"
    assert status(image, face, Pose(0, 0, 80)) == "ok"  # a tilt is undone by the alignment
    assert status((image * 0.05).astype(np.uint8), face) == "too_dark"
    assert status(np.clip(image * 8.0, 0, 255).astype(np.uint8), face) == "too_bright"
    assert status(cv2.GaussianBlur(image, (0, 0), 6), face) == "blurred"
    assert status(image, face, confidence=np.array([0.9, 0.3])) == "low_confidence"


@pytest.mark.parametrize("kernel", [(15, 1), (1, 15)])
def test_motion_in_one_direction_is_blur(kernel):
    image, face = drawn()
    assert status(cv2.blur(cv2.blur(image, kernel), kernel), face) == "blurred"


def test_a_large_blurred_face_is_blurred_although_it_is_sampled_sparsely():
    image, face = drawn(150)
    assert status(cv2.GaussianBlur(image, (0, 0), 22), face) == "blurred"


def test_a_face_at_the_edge_is_cut_off():
    image, face = drawn()
    width = image.shape[1]
    eyes, box = face.eyes.copy(), face.box.copy()
    away = width - box[2]
    for shift, expected in ((away + 5, "ok"), (away + 30, "cut_off"), (5 * width, "cut_off")):
        moved = Detection(face.landmarks, box + np.array([shift, 0, shift, 0]), eyes + np.array([shift, 0]))
        if expected == "ok":
            image = np.roll(image, int(shift), 1)
        assert status(image, moved) == expected


def test_the_part_outside_is_exact():
    assert quality.outside(np.array([-10.0, 0, 30, 10]), 100, 100) == pytest.approx(0.25)
    assert quality.outside(np.array([200.0, 0, 300, 10]), 100, 100) == 1.0


def test_every_status_is_explained():
    image, face = drawn()
    assert status(image, face) in quality.MEANING and "no_face" in quality.MEANING
