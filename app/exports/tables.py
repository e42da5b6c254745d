"""CSV for spreadsheets: `NAME.csv` with the rows and `NAME.events.csv` with the events.

The recorded files have a point and commas, whatever the country. Here the user chooses, and the file begins
with the mark by which Excel knows UTF-8.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from app.sessions.reading import RecordedSession
from app.sessions.schema.column import Kind
from app.sessions.schema.events import EVENT_COLUMNS
from app.sessions.schema.faces import known
from app.sessions.schema.formulas import guard
from app.sessions.schema.limits import UNSHOWN
from app.system.atomic import output_file


@dataclass(frozen=True, slots=True)
class TableStyle:
    """How a country writes its tables: the decimal sign, and what stands between two cells."""

    decimal: str = "."
    separator: str = ","


PLAIN = TableStyle()


def write(session: RecordedSession, folder: Path, style: TableStyle = PLAIN) -> tuple[Path, ...]:
    """Writes the rows and the events of `session` as two files into `folder`; gives both.

    Raises SessionError and WriteError.
    """
    rows, events = folder / f"{session.name}.csv", folder / f"{session.name}.events.csv"
    kinds = [known(name).kind for name in session.names]
    _write(rows, session.names, kinds, session.texts(), style)
    shown = [column for column in EVENT_COLUMNS if column.part != "cancels"]  # those in force: nothing is
    found = session.events()
    cells = [[column.write(event) for event in found] for column in shown]
    _write(events, [column.name for column in shown], [column.kind for column in shown], [cells], style)
    return rows, events


def _write(
    path: Path, names: Sequence[str], kinds: Sequence[Kind], blocks: Iterable[Sequence[Sequence[str]]],
    style: TableStyle,
) -> None:  # fmt: skip
    with (
        output_file(path) as draft,
        draft.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        table = csv.writer(file, delimiter=style.separator, lineterminator="\r\n")
        table.writerow(names)
        for columns in blocks:
            table.writerows(zip(*map(_shown, columns, kinds, repeat(style.decimal)), strict=True))


def _shown(cells: Sequence[str], kind: Kind, decimal: str) -> Sequence[str]:
    """The cells of a column as a spreadsheet shows them: no text is a formula."""
    if kind in (Kind.NUMBER, Kind.WHOLE):
        return cells if decimal == "." else [cell.replace(".", decimal) for cell in cells]
    words = {cell: guard(UNSHOWN.sub(" ", cell)) for cell in set(cells)}
    return [words[cell] for cell in cells]
