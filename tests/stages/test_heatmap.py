"""What is drawn over a face: warm for, blue against, dim where the network does not look; the close view."""

from __future__ import annotations

import numpy as np
import pytest

from app.stages import heatmap
from app.stages.activation import Reasons
from app.stages.align import similarity
from app.stages.cards import read_card
from app.types import EXPRESSIONS

HAPPY = EXPRESSIONS.index("happy")
EYES = np.array([[120, 90], [80, 90]], np.float32)


@pytest.fixture
def left_cold_right_warm(models):
    card = read_card(models / "affect.toml")
    maps = np.zeros((8, 1, 2))
    maps[HAPPY] = -1, 1
    probs = np.full(8, 0.02)
    probs[HAPPY] = 0.86
    return Reasons(probs, maps, similarity(EYES, card.crop), card)


def test_warm_speaks_for_and_blue_against(left_cold_right_warm):
    image = np.full((200, 200, 3), (90, 100, 110), np.uint8)
    drawn = heatmap.draw(image, left_cold_right_warm, HAPPY)
    blue, green, red = drawn[100, 140].astype(int)
    assert red > green > blue
    blue, green, red = drawn[100, 60].astype(int)
    assert blue > green > red
    assert len(set(heatmap.draw(image, left_cold_right_warm, 0)[100, 120].tolist())) == 1  # the grey face
    assert drawn[5, 5] == pytest.approx(heatmap.OUTSIDE * image[5, 5], abs=1)
    assert (image == (90, 100, 110)).all()  # nobody draws into a frame


def test_a_face_out_of_the_picture_draws_nothing(left_cold_right_warm):
    far = Reasons(
        left_cold_right_warm.probs, left_cold_right_warm.maps,
        similarity(EYES + 1000, left_cold_right_warm.card.crop), left_cold_right_warm.card,
    )  # fmt: skip
    drawn = heatmap.draw(np.full((50, 60, 3), 100, np.uint8), far, HAPPY)
    assert (drawn == round(100 * heatmap.OUTSIDE)).all()
    rows, columns = heatmap.around(far, (60, 50))
    assert 0 <= rows.start < rows.stop <= 50 and 0 <= columns.start < columns.stop <= 60


@pytest.mark.parametrize("shape", [0.5, 1.0, 2.0])
def test_the_close_view_has_the_shape_asked_for_and_the_face_in_its_middle(left_cold_right_warm, shape):
    rows, columns = heatmap.around(left_cold_right_warm, (1000, 1000), shape)
    width, height = columns.stop - columns.start, rows.stop - rows.start
    side = heatmap.MARGIN * 32 * 40 / 14  # the crop's 32 pixels, of which 14 lie between the eyes
    assert min(width, height) == pytest.approx(side, abs=1)
    if rows.start and columns.start:
        assert width / height == pytest.approx(shape, rel=0.02)
        middle = left_cold_right_warm.corners.mean(0)
        assert ((columns.start + columns.stop) / 2, (rows.start + rows.stop) / 2) == pytest.approx(
            middle, abs=1
        )
