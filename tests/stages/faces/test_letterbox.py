"""A picture lies in the middle of a detector's input, and what is found there comes back to its place."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from app.stages.faces.boxes import Boxes
from app.stages.faces.letterbox import Letterbox
from app.stages.faces.tiles import Tile, whole


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [(256, 128, (0.5, 0, 32)), (64, 128, (1, 32, 0)), (64, 64, (2, 0, 0)), (1280, 720, (0.1, 0, 28))],
)
def test_the_longer_side_fills_the_input(width, height, expected):
    letterbox = Letterbox.of(whole(width, height), 128)
    assert (letterbox.scale, letterbox.left, letterbox.top) == pytest.approx(expected)


def test_boxes_come_back():
    corners = np.float32([[10, 42, 20, 52]])
    inside = Boxes(corners, np.repeat(corners[:, None, :2], 6, 1), np.float32([1.5]))
    found = Letterbox.of(whole(256, 128), 128).in_picture(inside)
    assert found.corners.tolist() == [[20, 20, 40, 40]]
    assert found.points[0, 5].tolist() == [20, 20] and found.scores.tolist() == [1.5]


def test_a_picture_is_drawn_where_the_mapping_says_and_all_else_is_black():
    picture = np.full((64, 128, 3), (10, 20, 30), np.uint8)
    canvas = np.full((32, 32, 3), 255, np.uint8)
    letterbox = Letterbox.of(whole(128, 64), 32)
    letterbox.draw(picture, canvas)
    assert (canvas[8:24] == (10, 20, 30)).all()
    assert not canvas[:8].any() and not canvas[24:].any()


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("tile", [whole(160, 90), Tile(60, -10, 80), Tile(80, 10, 48)])
def test_a_spot_is_found_where_it_was_drawn(tile, turns):
    tile = replace(tile, turns=turns)
    picture = np.zeros((90, 160, 3), np.uint8)
    cv2.circle(picture, (100, 40), 12, (255, 255, 255), -1)
    canvas, letterbox = np.empty((64, 64, 3), np.uint8), Letterbox.of(tile, 64)
    letterbox.draw(picture, canvas)
    rows, columns = np.nonzero(canvas[..., 0] > 127)
    middle = np.float32([columns.mean(), rows.mean()])
    found = letterbox.in_picture(Boxes(np.tile(middle, 2)[None], np.tile(middle, (1, 6, 1)), np.zeros(1)))
    assert found.points[0, 0] == pytest.approx([100, 40], abs=0.5)


def test_a_turned_tile_shows_its_left_edge_below():
    picture = np.zeros((40, 40, 3), np.uint8)
    picture[:, :10] = 255
    canvas = np.empty((40, 40, 3), np.uint8)
    letterbox = Letterbox.of(whole(40, 40, 1), 40)
    letterbox.draw(picture, canvas)
    assert (canvas[30:] == 255).all() and not canvas[:30].any()  # a quarter turn anticlockwise
    low = Boxes(np.float32([[5, 32, 15, 38]]), np.zeros((1, 6, 2), np.float32), np.zeros(1, np.float32))
    assert letterbox.in_picture(low).corners.tolist() == [[1, 5, 7, 15]]
