"""Tiles: the squares of a picture in which faces are looked for that are too small in the whole of it.

The near detector finds a face that is a seventh of its input high. Each size of tiles has twice the side of
the one before, so that a face is large enough in one of them; `python -m export.evaluate faces` measures it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

SMALLEST = 288.0  # pixels, the least side of a tile: faces 40 pixels high are found
FINEST = 0.15  # of the picture's longer side, the same where that is more: a larger picture has no more tiles
LARGEST = 2 / 3  # of the picture's longer side; what is larger is found in the whole picture
OVERLAP = 0.25  # of a side that neighbours share at least: a face that is smaller is whole in one of them
TURNED_FROM = 0.4  # of the picture's longer side: turned faces are looked for in tiles of that side or larger


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of a picture, which may reach beyond its edges, and how it is turned for the network."""

    left: float  # pixels from the picture's left edge to the tile's
    top: float
    side: float  # pixels
    turns: int = 0  # quarter turns anticlockwise, 0 to 3, after which the network sees it


def whole(width: int, height: int, turns: int = 0) -> Tile:
    """The smallest square around a picture of that size in pixels, which is in its middle."""
    side = max(width, height)
    return Tile((width - side) / 2, (height - side) / 2, side, turns)


def upright(width: int, height: int) -> tuple[Tile, ...]:
    """All tiles of a picture of that size in pixels, the largest first; () for a small picture."""
    return tuple(tile for side in reversed(sides(width, height)) for tile in _row_by_row(width, height, side))


def turned(width: int, height: int) -> tuple[Tile, ...]:
    """The whole picture and its large tiles, each turned by one, two and three quarters."""
    least = TURNED_FROM * max(width, height)
    large = [whole(width, height), *(tile for tile in upright(width, height) if tile.side >= least)]
    return tuple(Tile(tile.left, tile.top, tile.side, turns) for tile in large for turns in (2, 1, 3))


def sides(width: int, height: int) -> tuple[float, ...]:
    """The sides of a picture's tiles in pixels, the smallest first."""
    longer, found = max(width, height), []
    side = max(SMALLEST, FINEST * longer)
    while side <= LARGEST * longer:
        found.append(side)
        side *= 2
    return tuple(found)


def _row_by_row(width: int, height: int, side: float) -> Iterator[Tile]:
    for top in _starts(height, side):
        for left in _starts(width, side):
            yield Tile(left, top, side)


def _starts(length: int, side: float) -> list[float]:
    """Where tiles begin that cover a `length` evenly; one in its middle where it is no longer than a side."""
    if length <= side:
        return [(length - side) / 2]
    count = ceil((length - side) / ((1 - OVERLAP) * side)) + 1
    return [step * (length - side) / (count - 1) for step in range(count)]


class TileCycle:
    """Goes through the tiles of one source's frames, a few in each frame, over and over."""

    def __init__(self) -> None:
        self._size = (0, 0)
        self._at = 0  # the tile that is next
        self._upright: tuple[Tile, ...] = ()
        self._turned: tuple[Tile, ...] = ()

    def next(self, width: int, height: int, count: int, *, turned_too: bool) -> tuple[Tile, ...]:
        """The next `count` tiles of a picture of that size; fewer where it has no more.

        With `turned_too` those that are turned come after those that are not, before it begins anew.
        """
        if (width, height) != self._size:
            self._size, self._at = (width, height), 0
            self._upright, self._turned = upright(width, height), turned(width, height)
        tiles = self._upright + self._turned * turned_too
        count = min(count, len(tiles))
        chosen = tuple(tiles[(self._at + step) % len(tiles)] for step in range(count))
        self._at = (self._at + count) % len(tiles) if tiles else 0
        return chosen
