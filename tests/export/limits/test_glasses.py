"""The table from which the limit of dark glasses comes."""

from __future__ import annotations

import cv2
import numpy as np

from export.data.net7876 import Faces
from export.limits import glasses


def test_it_counts_the_faces_below_each_limit():
    lines = glasses.lines(np.array([0.2, 0.35, 0.8, 0.9]))
    assert lines[0] == "4 faces; the median face has 0.57 of its cheeks' brightness"
    assert lines[3] == "below 0.45: 2 faces, 50.00 %  the app's limit"


def test_the_sheet_shows_the_darkest(tmp_path):
    encoded = cv2.imencode(".png", np.full((200, 200, 3), 90, np.uint8))[1].tobytes()
    eyes = np.tile(np.array([[120.0, 80.0], [80.0, 80.0]]), (12, 1, 1))
    faces = Faces(tuple("abcdefghijkl"), (encoded,) * 12, eyes, None)
    path = glasses.draw(faces, np.arange(12), np.linspace(0, 1, 12), tmp_path / "new" / "sheet.png")
    assert cv2.imread(str(path)).shape == (2 * 128, 10 * 128, 3)
