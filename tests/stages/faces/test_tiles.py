"""Which tiles a picture needs, exactly, and the cycle through them."""

import math
from itertools import pairwise

import numpy as np
import pytest

from app.stages.faces import tiles
from app.stages.faces.tiles import OVERLAP, Tile, TileCycle

SIZES = [(480, 270), (640, 480), (1280, 720), (720, 1280), (1920, 1080), (3840, 2160), (2000, 100)]


@pytest.mark.parametrize(
    ("size", "sides", "count"),
    [
        ((400, 400), (), 0),
        ((432, 100), (288,), 2),  # from one and a half tiles on
        ((480, 270), (288,), 2),
        ((640, 480), (288,), 6),
        ((1280, 720), (288, 576), 18 + 6),
        ((1920, 1080), (288, 576, 1152), 45 + 15 + 2),
        ((3840, 2160), (576, 1152, 2304), 45 + 15 + 2),  # no more than of a picture half as large
    ],
)
def test_how_many_tiles_a_picture_has(size, sides, count):
    assert tiles.sides(*size) == sides
    found = tiles.upright(*size)
    assert len(found) == count
    assert [tile.side for tile in found] == sorted((tile.side for tile in found), reverse=True)


@pytest.mark.parametrize("size", SIZES)
def test_a_face_smaller_than_the_overlap_is_whole_in_a_tile(size):
    width, height = size
    for side in tiles.sides(width, height):
        found = [tile for tile in tiles.upright(width, height) if tile.side == side]
        for length, starts in ((width, {t.left for t in found}), (height, {t.top for t in found})):
            first, last = min(starts), max(starts)
            if length <= side:
                assert starts == {(length - side) / 2}
            else:
                assert first == 0 and last + side == pytest.approx(length)
                gaps = np.diff(sorted(starts))
                assert gaps.max() == pytest.approx(gaps.min()) and side - gaps.max() >= OVERLAP * side - 1e-9
        assert len(found) == len({(t.left, t.top) for t in found})


@pytest.mark.parametrize("size", SIZES)
def test_each_size_of_face_is_large_enough_somewhere(size):
    sides = tiles.sides(*size)
    assert all(b == 2 * a for a, b in pairwise(sides))
    assert sides[-1] <= 2 / 3 * max(size) < 2 * sides[-1]


def test_turned_tiles_are_the_whole_picture_and_the_large_tiles_three_times():
    found = tiles.turned(1280, 720)
    assert len(found) == 3 * (1 + 6) and {tile.turns for tile in found} == {1, 2, 3}
    assert found[:3] == tuple(tiles.whole(1280, 720, turns) for turns in (2, 1, 3))
    assert tiles.whole(1280, 720) == Tile(0, -280, 1280) and tiles.whole(100, 300) == Tile(-100, 0, 300)


def test_a_cycle_sees_each_tile_once_before_it_begins_anew():
    cycle, everything = TileCycle(), tiles.upright(1280, 720)
    seen = [cycle.next(1280, 720, 5, turned_too=False) for _ in range(10)]
    assert [tile for part in seen for tile in part] == [*everything, *everything, *everything][:50]
    cycle = TileCycle()
    whole = [*everything, *tiles.turned(1280, 720)]
    steps = math.ceil(len(whole) / 2)
    seen = [cycle.next(1280, 720, 2, turned_too=True) for _ in range(steps)]
    assert [tile for part in seen for tile in part][: len(whole)] == whole


def test_a_cycle_begins_anew_with_another_size_and_survives_small_pictures():
    cycle = TileCycle()
    cycle.next(1280, 720, 5, turned_too=False)
    assert cycle.next(640, 480, 2, turned_too=False) == tiles.upright(640, 480)[:2]
    assert (
        cycle.next(640, 480, 50, turned_too=False)
        == tiles.upright(640, 480)[2:] + tiles.upright(640, 480)[:2]
    )
    assert cycle.next(60, 40, 2, turned_too=False) == ()
    assert cycle.next(60, 40, 9, turned_too=True) == tiles.turned(60, 40)
