"""The words of the plane, and places for the people's words that cover none of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF

from app.ui.look.fonts import pixels

LEAST = 11.0  # pixels of the smallest words
NEAR = 8  # of the places beside a point touch it; the others are further away
# What the four quarters are called (Russell 1980), in words for everybody.
QUARTERS = (("joyful", 1, 1), ("tense", -1, 1), ("gloomy", -1, -1), ("relaxed", 1, -1))


@dataclass(frozen=True, slots=True)
class Label:
    """A word of the plane, at its place."""

    word: str
    font: QFont
    faint: bool
    box: QRectF  # widget pixels
    at: QPointF  # left end of the baseline


def own(square: QRectF, font: QFont, size: float, *, large: bool) -> tuple[Label, ...]:
    """The words of a plane whose values -1..1 fill `square`, `size` pixels high; no terms when `large`."""
    small, bold = pixels(font, size), pixels(font, size * 1.1, bold=True)
    gap, middle, part = size * 0.4, square.center(), 0.24 * square.width()
    placed = [
        _label(word, small, QPointF(middle.x() + part * x, middle.y() - part * y), 0.5, 0.5)
        for word, x, y in QUARTERS
    ]
    placed += [
        _label("pleasant", bold, QPointF(square.right() - 1.5 * gap, middle.y() - gap / 2), 1, 1),
        _label("unpleasant", bold, QPointF(square.left() + 1.5 * gap, middle.y() - gap / 2), 0, 1),
        _label("excited", bold, QPointF(middle.x() + gap, square.top() + gap), 0, 0),
        _label("calm", bold, QPointF(middle.x() + gap, square.bottom() - gap), 0, 1),
    ]
    if not large:
        terms = pixels(font, max(LEAST, size * 0.85))
        placed += [
            _label("valence", terms, QPointF(square.right() - 1.5 * gap, middle.y() + gap / 2), 1, 0),
            _label("arousal", terms, QPointF(middle.x() - gap, square.top() + gap * 1.3), 1, 0),
        ]
    return tuple(placed)


def sides(at: QPointF, size: QSizeF, reach: float, room: float) -> tuple[QRectF, ...]:
    """Where a word of `size` may stand, `reach` from the point `at`, in a widget that is `room` pixels wide.

    Right, left, above, below, then at the four corners of the point: NEAR; then further above and below.
    """
    width, height, near = size.width(), size.height(), 0.6 * reach
    right, left, level = at.x() + reach, at.x() - reach - width, at.y() - height / 2
    above, below = at.y() - reach - height, at.y() + reach
    middle = max(2.0, min(at.x() - width / 2, room - width - 2))  # a long word stays inside
    beside = [(right, level), (left, level), (middle, above), (middle, below)]
    corners = [(x, y) for x in (at.x() + near, at.x() - near - width) for y in (above + near, below - near)]
    away = [(middle, y) for row in range(1, 6) for y in (above - row * height, below + row * height)]
    return tuple(QRectF(x, y, width, height) for x, y in (*beside, *corners, *away))


def choose(
    places: tuple[QRectF, ...], before: int, room: QRectF, taken: Iterable[QRectF], words: Iterable[Label]
) -> int:
    """The best of `places`: inside `room`, on nothing of `taken`, near, on none of `words`, and as `before`.

    The first of these counts most where not all can be had.
    """

    def faults(side: int) -> tuple[bool, bool, int, bool, bool]:
        place = places[side]
        return (
            not room.contains(place),
            any(place.intersects(other) for other in taken),
            max(0, side - NEAR + 2) // 2,  # rows away
            any(place.intersects(label.box) for label in words),
            side != before,
        )

    best, least = before, faults(before)
    for side in range(len(places)):
        if not any(least):
            break
        if (found := faults(side)) < least:
            best, least = side, found
    return best


def _label(word: str, font: QFont, at: QPointF, right: float, down: float) -> Label:
    """`word` with the point `at` at the fraction (right, down) of its own box."""
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(word), metrics.height()
    box = QRectF(at.x() - right * width, at.y() - down * height, width, height)
    return Label(word, font, not font.bold(), box, QPointF(box.left(), box.top() + metrics.ascent()))
