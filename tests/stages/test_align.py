"""A known transform gives known pixels, and its inverse goes back."""

from __future__ import annotations

import numpy as np
import pytest

from app.stages.align import CropShape, apply, inverse, similarity, warp

SHAPE = CropShape(size=96, eye_distance=44.0, eye_row=43.0)


def eyes_at(middle: tuple[float, float], distance: float, angle: float) -> np.ndarray:
    """Left and right eye; `angle` in degrees, positive when the left eye is lower."""
    half = distance / 2 * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    return np.array([middle + half, middle - half])


def dot(width: int, height: int, x: float, y: float, sigma: float) -> np.ndarray:
    """A grey picture with one Gaussian spot at sub-pixel x, y."""
    columns, rows = np.arange(width), np.arange(height)[:, None]
    return np.round(255 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * sigma**2))).astype(np.uint8)


def centroid(image: np.ndarray) -> np.ndarray:
    weights = np.where(image > 40, image, 0).astype(float)
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]]
    return np.array([(weights * columns).sum(), (weights * rows).sum()]) / weights.sum()


@pytest.mark.parametrize("angle", [-40, -17.5, 0, 40])
@pytest.mark.parametrize("distance", [12.0, 44.0, 310.0])
def test_eyes_come_to_their_fixed_places(angle, distance):
    eyes = eyes_at((321.25, 200.5), distance, angle)
    moved = apply(similarity(eyes, SHAPE), eyes)
    assert moved == pytest.approx(np.array([[69.5, 43.0], [25.5, 43.0]]))


def test_a_known_transform_is_known():
    # Twice the crop's distance, level: half the scale, the middle of the eyes to the middle column.
    transform = similarity(np.array([[144.0, 100.0], [56.0, 100.0]]), SHAPE)
    assert transform == pytest.approx(np.array([[0.5, 0, 47.5 - 50], [0, 0.5, 43 - 50]]))


def test_inverse_undoes():
    transform = similarity(eyes_at((300, 210), 87.0, 33), SHAPE)
    points = np.random.default_rng(1).uniform(0, 640, (7, 2))
    assert apply(inverse(transform), apply(transform, points)) == pytest.approx(points)


def test_coinciding_eyes_are_refused():
    with pytest.raises(ValueError, match="cannot be aligned"):
        similarity(np.ones((2, 2)), SHAPE)


def test_the_identity_keeps_every_pixel():
    image = np.random.default_rng(2).integers(0, 256, (96, 96, 3), np.uint8)
    assert (warp(image, np.eye(2, 3), 96) == image).all()


def test_a_shift_moves_pixels_and_repeats_the_border():
    image = np.arange(64, dtype=np.uint8).reshape(8, 8)
    moved = warp(image, np.array([[1.0, 0, 2], [0, 1, 0]]), 8)
    assert (moved[:, 2:] == image[:, :-2]).all()
    assert (moved[:, :2] == image[:, :1]).all()


@pytest.mark.parametrize("angle", [-40, 40])
def test_in_plane_rotation_is_undone_to_a_degree(angle):
    eyes = eyes_at((160, 120), 50, angle)
    image = np.maximum(dot(320, 240, *eyes[0], 4), dot(320, 240, *eyes[1], 4))
    crop = warp(image, similarity(eyes, SHAPE), SHAPE.size)
    left, right = crop.copy(), crop.copy()
    left[:, :48] = 0
    right[:, 48:] = 0
    dx, dy = centroid(left) - centroid(right)
    assert abs(np.degrees(np.arctan2(dy, dx))) < 1
    assert np.hypot(dx, dy) == pytest.approx(SHAPE.eye_distance, abs=0.5)


@pytest.mark.parametrize("distance", [30.0, 60.0, 95.0, 140.0, 301.7, 433.0])
def test_a_spot_lands_where_the_transform_says_at_every_size(distance):
    eyes = eyes_at((501.3, 402.8), distance, 12)
    transform = similarity(eyes, SHAPE)
    place = eyes.mean(0) + distance * np.array([0.2, 0.35])
    image = dot(1000, 900, *place, distance / 12)
    expected = apply(transform, place)
    assert centroid(warp(image, transform, SHAPE.size)) == pytest.approx(expected, abs=0.1)


def test_a_large_face_is_averaged_not_sampled():
    board = np.indices((800, 800)).sum(0) % 2 * 255  # a fine checkerboard: its mean is grey
    crop = warp(board.astype(np.uint8), similarity(eyes_at((400, 400), 352, 0), SHAPE), 96)
    assert crop[10:-10, 10:-10].mean() == pytest.approx(127.5, abs=2)
    assert np.ptp(crop[10:-10, 10:-10].astype(int)) < 6


@pytest.mark.parametrize("middle", [(-500, -500), (5000, 20), (3, 3)])
def test_a_face_outside_the_picture_still_gives_a_crop(middle):
    image = np.full((60, 80, 3), 7, np.uint8)
    crop = warp(image, similarity(eyes_at(middle, 400, 20), SHAPE), SHAPE.size)
    assert crop.shape == (96, 96, 3)
    assert (crop == 7).all()
