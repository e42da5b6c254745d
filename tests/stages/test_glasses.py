"""Dark glasses: how bright it is below the eyes, against the cheeks."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from app.stages import glasses
from app.stages.synthesis import obstacle
from tests.ui.doubles import face

LEFT, RIGHT = (360.0, 200.0), (280.0, 200.0)  # 80 pixels apart
EYES = np.array([LEFT, RIGHT], np.float32)


def skin(colour: tuple[int, int, int], glass: float = 1.0, sides=(LEFT, RIGHT)) -> np.ndarray:
    """A picture of skin with round glasses that let a part `glass` of the light through."""
    image = np.full((480, 640, 3), colour, np.uint8)
    for x, y in sides:
        dark = tuple(float(glass * value) for value in colour)
        cv2.circle(image, (int(x), int(y)), 32, dark, -1)
    return image


@pytest.mark.parametrize("colour", [(180, 190, 220), (30, 45, 70)])
def test_it_is_the_part_of_the_light_that_glass_lets_through_on_any_skin(colour):
    assert glasses.shade(skin(colour), EYES) == pytest.approx(1)
    found = glasses.shade(skin(colour, 0.5), EYES)
    assert found == pytest.approx(0.5, abs=0.05)
    assert glasses.worn(skin(colour, 0.2), EYES) and not glasses.worn(skin(colour, 0.6), EYES)


def test_the_brighter_side_counts_so_half_a_face_in_the_shadow_is_no_glass():
    assert not glasses.worn(skin((180, 190, 220), 0.1, (LEFT,)), EYES)
    shadow = skin((180, 190, 220))
    shadow[:, 320:] //= 8
    assert glasses.shade(shadow, EYES) == pytest.approx(1, abs=0.02)


def test_in_the_dark_nothing_is_told():
    assert not glasses.worn(np.zeros((480, 640, 3), np.uint8), EYES)


def test_a_turned_head_is_measured_where_it_is():
    image = cv2.rotate(skin((180, 190, 220), 0.2), cv2.ROTATE_90_CLOCKWISE)
    eyes = np.stack([479 - EYES[:, 1], EYES[:, 0]], 1)
    assert glasses.shade(image, eyes) == pytest.approx(0.2, abs=0.05)


def test_of_a_face_with_dark_glasses_nothing_is_made():
    with_eyes = face()
    eyes = with_eyes.raw.eyes.astype(float)
    clear, dark = skin((180, 190, 220)), skin((180, 190, 220), 0.2, eyes)
    assert obstacle(clear, with_eyes) == ""
    assert obstacle(dark, with_eyes) == "the face seems to wear dark glasses: take them off"
    assert "outside the picture" in obstacle(dark, replace(with_eyes, status="cut_off"))
