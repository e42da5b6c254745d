"""A column of a session's file: what it means, how its cells are written and read back.

Cells are plain: comma, dot, UTF-8, empty where a value is missing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.sessions.schema import limits
from app.sessions.wall_time import seconds_of

Line = TypeVar("Line")  # what one line of the file is made from
Values = NDArray[Any]  # (n,) float64, NaN where a value is missing; or str, "" where a text is missing

NEVER = "never"  # of `Column.missing`: each line has a value
ANYWHERE = "may lie outside the frame"  # a range of a place in pixels
SLACK = 0.1  # of a range, by which a value may lie outside: another version's network may overshoot


class Kind(Enum):
    """What the cells of a column hold."""

    NUMBER = "number"
    WHOLE = "whole number"
    TEXT = "text"
    UTC = "date and time"  # ISO 8601 with milliseconds, such as 2026-03-01T09:30:00.000Z

    def parse(self, cell: str) -> Any:
        """The value of one `cell` that is not empty: float, int, text, or seconds since 1970 of a time.

        In a text, a space stands for what cannot be shown. Raises ValueError where the cell does not fit.
        """
        if self is Kind.TEXT:
            if len(cell) > limits.LONGEST_TEXT:
                raise ValueError(f"a text of {len(cell)} characters is too long")
            return "".join(c if c.isprintable() else " " for c in cell)
        if self is Kind.UTC:
            return seconds_of(cell)
        if not math.isfinite(number := float(cell)):
            raise ValueError(f"{cell[:40]!r} is no number")
        if abs(number) > limits.MOST_COUNTED:
            raise ValueError(f"{cell[:40]} is too large")
        return int(cell) if self is Kind.WHOLE else number


class CellError(ValueError):
    """A cell does not hold what its column says; `index` is its place in what was read, from 0.

    `expected` is what its column holds, in words.
    """

    def __init__(self, index: int, cell: str, expected: str = "a number") -> None:
        """`cell` is its text."""
        super().__init__(f"{cell[:40]!r} is not {expected}")
        self.index, self.cell, self.expected = index, cell[:40], expected


@dataclass(frozen=True)
class Column(Generic[Line]):
    """One column, said once for everything that writes, reads, explains or exports it."""

    name: str
    kind: Kind
    meaning: str
    missing: str  # when the cell is empty, or NEVER
    write: Callable[[Line], str]  # gives the cell
    unit: str = ""  # "" for a text, a count or a share
    range: str = ""  # in words
    part: str = ""  # the attribute that the value is read back into, such as "raw.eyes"; "" for none
    needed: bool = False  # a file without this column is refused
    newer: bool = False  # sessions recorded before this column was added are read as if it were empty
    of_frame: bool = False  # the same for every face in a frame

    @property
    def is_text(self) -> bool:
        """Whether its values are read as text, and not as numbers."""
        return self.kind in (Kind.TEXT, Kind.UTC)

    def nothing(self, count: int) -> Values:
        """`count` missing values: NaN, or "" for text."""
        return np.full(count, "") if self.is_text else np.full(count, np.nan)

    @cached_property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest number that is read: its range with some slack, or else far beyond."""
        if self.range == ANYWHERE:
            return -limits.MOST_PIXELS_AWAY, limits.MOST_PIXELS_AWAY
        most = limits.MOST_SECONDS if self.unit == "seconds" else float(limits.MOST_COUNTED)
        first, dots, last = self.range.partition("..")
        if not dots:
            return -most, most
        low, high = float(first), float(last) if last else most
        slack = SLACK * (high - low) if last else 0.0
        return low - slack, high + slack

    def read(self, cells: Sequence[str]) -> Values:
        """The values of `cells`: text with a space for a control character, numbers as float64.

        An empty cell is NaN.

        Raises CellError for a cell that is not a finite number, or is outside `bounds`, or longer than a text
        can be, and for an empty one where none may be.
        """
        if self.is_text:
            if max(map(len, cells), default=0) > limits.LONGEST_WORD:
                index = next(i for i, cell in enumerate(cells) if len(cell) > limits.LONGEST_WORD)
                raise CellError(index, cells[index], f"a text of at most {limits.LONGEST_WORD} characters")
            if any(map(limits.UNSHOWN.search, cells)):
                cells = [limits.UNSHOWN.sub(" ", cell) for cell in cells]
            return np.array(cells, str)
        may_miss = not (self.needed and self.missing == NEVER)
        try:
            numbers = np.array([float(cell) if cell else np.nan for cell in cells])
            good = not np.isinf(numbers).any() and np.isnan(numbers).sum() == may_miss * cells.count("")
        except ValueError:
            good = False
        if not good:
            index = next(i for i, cell in enumerate(cells) if not _is_number(cell) and (cell or not may_miss))
            raise CellError(index, cells[index])
        self._check(cells, numbers)
        return numbers

    def _check(self, cells: Sequence[str], numbers: NDArray[np.float64]) -> None:
        low, high = self.bounds
        outside = (numbers < low) | (numbers > high)
        if outside.any():
            index = int(np.flatnonzero(outside)[0])
            raise CellError(index, cells[index], f"from {low:g} to {high:g}")
        if self.kind is Kind.WHOLE:
            broken = numbers != np.floor(numbers)
            broken &= ~np.isnan(numbers)
            if broken.any():
                index = int(np.flatnonzero(broken)[0])
                raise CellError(index, cells[index], "a whole number")


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False
