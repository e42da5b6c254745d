"""A session folder read back: what `session.json` says, the rows of `faces.csv`, the events.

Report, export, replay and verify read a session through here. It needs neither the networks nor the version
of Mien that wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from app.sessions.event import Event, in_force
from app.sessions.event_file import read_events
from app.sessions.info import SessionError, open_text, read_info
from app.sessions.schema.column import CellError, Values
from app.sessions.schema.faces import BY_NAME, COLUMNS, known
from app.sessions.schema.files import ADDED_EVENTS_FILE, EVENTS_FILE, INFO_FILE, ROWS_FILE
from app.types import Mask

BLOCK = 8192  # rows in memory at a time


class Rows:
    """Columns of equal length: numbers as float64 with NaN for a missing one, text as str with ""."""

    def __init__(self, columns: Mapping[str, Values]) -> None:
        """`columns` are arrays of shape (n,), by the names of the columns."""
        self._columns = columns

    def __getitem__(self, name: str) -> Values:
        """The values (n,) of the column `name`. Raises KeyError."""
        return self._columns[name]

    def __len__(self) -> int:
        """How many rows there are."""
        return len(next(iter(self._columns.values()), ()))

    def __iter__(self) -> Iterator[str]:
        """The names of the columns."""
        return iter(self._columns)

    def where(self, mask: Mask) -> Rows:
        """The rows where `mask` (n,) is True."""
        return Rows({name: values[mask] for name, values in self._columns.items()})


class RecordedSession:
    """One session folder. Opening it reads `session.json` and the names of the columns, not the rows.

    Attributes: `folder`, its path; `info`, what `session.json` says; `names`, those of the columns of
    `faces.csv` in the order of the file.
    """

    def __init__(self, folder: Path) -> None:
        """Opens the session in `folder`. Raises SessionError."""
        self.folder = folder
        if not folder.is_dir():
            raise SessionError(
                f"There is no session folder {folder}: name a folder that holds {INFO_FILE} and {ROWS_FILE}."
            )
        self.info = read_info(folder / INFO_FILE)
        self.names = self._header()

    @property
    def csv(self) -> Path:
        """The path of the file of rows."""
        return self.folder / ROWS_FILE

    def blocks(self, names: Iterable[str] | None = None, size: int = BLOCK) -> Iterator[Rows]:
        """The rows, `size` at a time, of the columns `names` (default: all that the file has).

        A column that was added to Mien after the session was recorded has missing values. A last line without
        its end, which a power cut can leave, is left out. Raises SessionError.
        """
        chosen = tuple(self.names if names is None else names)
        for name in chosen:
            if name not in self.names and not (name in BY_NAME and BY_NAME[name].newer):
                raise self._lacks(name)
        places = {name: self.names.index(name) for name in chosen if name in self.names}
        with open_text(self.csv) as file:
            next(file)
            number = 2  # of the block's first line in the file, as editors count
            while lines := list(islice(file, size)):
                if not lines[-1].endswith("\n"):
                    lines.pop()
                if not lines:
                    return
                cells = self._cells(lines, number)
                found = {n: self._values(n, [c[p] for c in cells], number) for n, p in places.items()}
                yield Rows({n: found[n] if n in found else known(n).nothing(len(cells)) for n in chosen})
                number += len(lines)

    def rows(self, *names: str) -> Rows:
        """All rows of the columns `names` at once, as `blocks` gives them. Raises SessionError."""
        blocks = list(self.blocks(names))
        if not blocks:
            return Rows({name: known(name).nothing(0) for name in names})
        return Rows({name: np.concatenate([block[name] for block in blocks]) for name in names})

    def events(self) -> tuple[Event, ...]:
        """The events of the session and those that replays added, by time; without markers that were undone.

        Raises SessionError.
        """
        files = (self.folder / name for name in (EVENTS_FILE, ADDED_EVENTS_FILE))
        found = [event for path in files for event in in_force(read_events(path))]
        return tuple(sorted(found, key=lambda event: event.time))

    def _header(self) -> tuple[str, ...]:
        with open_text(self.csv) as file:
            names = tuple(file.readline().rstrip("\n").split(","))
        for column in COLUMNS:
            if column.needed and column.name not in names:
                raise self._lacks(column.name)
        return names

    def _lacks(self, name: str) -> SessionError:
        return SessionError(f"{self.csv} has no column {name}: Mien did not write it, or it was edited.")

    def _cells(self, lines: Sequence[str], number: int) -> list[list[str]]:
        cells = [line[:-1].split(",") for line in lines]
        for i, row in enumerate(cells):
            if len(row) != len(self.names):
                raise SessionError(
                    f"Line {number + i} of {self.csv} has {len(row)} values instead of {len(self.names)}: "
                    "restore the file, or delete that line."
                )
        return cells

    def _values(self, name: str, cells: Sequence[str], number: int) -> Values:
        """The values of a column; `number` is that of the first line in the file."""
        try:
            return known(name).read(cells)
        except CellError as error:
            raise SessionError(
                f"Line {number + error.index} of {self.csv} has {error.cell!r} for a number in {name}: "
                "restore the file, or delete that line."
            ) from error
