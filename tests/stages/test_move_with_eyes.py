"""A face goes as far as its eyes, unless nobody is sure of them."""

import numpy as np

from app.stages.move_with_eyes import MIN_CONFIDENCE, move_with_eyes
from app.types import Detection

BEFORE = np.array([[30, 20], [10, 20]], np.float32)
FACE = Detection(np.ones((478, 3), np.float32), np.array([0, 0, 40, 50], np.float32), BEFORE)


def test_a_face_moves_as_the_mean_of_both_eyes():
    after = BEFORE + np.array([[2, 4], [4, 0]], np.float32)
    moved = move_with_eyes(FACE, BEFORE, after, np.array([MIN_CONFIDENCE, 1.0]))
    assert (moved.landmarks == np.array([4, 3, 1])).all()  # depth stays
    assert moved.box.tolist() == [3, 2, 43, 52]
    assert (moved.eyes - BEFORE).tolist() == [[3, 2], [3, 2]]
    assert (FACE.landmarks == 1).all()


def test_it_stays_where_an_eye_is_unsure():
    assert move_with_eyes(FACE, BEFORE, BEFORE + 5, np.array([1.0, MIN_CONFIDENCE - 0.01])) is FACE
