"""Synthetic heatmaps give their known centres; known pictures give known eyes."""

from __future__ import annotations

import numpy as np
import pytest

from app.stages.eyes import EyeLocator, decode, moved_right
from app.stages.models import load
from app.types import Detection


def gaussian(x: float, y: float, sigma: float = 3.0, size: int = 96) -> np.ndarray:
    columns, rows = np.arange(size), np.arange(size)[:, None]
    return np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * sigma**2)).astype(np.float32)


def detection(left: tuple[float, float], right: tuple[float, float]) -> Detection:
    eyes = np.array([left, right], np.float32)
    box = np.concatenate([eyes.min(0) - 40, eyes.max(0) + 60])
    return Detection(np.zeros((478, 3), np.float32), box, eyes)


@pytest.mark.parametrize(("sigma", "error"), [(1.5, 0.05), (3.0, 0.2)])
def test_centres_of_gaussians_are_found_to_a_fraction_of_a_pixel(sigma, error):
    places = np.random.default_rng(3).uniform(10, 85, (40, 2, 2))
    maps = np.array([[gaussian(x, y, sigma) for x, y in pair] for pair in places])
    centres, confidence = decode(maps)
    assert centres.shape == (40, 2, 2) and confidence.shape == (40, 2)
    assert np.abs(centres - places).max() < error  # the rim of the 36 pixels is not quite round
    assert confidence.min() > (0.98 if sigma == 1.5 else 0.8)


def test_the_weights_are_the_values():
    maps = np.zeros((1, 2, 96, 96), np.float32)
    maps[0, 0, 40, 50], maps[0, 0, 40, 54] = 3, 1  # both within five pixels of their mean
    maps[0, 1, 10, 20] = 0.01
    centres, confidence = decode(maps)
    assert centres[0] == pytest.approx(np.array([[51, 40], [20, 10]]))
    assert confidence[0] == pytest.approx([1, 1])


def test_only_the_36_strongest_count():
    maps = np.full((1, 2, 96, 96), 0.5, np.float32)
    maps[:, :, 30:36, 60:66] = 1
    centres, _ = decode(maps)
    assert centres[0] == pytest.approx(np.array([[62.5, 32.5]] * 2))


@pytest.mark.parametrize("sigma", [0.4, 1.5, 3.0, 30.0])
def test_the_strongest_are_found_in_any_map(sigma):
    """Sharp ones, in which fewer than 36 pixels are bright, and smeared ones, on a floor of equal values."""
    rng = np.random.default_rng(5)
    maps = np.array([[gaussian(x, y, sigma) for x, y in rng.uniform(5, 90, (2, 2))] for _ in range(5)])
    maps = maps * rng.uniform(0.05, 1, (5, 2, 1, 1)).astype(np.float32) + np.float32(0.003)
    centres, _ = decode(maps)
    for found, grid in zip(centres.reshape(-1, 2), maps.reshape(-1, 96 * 96), strict=True):
        order = np.argsort(-grid, kind="stable")
        least = grid[order[35]]
        if np.count_nonzero(grid >= least) == 36:  # else it is open which of the equal ones count
            weights = grid[order[:36]].astype(np.float64)
            expected = [
                (weights * part).sum() / weights.sum() for part in (order[:36] % 96, order[:36] // 96)
            ]
            assert found == pytest.approx(expected, abs=1e-5)


def test_confidence_is_low_for_smeared_and_double_peaks_whatever_their_scale():
    smeared = np.ones((96, 96), np.float32)
    double = gaussian(20, 48) + gaussian(76, 48)
    for scale in (1e-3, 1, 100):
        _, confidence = decode(scale * np.array([[smeared, double]]))
        assert confidence[0, 0] < 0.05
        assert confidence[0, 1] < 0.55


def test_an_empty_map_has_no_confidence():
    centres, confidence = decode(np.zeros((1, 2, 96, 96), np.float32))
    assert (confidence == 0).all()
    assert centres == pytest.approx(np.full((1, 2, 2), 47.5))


def test_eyes_are_found_in_the_picture_through_the_alignment(models):
    image = np.full((240, 320, 3), 200, np.uint8)
    people = [((130.0, 92.0), (90.0, 80.0)), ((260.0, 150.0), (220.0, 170.0))]
    for left, right in people:
        for x, y in (left, right):
            image[int(y) - 4 : int(y) + 5, int(x) - 2 : int(x) + 7] = (
                0  # a dark square, 2 pixels to the right
            )
    detections = tuple(detection(left, right) for left, right in people)
    centres, confidence = EyeLocator(load(models / "eyes.toml")).locate(image, detections)
    assert centres == pytest.approx(np.array(people) + np.array([2, 0]), abs=0.6)
    assert (confidence > 0.5).all()


def test_an_eye_the_network_does_not_see_is_the_detectors(models):
    image = np.full((100, 100, 3), 255, np.uint8)
    centres, confidence = EyeLocator(load(models / "eyes.toml")).locate(
        image, (detection((60, 40), (30, 40)),)
    )
    assert (confidence == 0).all()
    assert centres[0] == pytest.approx(np.array([[60, 40], [30, 40]]))


def test_no_faces(models):
    centres, confidence = EyeLocator(load(models / "eyes.toml")).locate(np.zeros((9, 9, 3), np.uint8), ())
    assert centres.shape == (0, 2, 2) and confidence.shape == (0, 2)


def test_what_lies_too_far_right_by_the_card_is_taken_off(models):
    """Along the line of the eyes, also where the head is tilted."""
    image = np.full((240, 320, 3), 200, np.uint8)
    left, right = (160.0, 130.0), (130.0, 90.0)
    for x, y in (left, right):
        image[int(y) - 4 : int(y) + 5, int(x) - 4 : int(x) + 5] = 0
    faces, card = (detection(left, right),), models / "eyes.toml"
    plain, _ = EyeLocator(load(card)).locate(image, faces)
    names = 'names = ["heatmaps"]'
    card.write_text(card.read_text().replace(names, f"{names}\ntoo_far_right = 0.1"))
    mended, confidence = EyeLocator(load(card)).locate(image, faces)
    line = plain[0, 0] - plain[0, 1]
    assert mended[0] == pytest.approx(plain[0] - 0.1 * line, abs=1e-3)
    assert moved_right(mended, 0.1) == pytest.approx(plain, abs=1e-3)
    assert (confidence > 0.5).all()
