"""How much pictures change: with the light, with a camera that pans, and at a cut."""

import cv2
import numpy as np
import pytest

from app.stages.tracking.picture_change import NO_CHANGE, PictureChange


def scene(seed: int, width: int = 640) -> np.ndarray:
    rough = np.random.default_rng(seed).uniform(20, 120, (12, width // 40, 3)).astype(np.float32)
    return np.kron(rough, np.ones((40, 40, 1), np.float32))


def change(first: np.ndarray, second: np.ndarray):
    changes = PictureChange()
    assert changes.next(first.astype(np.uint8)) == NO_CHANGE
    return changes.next(second.astype(np.uint8))


def test_the_same_picture_does_not_change():
    assert change(scene(1), scene(1)) == NO_CHANGE


def test_a_flash_changes_little_and_is_alike():
    flash = change(scene(1), scene(1) * 2)
    assert flash.colours < 0.2 and flash.likeness > 0.97


def test_another_picture_is_not_alike():
    cut = change(scene(1), scene(2))
    assert cut.colours > 0.35 and cut.likeness < 0.6


@pytest.mark.parametrize("pixels", [20, 40, 80])
def test_a_camera_that_pans_sees_what_is_alike(pixels):
    wide = scene(3, 800)
    pan = change(wide[:, :640], wide[:, pixels : pixels + 640])
    assert pan.colours > 0.1 and pan.likeness > 0.9


def test_a_picture_that_turns_black_is_another_one_and_black_stays_black():
    black = np.zeros((480, 640, 3))
    assert change(scene(1), black).likeness == 0
    assert change(black, black) == NO_CHANGE


def test_the_size_of_the_picture_may_change():
    assert change(scene(1), scene(1)[::2, ::2]).likeness > 0.95


@pytest.mark.parametrize("closer", [True, False])
def test_a_camera_that_zooms_sees_what_is_alike(closer):
    soft = cv2.GaussianBlur(scene(1), (0, 0), 15)
    larger = cv2.resize(soft, None, fx=1.08, fy=1.08)
    top, left = (larger.shape[0] - 480) // 2, (larger.shape[1] - 640) // 2
    pictures = [soft, larger[top : top + 480, left : left + 640]]
    assert change(*(pictures if closer else pictures[::-1])).likeness > 0.96
