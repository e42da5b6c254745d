"""Crops of a picture that is grey only near the faces are those of the whole picture in grey."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.stages import quality
from app.stages.align import CropShape
from app.stages.crops import GreyNear, crop_faces

SHAPES = (CropShape(96, 44.0, 36.0), CropShape(48, 18.0, 17.0), quality.SHAPE)
SIZE = (320, 180)  # width, height


def picture() -> np.ndarray:
    """Noise: a pixel that is missed shows."""
    return np.random.default_rng(1).integers(1, 256, (SIZE[1], SIZE[0], 3), np.uint8)


def eyes_anywhere(count: int) -> list[np.ndarray]:
    """Pairs of every distance and direction, also beyond the borders, some on whole pixels."""
    rng = np.random.default_rng(2)
    middles = rng.uniform((-60, -60), (SIZE[0] + 60, SIZE[1] + 60), (count, 2))
    angles, halves = rng.uniform(-np.pi, np.pi, count), rng.uniform(2.5, 75, count)
    steps = halves[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
    pairs = np.stack([middles + steps, middles - steps], 1).astype(np.float32)
    pairs[::3] = pairs[::3].round()
    return list(pairs)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: str(shape.eye_distance))
def test_crops_are_the_same_to_the_last_bit(shape):
    image = picture()
    whole = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    grey = GreyNear(SHAPES)
    for eyes in eyes_anywhere(400):
        near = grey.of(image, [eyes])
        assert (crop_faces(near, [eyes], shape).batch == crop_faces(whole, [eyes], shape).batch).all()


def test_so_are_those_that_the_status_looks_at():
    image = picture()
    whole = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    grey = GreyNear(SHAPES)
    for eyes in eyes_anywhere(400):
        near = grey.of(image, [eyes])
        assert (quality.aligned(near, eyes) == quality.aligned(whole, eyes)).all()


def test_what_no_crop_needs_stays_black():
    image = np.full((720, 1280, 3), 200, np.uint8)
    faces = [np.array([[240, 200], [200, 200]], np.float32), np.array([[1040, 500], [1000, 510]], np.float32)]
    grey = GreyNear(SHAPES)
    near = grey.of(image, faces)
    assert near[200, 220] == near[505, 1020] == 200
    assert 0.02 < np.count_nonzero(near) / near.size < 0.06
    assert not grey.of(image, []).any()
    assert grey.of(image[:180, :320], []).shape == (180, 320)
