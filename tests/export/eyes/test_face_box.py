"""Eyes from a face box: mirror images, means, and a face whose eyes lie far from where they are guessed."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.stages.align import CropShape
from export.eyes import face_box
from export.eyes.errors import locate

SHAPE = CropShape(96, 44.0, 36.0)
GUESS = np.array([[130.0, 80.0], [80.0, 80.0]])  # 50 pixels apart


def rising_and_falling(crops: np.ndarray) -> np.ndarray:
    """Heatmaps of a network that knows a left eye by its bright right half, a right one by its left half."""
    step = np.roll(crops, -2, 3).astype(int) - np.roll(crops, 2, 3)
    return np.concatenate([step > 170, step < -170], 1).astype(np.float32)


def face(eyes: np.ndarray) -> np.ndarray:
    """A grey picture (200, 300) with an eye of two halves at each of `eyes`, mirror images of each other."""
    picture = np.full((200, 300), 128, np.uint8)
    for (x, y), levels in zip(eyes.round().astype(int).tolist(), ((0, 255), (255, 0)), strict=True):
        for corner, level in zip((x - 6, x), levels, strict=True):
            cv2.rectangle(picture, (corner, y - 4), (corner + 5, y + 4), level, -1)
    return picture


def test_an_eye_outside_the_first_crop_is_found_by_a_look_aside():
    eyes = GUESS + np.array([0.72 * 50, 0])  # 1.22 eye distances from the crop's middle; it has 1.09
    picture, place = face(eyes), eyes.round() - np.array([0.5, 0])  # between two columns of pixels
    (alone,), (sure,) = locate(rising_and_falling, SHAPE, [picture], GUESS[None])
    assert sure[0] == 0 and np.abs(alone - place).max() > 20
    (found,), (sure,) = face_box.find(rising_and_falling, SHAPE, [picture], GUESS[None])
    assert np.abs(found - place).max() < 0.7
    assert sure.min() > 0.9


def test_the_mirror_image_shows_the_same_eyes_and_labels_stay_right_of_them():
    picture, rough = face(GUESS), GUESS[None] + np.array([3.0, -2.0])
    (plain,), _ = locate(rising_and_falling, SHAPE, [picture], rough)
    (other,), sure = face_box.mirrored(rising_and_falling, SHAPE, [picture], rough)
    assert other - plain == pytest.approx(np.array([[2 * face_box.LABEL_SHIFT * 50, 0]] * 2), abs=0.3)
    assert sure.min() > 0.9


def test_the_mean_of_a_round_counts_each_eye_as_much_as_it_is_sure(monkeypatch):
    """Two looks: the first doubts its left eye, the second is surer, and of the right eye both are sure."""
    looks = iter([(0.2, 1.0), (0.8, 1.0)])

    def answer(run, shape, pictures, eyes):
        sure = next(looks)
        return eyes + 10 * sure[0], np.array([sure])

    monkeypatch.setattr(face_box, "ROUNDS", (((0.0, 1.0),),))
    monkeypatch.setattr(face_box, "locate", answer)
    monkeypatch.setattr(face_box, "mirrored", answer)
    (found,), (sure,) = face_box.find(rising_and_falling, SHAPE, [face(GUESS)], GUESS[None])
    assert found - GUESS == pytest.approx(np.array([[0.2 * 2 + 0.8 * 8] * 2, [0.5 * (2 + 8)] * 2]), abs=1e-4)
    assert sure == pytest.approx([0.5, 1.0])


def test_each_round_takes_crops_around_the_answer_of_the_one_before(monkeypatch):
    seen = []

    def answer(run, shape, pictures, eyes):
        seen.append(eyes[0])
        return GUESS[None] + 15.0, np.ones((1, 2))

    monkeypatch.setattr(face_box, "locate", answer)
    monkeypatch.setattr(face_box, "mirrored", answer)
    face_box.find(rising_and_falling, SHAPE, [face(GUESS)], GUESS[None])
    first = len(face_box.ROUNDS[0])
    assert len(seen) == face_box.VIEWS
    assert np.mean(seen[: 2 * first], axis=0) == pytest.approx(GUESS)
    assert np.mean(seen[2 * first :], axis=(0, 1)) == pytest.approx((GUESS + 15).mean(0))
