"""How the stage shares the screen: where each of its parts lies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRect

EDGE = 12  # pixels
NONE = QRect()
ABOVE, BELOW = 0.2, 0.14  # of the height: the bands of the game's board


class Shape(Enum):
    """What of the face and the plane is shown; the text is what the user reads."""

    BOTH = "Face and plane"
    FACE = "Face"
    PLANE = "Plane"


@dataclass(frozen=True, slots=True)
class Places:
    """The rectangle of each part, in pixels of the stage; an empty one hides it."""

    large: QRect  # the plane, the bars, the curves, or what is frozen
    picture: QRect
    summary: QRect = NONE
    caption: QRect = NONE
    moments: QRect = NONE

    def lowered(self, by: int) -> Places:
        """The same places `by` pixels further down."""
        return Places(
            self.large.translated(0, by), self.picture.translated(0, by), self.summary.translated(0, by),
            self.caption.translated(0, by), self.moments.translated(0, by),
        )  # fmt: skip


def places(shape: Shape, width: int, height: int) -> Places:
    """The places where the plane is the large panel."""
    band, half = max(56, height // 7), width // 2
    moments = QRect(EDGE, height - band + EDGE // 2, half - 2 * EDGE, band - EDGE)
    caption = QRect(half + EDGE, height - band, width - half - 2 * EDGE, band)
    if shape is Shape.FACE:
        side = round(0.36 * min(width, height))
        inset = QRect(width - side - EDGE, height - side - EDGE, side, side)
        return Places(inset, QRect(0, 0, width, height), moments=moments)
    if shape is Shape.PLANE:
        return Places(QRect(0, 0, width, height - band), NONE, caption=caption, moments=moments)
    top = height - band
    wide = max(half, width - top)  # the plane is a square
    large, picture = QRect(wide, 0, width - wide, top), QRect(0, 0, wide, top)
    return Places(large, picture, caption=caption, moments=moments)


def game(width: int, height: int) -> Places:
    """The places in the mimic game: the picture between the two bands of its board."""
    return Places(NONE, QRect(0, round(ABOVE * height), width, round((1 - ABOVE - BELOW) * height)))


def beside(width: int, height: int, words: int) -> Places:
    """The places where another panel is the large one: a column with the picture beside it.

    `words` is the height that the summary needs, in pixels.
    """
    column = max(120, width // 5)
    left, tall = width - column - EDGE, column * 3 // 4
    return Places(
        QRect(EDGE, EDGE, width - column - 3 * EDGE, height - 2 * EDGE),
        QRect(left, height - tall - EDGE, column, tall),
        summary=QRect(left, EDGE, column, max(1, words)),
        caption=QRect(left, words + 2 * EDGE, column, max(1, height - tall - words - 4 * EDGE)),
    )


def invitation(width: int, height: int) -> Places:
    """The places while nobody is there: the plane, and below it what to do."""
    band = max(70, height // 6)
    return Places(
        QRect(0, 0, width, height - band), NONE, caption=QRect(EDGE, height - band, width - 2 * EDGE, band)
    )
