"""A session folder read back: what `session.json` says, the rows of `faces.csv`, the moments.

Whoever reads a session later (report, export, replay, verify) does it through here. It needs neither the
models nor the version of Mien that wrote it.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from app.sessions.info import SessionError, open_text, read_info

TEXT = frozenset({"wall_utc", "status", "expression", "expression_smooth"})  # every other column is a number
WHOLE = frozenset({"frame", "dropped", "face"})  # numbers without a fraction
NEEDED = ("frame", "time_s", "face", "status")
ALWAYS = frozenset({"frame", "time_s"})  # numbers that no row lacks
EVENTS = ("events.csv", "events-added.csv")
BLOCK = 8192  # rows in memory at a time


@dataclass(frozen=True, slots=True)
class Event:
    """A marker, or something that Mien noticed."""

    time: float  # s, as in the column time_s
    wall_utc: str  # ISO 8601; "" in a file
    frame: int  # -1 when unknown
    kind: str  # "marker", "face_appeared", ...
    text: str
    origin: str = ""  # who set it: "key", "replay", "udp" ...
    face: int | None = None  # id of the face that it is about


class Rows:
    """Columns of equal length: numbers as float64 with NaN for a missing one, text as str with ""."""

    def __init__(self, columns: Mapping[str, np.ndarray]) -> None:
        self._columns = columns

    def __getitem__(self, name: str) -> np.ndarray:
        return self._columns[name]

    def __len__(self) -> int:
        return len(next(iter(self._columns.values()), ()))

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def where(self, mask: np.ndarray) -> Rows:
        """The rows where `mask` is True."""
        return Rows({name: values[mask] for name, values in self._columns.items()})


class RecordedSession:
    """One session folder. Opening it reads `session.json` and the names of the columns, not the rows."""

    def __init__(self, folder: Path) -> None:
        """Raises SessionError."""
        self.folder = folder
        if not folder.is_dir():
            raise SessionError(
                f"There is no session folder {folder}: name a folder that holds session.json and faces.csv."
            )
        self.about = read_info(folder / "session.json")
        self.names = self._header()

    @property
    def csv(self) -> Path:
        return self.folder / "faces.csv"

    def blocks(self, names: Iterable[str] | None = None, size: int = BLOCK) -> Iterator[Rows]:
        """The rows, `size` at a time, of the columns `names` (default: all). Raises SessionError.

        A last line without its end, which a power cut can leave, is left out.
        """
        chosen = tuple(self.names if names is None else names)
        for name in chosen:
            if name not in self.names:
                raise SessionError(
                    f"{self.csv} has no column {name}: it was not written by Mien, or was edited."
                )
        places = [self.names.index(name) for name in chosen]
        with open_text(self.csv) as file:
            next(file)
            number = 2  # of the block's first line in the file, as editors count
            while lines := list(islice(file, size)):
                if not lines[-1].endswith("\n"):
                    lines.pop()
                if not lines:
                    return
                cells = self._cells(lines, number)
                yield Rows(
                    {
                        n: self._column(n, [c[p] for c in cells], number)
                        for n, p in zip(chosen, places, strict=True)
                    }
                )
                number += len(lines)

    def rows(self, *names: str) -> Rows:
        """All rows of the columns `names` at once. Raises SessionError."""
        blocks = list(self.blocks(names))
        if not blocks:
            return Rows({name: np.empty(0, str if name in TEXT else float) for name in names})
        return Rows({name: np.concatenate([block[name] for block in blocks]) for name in names})

    def events(self) -> tuple[Event, ...]:
        """Those of the session and those added in a replay, in the order of time, without what was undone.

        Raises SessionError.
        """
        found = [event for name in EVENTS for event in _events(self.folder / name)]
        return tuple(sorted(found, key=lambda event: event.time))

    def _header(self) -> tuple[str, ...]:
        with open_text(self.csv) as file:
            names = tuple(file.readline().rstrip("\n").split(","))
        missing = [name for name in NEEDED if name not in names]
        if missing:
            raise SessionError(
                f"{self.csv} has no column {missing[0]}: it was not written by Mien, or was edited."
            )
        return names

    def _cells(self, lines: Sequence[str], number: int) -> list[list[str]]:
        cells = [line[:-1].split(",") for line in lines]
        for i, row in enumerate(cells):
            if len(row) != len(self.names):
                raise SessionError(
                    f"Line {number + i} of {self.csv} has {len(row)} values instead of {len(self.names)}: "
                    "restore the file, or delete that line."
                )
        return cells

    def _column(self, name: str, cells: Sequence[str], number: int) -> np.ndarray:
        if name in TEXT:
            return np.array(cells, str)
        try:
            numbers = np.array([float(cell) if cell else np.nan for cell in cells])
        except ValueError:
            numbers = np.full(1, np.inf)
        missing = 0 if name in ALWAYS else cells.count("")
        if np.isinf(numbers).any() or np.isnan(numbers).sum() != missing:
            wrong = next(
                i for i, cell in enumerate(cells) if not _is_number(cell) and (cell or name in ALWAYS)
            )
            raise SessionError(
                f"Line {number + wrong} of {self.csv} has {cells[wrong]!r} for a number in {name}: "
                "restore the file, or delete that line."
            )
        return numbers


def _events(path: Path) -> Iterator[Event]:
    """Those in force: an undo takes itself and its marker out."""
    if not path.exists():
        return
    with open_text(path) as file:
        reader = csv.DictReader(line for line in file if line.endswith("\n"))
        lines = list(reader)
    undone = {line.get("cancels") for line in lines} - {None, ""}
    for number, line in enumerate(lines, 2):
        if line.get("kind") == "undo" or line.get("event") in undone:
            continue
        try:
            yield _event(line)
        except (KeyError, TypeError, ValueError) as error:
            raise SessionError(
                f"Line {number} of {path} cannot be read ({error}): correct or delete it."
            ) from error


def _event(line: Mapping[str, str]) -> Event:
    time = float(line["time_s"])
    if not 0 <= time < math.inf:
        raise ValueError(f"time_s is {time}")
    return Event(
        time=time,
        wall_utc=line.get("wall_utc") or "",
        frame=int(line.get("frame") or -1),
        kind=line.get("kind") or "marker",
        text="".join(c if c.isprintable() else " " for c in line.get("text") or ""),
        origin=line.get("origin") or "",
        face=int(line["face"]) if line.get("face") else None,
    )


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False
