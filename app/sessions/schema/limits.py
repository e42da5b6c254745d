"""What a session can hold at most: far beyond any recording, and little enough to be read at little cost."""

from __future__ import annotations

import math
import re

MOST_ROWS = 8_000_000  # 18 hours of four faces at 30 frames a second, 4 of sixteen
MOST_IN_MEMORY = 2_500_000  # rows where something of each has to be in memory at once
MOST_REPLAYED = 1_500_000  # rows of a replay, which has all their values in memory
MOST_EVENTS = 1_000_000  # also that are written: a flood of markers must not make a session unreadable
MOST_EVENT_BYTES = 128_000_000  # of a file of events
LONGEST_LINE = 65_536  # characters of a line of faces.csv or of the events
MOST_COLUMNS = 500
LONGEST_WORD = 64  # characters of a text in faces.csv
MOST_WORDS = 100  # different texts in one column of faces.csv
MOST_PEOPLE = 5_000  # ids in one session, where something is made for each
LONGEST_MARKER = 1_000  # characters of an event's text that is written; a longer one is cut
LONGEST_TEXT = 20_000  # characters of an event's text, or of one in session.json, that is read
MOST_SECONDS = 1e7  # of a time, 115 days
MOST_COUNTED = 10**12  # frames
MOST_PIXELS_AWAY = 1e6  # from the picture's corner to a place
MOST_SIDE, MOST_PIXELS = 32_000, 120_000_000  # of a picture
MOST_FACES = 64  # that are measured in a frame
UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")  # what XML has no way to write


class LimitError(ValueError):
    """A value lies beyond what a session can hold, or is of another kind; the text is a clause."""


def text(value: object, name: str, most: int = LONGEST_TEXT) -> str:
    """`value` as a text of at most `most` characters, "" for None. Raises LimitError.

    A space stands for a control character.
    """
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise LimitError(f"{name} is no text")
    if len(found := str(value)) > most:
        raise LimitError(f"{name} has {len(found)} characters")
    return UNSHOWN.sub(" ", found)


def number(value: object, name: str, low: float, high: float, default: float = 0.0) -> float:
    """`value` as a number from `low` to `high`, `default` for None. Raises LimitError."""
    if value is None:
        return default
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise LimitError(f"{name} is no number")
    if not low <= value <= high:
        raise LimitError(f"{name} is {value:g}, which is not from {low:g} to {high:g}")
    return float(value)


def whole(value: object, name: str, low: int, high: int, default: int = 0) -> int:
    """`value` as a whole number from `low` to `high`, `default` for None. Raises LimitError."""
    found = number(value, name, low, high, default)
    if found != int(found):
        raise LimitError(f"{name} is {found:g}, which is no whole number")
    return int(found)
