"""A session folder read back: what `session.json` says, the rows of `faces.csv`, the events.

Report, export, replay and verify read a session through here. It needs neither the networks nor the version
of Mien that wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

import numpy as np

from app.sessions.event import Event, in_force
from app.sessions.event_file import read_events
from app.sessions.info import SessionError, open_text, read_info, unreadable
from app.sessions.schema import limits
from app.sessions.schema.column import CellError, Values
from app.sessions.schema.faces import BY_NAME, COLUMNS, known
from app.sessions.schema.files import ADDED_EVENTS_FILE, EVENTS_FILE, INFO_FILE, ROWS_FILE
from app.system.plain_file import is_folder, plain_binary
from app.types import Mask

BLOCK = 512  # rows in memory at a time: their cells fit into the cache of a processor
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")  # of a column


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
        if not is_folder(folder):
            raise SessionError(
                f"There is no session folder {str(folder)[:300]}: name a folder that holds {INFO_FILE} and "
                f"{ROWS_FILE}."
            )
        self.info = read_info(folder / INFO_FILE)
        self.names = self._header()

    @property
    def csv(self) -> Path:
        """The path of the file of rows."""
        return self.folder / ROWS_FILE

    @property
    def name(self) -> str:
        """The name of the folder, also of one that was given as `.`."""
        return self.folder.absolute().resolve().name or "session"

    def lacking(self, *, used: bool = True) -> str:
        """A sentence where the end of the rows is missing, as of a file that was cut; else "".

        It says that the rows that are left are used, unless `used` is False. Reads the file once. Raises
        SessionError.
        """
        found, whole = self._count(limits.MOST_ROWS + 1)
        if self.info.finished and found < self.info.rows:
            return (
                f"{self.csv} is cut: it has {found} of the {self.info.rows} rows that were recorded"
                f"{', and what follows is made from these; ' if used else ': '}restore the file from a copy."
            )
        if self.info.finished and not whole:
            then = ", which is left out" if used else ": restore the file from a copy"
            return f"{self.csv} is cut in the middle of its last line{then}."
        return ""

    def count(self) -> int:
        """How many rows there are, counted as far as MOST_ROWS. Raises SessionError."""
        return self._count(limits.MOST_ROWS)[0]

    def refuse_above(self, most: int, what: str) -> None:
        """Raises SessionError where there are more than `most` rows, too many for `what`."""
        if self._count(most)[0] > most:
            raise SessionError(f"{self.csv} has more than {most:,} rows, which is too many for {what}.")

    def blocks(self, names: Iterable[str] | None = None, size: int = BLOCK) -> Iterator[Rows]:
        """The rows, `size` at a time, of the columns `names` (default: all that the file has).

        A column that was added to Mien after the session was recorded has missing values. A last line without
        its end, which a power cut can leave, is left out. Raises SessionError.
        """
        self.refuse_above(limits.MOST_ROWS, "Mien: make several sessions of it")
        chosen = tuple(self.names if names is None else names)
        for name in chosen:
            if name not in self.names and not (name in BY_NAME and BY_NAME[name].newer):
                raise self._lacks(name)
        places = {name: self.names.index(name) for name in chosen if name in self.names}
        for number, cells in self._blocks(size):
            columns = list(zip(*cells, strict=True))
            found = {name: self._values(name, columns[place], number) for name, place in places.items()}
            yield Rows({n: found[n] if n in found else known(n).nothing(len(cells)) for n in chosen})

    def texts(self) -> Iterator[list[tuple[str, ...]]]:
        """The cells of each column, a block of rows at a time, as they are written; each fits its column.

        Raises SessionError.
        """
        for number, cells in self._blocks(BLOCK):
            columns = list(zip(*cells, strict=True))
            for name, column in zip(self.names, columns, strict=True):
                self._values(name, column, number)
            yield columns

    def _blocks(self, size: int) -> Iterator[tuple[int, list[list[str]]]]:
        """The number of each block's first line in the file, as editors count, and the cells of its rows."""
        self.refuse_above(limits.MOST_ROWS, "Mien: make several sessions of it")
        with open_text(self.csv) as file:
            self._line(file, 1)
            number = 2
            while lines := self._lines(file, size, number):
                if not lines[-1].endswith("\n"):
                    lines.pop()
                if not lines:
                    return
                yield number, self._cells(lines, number)
                number += len(lines)

    def rows(self, *names: str) -> Rows:
        """All rows of the columns `names` at once, as `blocks` gives them. Raises SessionError."""
        parts: dict[str, list[Values]] = {name: [known(name).nothing(0)] for name in names}
        for block in self.blocks(names):
            for name in names:
                parts[name].append(block[name])
        return Rows({name: np.concatenate(parts.pop(name)) for name in dict.fromkeys(names)})

    def events(self) -> tuple[Event, ...]:
        """The events of the session and those that replays added, by time; without markers that were undone.

        Raises SessionError.
        """
        files = (self.folder / name for name in (EVENTS_FILE, ADDED_EVENTS_FILE))
        found = [event for path in files for event in in_force(read_events(path))]
        return tuple(sorted(found, key=lambda event: event.time))

    def _header(self) -> tuple[str, ...]:
        with open_text(self.csv) as file:
            names = tuple(self._line(file, 1).rstrip("\n").split(","))
        for column in COLUMNS:
            if column.needed and column.name not in names:
                raise self._lacks(column.name)
        strange = [name for name in names if not NAME.fullmatch(name) or names.count(name) > 1]
        if strange or len(names) > limits.MOST_COLUMNS:
            why = (
                f"the column {strange[0][:40]!r} twice, or under a name that is none"
                if strange
                else f"{len(names)} columns"
            )
            raise SessionError(f"{self.csv} has {why}: Mien did not write it, or it was edited.")
        return names

    def _count(self, most: int) -> tuple[int, bool]:
        """How many rows there are, counted as far as `most` + 1, and whether the last line has its end."""
        lines, last = 0, b"\n"
        try:
            with plain_binary(self.csv) as file:
                while lines <= most + 1 and (part := file.read(1 << 20)):
                    lines, last = lines + part.count(b"\n"), part[-1:]
        except OSError as error:
            raise unreadable(self.csv, error) from error
        return max(0, lines - 1), last == b"\n"

    def _line(self, file: TextIO, number: int) -> str:
        """The next line of `file`, which is line `number`; "" at its end."""
        line = file.readline(limits.LONGEST_LINE)
        if len(line) == limits.LONGEST_LINE and not line.endswith("\n"):
            raise SessionError(
                f"Line {number} of {self.csv} has more than {limits.LONGEST_LINE} characters: "
                "restore the file, or delete that line."
            )
        return line

    def _lines(self, file: TextIO, count: int, number: int) -> list[str]:
        """The next `count` lines of `file`, or those that are left; `number` is that of the first."""
        lines: list[str] = []
        while len(lines) < count and (line := self._line(file, number + len(lines))):
            lines.append(line)
        return lines

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
                f"Line {number + error.index} of {self.csv} has {error.cell!r} for {error.expected} in "
                f"{name}: restore the file, or delete that line."
            ) from error
