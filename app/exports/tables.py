"""CSV for spreadsheets: `NAME.csv` with the rows and `NAME.events.csv` with the events.

The recorded files have a point and commas, whatever the country. Here the user chooses, and the file begins
with the mark by which Excel knows UTF-8.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
    _write(rows, session.names, kinds, (cells for block in session.texts() for cells in block), style)
    shown = [column for column in EVENT_COLUMNS if column.part != "cancels"]  # those in force: nothing is
    cells = ([column.write(event) for column in shown] for event in session.events())
    _write(events, [column.name for column in shown], [column.kind for column in shown], cells, style)
    return rows, events


def _write(
    path: Path, names: Sequence[str], kinds: Sequence[Kind], lines: Iterable[Sequence[str]], style: TableStyle
) -> None:
    with (
        output_file(path) as draft,
        draft.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        table = csv.writer(file, delimiter=style.separator, lineterminator="\r\n")
        table.writerow(names)
        for cells in lines:
            table.writerow(_cell(*pair, style.decimal) for pair in zip(cells, kinds, strict=True))


def _cell(cell: str, kind: Kind, decimal: str) -> str:
    """A cell as a spreadsheet shows it: no text is a formula."""
    if kind in (Kind.NUMBER, Kind.WHOLE):
        return cell.replace(".", decimal)
    return guard(UNSHOWN.sub(" ", cell))
