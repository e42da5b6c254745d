"""Eyes from a face box: votes, and a face whose eyes lie far from where a box lets guess them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.stages.align import CropShape, apply, inverse, similarity
from export import face_box
from export.eye_errors import locate

SHAPE = CropShape(96, 44.0, 36.0)
GUESS = np.array([[130.0, 80.0], [80.0, 80.0]])  # 50 pixels apart


def test_the_answer_that_most_others_stand_by_is_taken():
    answers = np.stack([GUESS + 30, GUESS, GUESS + 0.5])[:, None]
    sure = np.array([0.9, 0.6, 0.5])[:, None, None] * np.ones((3, 1, 2))
    assert face_box.vote(answers, sure, np.array([5.0]))[0] == pytest.approx(GUESS)  # 1.1 for, against 0.9
    sure[1, 0, 1] = 0.1  # an answer with a lost eye counts for little
    assert face_box.vote(answers, sure, np.array([5.0]))[0] == pytest.approx(GUESS + 30)


def test_of_equal_answers_the_first_is_taken():
    answers = np.stack([GUESS, GUESS + 1, GUESS + 2])[:, None]
    assert face_box.vote(answers, np.ones((3, 1, 2)), np.array([5.0]))[0] == pytest.approx(GUESS)


def bright_and_dark(crops: np.ndarray) -> np.ndarray:
    """Heatmaps of a network that knows the left eye by its brightness and the right one by its darkness."""
    return np.concatenate([crops > 220, crops < 30], 1).astype(np.float32)


def test_an_eye_outside_the_first_crop_is_found_by_a_look_aside():
    eyes = GUESS + np.array([0.72 * 50, 0])  # 1.22 eye distances from the crop's middle; it has 1.09
    picture = np.full((200, 300), 128, np.uint8)
    for (x, y), level in zip(eyes.round().astype(int).tolist(), (255, 0), strict=True):
        cv2.circle(picture, (x, y), 4, level, -1)
    (alone,), (sure,) = locate(bright_and_dark, SHAPE, [picture], GUESS[None])
    assert sure[0] == 0 and np.abs(alone - eyes.round()).max() > 20
    (found,), (sure,) = face_box.find(bright_and_dark, SHAPE, [picture], GUESS[None])
    assert np.abs(found - eyes.round()).max() < 0.7
    assert sure.min() > 0.9


def test_second_looks_are_averaged_in_the_picture():
    """A network that always answers one place of the crop: turned looks average to a place between them."""

    def run(crops: np.ndarray) -> np.ndarray:
        maps = np.zeros((len(crops), 2, 96, 96), np.float32)
        maps[:, 0, 30:36, 70:76] = maps[:, 1, 30:36, 20:26] = 1
        return maps

    answer = np.array([[72.5, 32.5], [22.5, 32.5]])
    first = apply(inverse(similarity(GUESS, SHAPE)), answer)  # all five disagree: the first is taken
    turned = [face_box.moved(first, turn, 1.0, np.zeros(2)) for turn in face_box.SECOND]
    expected = np.mean([apply(inverse(similarity(around, SHAPE)), answer) for around in turned], axis=0)
    (found,), _ = face_box.find(run, SHAPE, [np.zeros((200, 200), np.uint8)], GUESS[None])
    assert found == pytest.approx(expected, abs=0.01)
