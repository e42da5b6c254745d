"""The table that holds our detector beside MediaPipe's counts what each finds alone, and who is who."""

import numpy as np

from app.types import Detection
from export.limits.detector import matched


def face(x: float, off: float = 0.0) -> Detection:
    """A face 100 pixels wide whose eyes are 40 apart; its landmarks are all `off` right of `x`."""
    landmarks = np.full((478, 3), (x + off, 50, 0), np.float32)
    eyes = np.array([[x + 20, 50], [x - 20, 50]], np.float32)
    return Detection(landmarks, np.array([x - 50, 0, x + 50, 100], np.float32), eyes)


def test_a_face_has_at_most_one_partner_and_only_a_near_one():
    theirs = [face(303), face(98), face(304), face(500)]
    assert list(matched([face(100), face(300)], theirs)) == [(1, 0), (0, 1)]
