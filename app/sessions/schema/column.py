"""A column of a session's file: what it means, how its cells are written and read back.

Cells are plain: comma, dot, UTF-8, empty where a value is missing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.sessions.wall_time import seconds_of

Line = TypeVar("Line")  # what one line of the file is made from
Values = NDArray[Any]  # (n,) float64, NaN where a value is missing; or str, "" where a text is missing

NEVER = "never"  # of `Column.missing`: each line has a value


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
            return "".join(c if c.isprintable() else " " for c in cell)
        if self is Kind.UTC:
            return seconds_of(cell)
        if not math.isfinite(number := float(cell)):
            raise ValueError(f"{cell!r} is no number")
        return int(cell) if self is Kind.WHOLE else number


class CellError(ValueError):
    """A cell does not hold what its column says; `index` is its place in what was read, from 0."""

    def __init__(self, index: int, cell: str) -> None:
        """`cell` is its text."""
        super().__init__(f"{cell!r} is no number")
        self.index, self.cell = index, cell


@dataclass(frozen=True, slots=True)
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

    def read(self, cells: Sequence[str]) -> Values:
        """The values of `cells`: text as it is, numbers as float64 with NaN for an empty cell.

        Raises CellError for a cell that is not a finite number, and for an empty one where none may be.
        """
        if self.is_text:
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
        return numbers


def _is_number(cell: str) -> bool:
    try:
        Kind.NUMBER.parse(cell)
    except ValueError:
        return False
    return True
