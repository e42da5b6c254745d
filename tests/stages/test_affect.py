"""A network whose answer is the brightness of the crop reads known pictures."""

from __future__ import annotations

import numpy as np
import pytest

from app.stages.affect import AffectReader
from app.stages.models import load
from app.types import EXPRESSIONS, Detection


def detection(x: float, y: float, distance: float) -> Detection:
    eyes = np.array([[x + distance / 2, y], [x - distance / 2, y]], np.float32)
    return Detection(np.zeros((478, 3), np.float32), np.zeros(4, np.float32), eyes)


def test_each_face_is_read_where_it_is(models):
    image = np.zeros((200, 400, 3), np.uint8)
    image[:, 200:] = 255
    faces = (detection(80, 100, 20), detection(320, 100, 30))
    probs, va = AffectReader(load(models / "affect.toml")).read(image, faces)
    assert [EXPRESSIONS[i] for i in probs.argmax(1)] == ["sad", "happy"]
    assert va == pytest.approx(np.array([[-1, 0.5], [1, -0.5]]), abs=1e-3)
    assert probs.sum(1) == pytest.approx([1, 1])


def test_colour_is_turned_to_grey_from_bgr(models):
    image = np.zeros((100, 100, 3), np.uint8)
    image[..., 1] = 255  # green weighs 0.587
    _, va = AffectReader(load(models / "affect.toml")).read(image, (detection(50, 50, 14),))
    assert va[0, 0] == pytest.approx(2 * 0.587 - 1, abs=0.01)


def test_one_batch_for_all_faces(models):
    model = load(models / "affect.toml")
    batches = []

    class Counting:
        card = model.card

        def run(self, batch, names):
            batches.append(batch.shape)
            return model.run(batch, names)

    AffectReader(Counting()).read(
        np.zeros((100, 100, 3), np.uint8), tuple(detection(50, 50, d) for d in (9, 20, 60, 14))
    )
    assert batches == [(4, 1, 32, 32)]


def test_no_faces(models):
    probs, va = AffectReader(load(models / "affect.toml")).read(np.zeros((9, 9, 3), np.uint8), ())
    assert probs.shape == (0, 8) and va.shape == (0, 2)
