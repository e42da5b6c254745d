"""Made pictures say so: the words "made up" are a part of the picture itself, on each made face.

Wherever such a picture is copied to, also when a face is cut out of it, nobody should take it for a photo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from app.stages.align import inverse
from app.stages.synthesis import Change, Synthesizer, changed, obstacle, tinted
from app.types import EXPRESSIONS, Image, Result

WORDS = "made up"
_MARGIN = 1.3  # side of a close view, as a multiple of the crop's
_COLUMNS = 4
_FONT, _SMALLEST = cv2.FONT_HERSHEY_SIMPLEX, 0.38  # below, letters run together
_BELOW = 0.92  # where the words begin, in sides of the crop: below the mouth
_PART = 0.9  # the longest words are so wide, as a share of the room for them


def picture(image: Image, changes: Sequence[Change], *, mirrored: bool = False) -> Image:
    """A (height, width, 3) BGR picture with `changes` of its faces, each with its words.

    With `mirrored` it is a mirror's, in which the words can be read.
    """
    return labelled(changed(image, changes), changes, mirrored=mirrored)


def labelled(
    image: Image, changes: Sequence[Change], *, mirrored: bool = False, room: float | None = None
) -> Image:
    """A copy of a BGR picture with "made up" and the expression at the lower edge of each changed face.

    The words may be `room` pixels wide, by default as wide as the face's crop.
    """
    drawn = np.ascontiguousarray(image[:, ::-1] if mirrored else image).copy()
    width = drawn.shape[1]
    for change in changes:
        corners = change.corners
        side = float(np.hypot(*(corners[1] - corners[0])))
        x, y = corners.mean(0)
        x = width - 1 - x if mirrored else x
        longest = max((text(replace(change, expression=name)) for name in EXPRESSIONS), key=len)
        place = float(x), float(y) + (_BELOW - 0.5) * side
        _write(drawn, text(change), longest, place, side if room is None else room)
    return drawn


def worn(synthesizer: Synthesizer, result: Result, expression: str, *, mirrored: bool = False) -> Image:
    """The picture of `result`, in which every face of which something can be made wears `expression`.

    Each has the words "made up" on it. The picture of the result stays as it is. Raises ModelError.
    """
    image = result.frame.image
    fit = [face for face in result.faces if not obstacle(image, face)]
    changes = [synthesizer.changes(image, face, (expression,))[0] for face in fit]
    return picture(image, changes, mirrored=mirrored)


def close_up(image: Image, change: Change, *, side: int, mirrored: bool = False) -> Image:
    """(side, side, 3): the changed face of a BGR picture, large, with its words."""
    cut, moved = around(image, change, side)
    return labelled(changed(cut, (moved,)), (moved,), mirrored=mirrored, room=side)


def close_up_of_mask(image: Image, change: Change, *, side: int, mirrored: bool = False) -> Image:
    """As `close_up`, but of the face as it is, orange where it would have to change."""
    cut, moved = around(image, change, side)
    return labelled(tinted(cut, moved), (moved,), mirrored=mirrored, room=side)


def around(image: Image, change: Change, side: int) -> tuple[Image, Change]:
    """The face of `change`, upright in the middle of (side, side, 3), and the change of that picture.

    Outside the picture its border is repeated.
    """
    corners = change.corners
    scale = side / (_MARGIN * float(np.hypot(*(corners[1] - corners[0]))))
    x, y = corners.mean(0)
    to_cut = np.array([[scale, 0, side / 2 - scale * x], [0, scale, side / 2 - scale * y]])
    if scale < 0.5:  # sampling would skip pixels
        factor = int(1 / scale)
        height, width = image.shape[:2]
        size = max(1, width // factor), max(1, height // factor)
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        fx, fy = width / size[0], height / size[1]
        small = to_cut * np.array([[fx, fy, 1], [fx, fy, 1]])
        small[:, 2] += to_cut[:, :2] @ (0.5 * np.array([fx, fy]) - 0.5)
    else:
        small = to_cut
    cut = cv2.warpAffine(image, small, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    whole = np.vstack([inverse(to_cut), [0, 0, 1]])
    return np.asarray(cut, np.uint8), replace(change, to_crop=change.to_crop @ whole)


def sheet(image: Image, changes: Sequence[Change], *, side: int = 320) -> Image:
    """Close views of the changed face, `side` pixels each, four beside one another."""
    tiles = [close_up(image, change, side=side) for change in changes]
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % _COLUMNS)
    rows = [np.hstack(tiles[start : start + _COLUMNS]) for start in range(0, len(tiles), _COLUMNS)]
    return np.vstack(rows)


def text(change: Change) -> str:
    """What is written on a made face."""
    part = "" if change.strength >= 1 else f" {100 * change.strength:.0f} %"
    return f"{WORDS}: {change.expression}{part}"


def _write(image: Image, words: str, longest: str, place: tuple[float, float], room: float) -> None:
    """Writes light words on a dark strip into `image`; `place` is the middle of the strip's upper edge.

    They are as large as lets the `longest` fit into `room` pixels; where that is little, they are WORDS.
    """
    height, width = image.shape[:2]
    scale = _PART * room / _long(longest, 1.0)
    if scale < _SMALLEST:
        words, scale = WORDS, min(_SMALLEST, _PART * room / _long(WORDS, 1.0))
    scale = min(scale, _PART * width / _long(words, 1.0))
    thick = max(1, round(1.2 * scale))
    (long, high), low = cv2.getTextSize(words, _FONT, scale, thick)
    rim = max(2, high // 3)
    left = int(min(max(place[0] - long / 2, rim), max(rim, width - long - rim)))
    base = int(min(max(place[1] + high + rim, high + rim), max(high, height - low - 1)))
    strip = image[max(0, base - high - rim) : base + low, max(0, left - rim) : left + long + rim]
    strip[:] = strip // 4
    cv2.putText(image, words, (left, base), _FONT, scale, (255, 255, 255), thick, cv2.LINE_AA)


def _long(words: str, scale: float) -> int:
    """Their width in pixels."""
    return cv2.getTextSize(words, _FONT, scale, 1)[0][0]
