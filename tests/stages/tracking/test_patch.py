"""The pixels of a face, found again where it moved, grew or became darker, and not in another face."""

import cv2
import numpy as np
import pytest

from app.stages.tracking.patch import patch_of

CENTRE = (200.0, 180.0)


def picture(seed: int = 1) -> np.ndarray:
    rough = np.random.default_rng(seed).uniform(20, 220, (24, 32, 3)).astype(np.float32)
    return cv2.GaussianBlur(np.kron(rough, np.ones((15, 15, 1), np.float32)), (0, 0), 4).astype(np.uint8)


def moved(x: float, y: float, scale: float = 1.0) -> np.ndarray:
    """The picture with what was at CENTRE moved by this, and larger."""
    matrix = np.array([[scale, 0, CENTRE[0] * (1 - scale) + x], [0, scale, CENTRE[1] * (1 - scale) + y]])
    return cv2.warpAffine(picture(), matrix, (480, 360), borderMode=cv2.BORDER_REFLECT)


@pytest.mark.parametrize("way", [(0, 0), (60, 0), (-37, 52), (90, -80)])
def test_a_face_is_found_where_it_moved(way):
    patch = patch_of(picture(), CENTRE, 100)
    assert patch.find(moved(*way), CENTRE, 100) == pytest.approx(np.add(CENTRE, way), abs=3)


@pytest.mark.parametrize("scale", [0.92, 1.08])
def test_a_camera_may_zoom_and_the_light_may_fade(scale):
    darker = moved(20, 0, scale) // 2
    place = patch_of(picture(), CENTRE, 100).find(darker, CENTRE, 100)
    assert place == pytest.approx(np.add(CENTRE, (20, 0)), abs=4)


def test_another_face_is_not_taken_for_it_nor_one_too_far_away():
    patch = patch_of(picture(), CENTRE, 100)
    assert patch.find(picture(2), CENTRE, 100) is None
    assert patch.find(picture(), np.add(CENTRE, (220, 0)), 100) is None


def test_a_flat_face_and_one_outside_the_picture_are_found_nowhere():
    wall = np.full((360, 480, 3), 90, np.uint8)
    assert patch_of(wall, CENTRE, 100).find(wall, CENTRE, 100) is None
    assert patch_of(picture(), (-700.0, -720.0), 100).find(picture(), CENTRE, 100) is None


def test_at_the_edge_the_border_counts():
    edge = np.array([20.0, 10.0])
    assert patch_of(picture(), edge, 100).find(picture(), edge, 100) == pytest.approx(edge, abs=2)
