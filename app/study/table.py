"""The table of a study: columns with their meanings, long or wide, as CSV with a codebook beside it."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.sessions.schema.faces import known
from app.sessions.schema.formulas import guard
from app.study.measures import Measured, rating_columns
from app.study.playlist import QuestionKind
from app.study.study import Participant, Study
from app.study.trials import SIGNALS
from app.system.atomic import output_file

Cell = str | int | float | None  # None and NaN: missing
PARTS = {
    "mean": "mean of", "sd": "standard deviation (n - 1) of",
    "peak": "greatest value of", "low": "least value of",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of the table of a study."""

    name: str  # letters, digits and _, unlike every other whatever the case
    meaning: str
    unit: str = ""
    range: str = ""
    text: bool = False  # whether it holds words


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, and rows with a cell for each."""

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]


def long_table(study: Study, measured: Sequence[Measured]) -> Table:
    """One row a participant, condition and stimulus."""
    columns = _unique([*_of_participant(study), *KEYS, *_of_stimulus(study)])
    names = study.variables
    rows = ((*_who(names, m.participant), m.condition, m.stimulus, *_values(study, m)) for m in measured)
    return Table(columns, tuple(rows))


def wide_table(study: Study, measured: Sequence[Measured]) -> Table:
    """One row a participant; the columns of a stimulus begin with its name, and with that of its condition
    where it was shown under several."""
    keys = list(dict.fromkeys((m.condition, m.stimulus) for m in measured))
    shown = [stimulus for _, stimulus in keys]
    names, columns = study.variables, list(_of_participant(study))
    for condition, stimulus in keys:
        before = f"{condition}_{stimulus}" if shown.count(stimulus) > 1 else stimulus
        under = f"under {stimulus}" + (f" ({condition})" if condition else "")
        columns += [
            TableColumn(f"{before}_{c.name}", f"{under}: {c.meaning}", c.unit, c.range, c.text)
            for c in _of_stimulus(study)
        ]
    found = {(m.participant.code, m.condition, m.stimulus): m for m in measured}
    nothing: tuple[Cell, ...] = (None,) * len(_of_stimulus(study))
    rows = []
    for participant in study.participants:
        cells = list(_who(names, participant))
        for key in keys:
            m = found.get((participant.code, *key))
            cells += _values(study, m) if m else nothing
        rows.append(tuple(cells))
    return Table(_unique(columns), tuple(rows))


def csv_text(table: Table) -> str:
    """`table` as CSV: comma, point, an empty cell where a value is missing; no text is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    for row in table.rows:
        writer.writerow([_cell(cell) for cell in row])
    return out.getvalue()


def codebook(study: Study, table: Table, *, doubtful: bool) -> str:
    """What every column means, as Markdown."""
    rows = "\n".join(
        f"| `{c.name}` | {_plain(c.meaning)} | {c.unit} | {_plain(c.range)} |" for c in table.columns
    )
    conditions = "".join(
        f"- `{c.name}`{f': {_plain(c.meaning)}' if c.meaning else ''}\n" for c in study.conditions
    )
    which = (
        "Values are made of every frame with a face, doubtful ones too."
        if doubtful
        else "Values are made of frames whose status is ok; the others are counted in `share_ok` alone."
    )
    return (
        f"# Codebook of {_plain(study.name)}\n\n{which} Frames in pauses and in excluded intervals belong to "
        "no stimulus. Where several faces were in a frame, the largest is the participant's. All "
        "presentations of a stimulus to one participant under one condition are one row. Values say what a "
        "face shows, not what a person feels. An empty cell is a missing value.\n\n"
        + (f"Conditions:\n\n{conditions}\n" if conditions else "")
        + f"| column | meaning | unit | range |\n| --- | --- | --- | --- |\n{rows}\n"
    )


def spss_syntax(table: Table, data: str) -> str:
    """A program for SPSS or PSPP that reads the CSV file called `data` and gives every column its label."""
    kinds = "\n".join(f"    {c.name} {'A255' if c.text else 'F12.6'}" for c in table.columns)
    labels = "\n".join(f"  {c.name} {_quoted(c.meaning[:250])}" for c in table.columns)
    return (
        f"SET DECIMAL=DOT.\nGET DATA /TYPE=TXT /FILE={_quoted(data)} /ENCODING='UTF8'\n"
        f'  /ARRANGEMENT=DELIMITED /DELIMITERS="," /QUALIFIER=\'"\' /FIRSTCASE=2\n  /VARIABLES=\n{kinds}.\n'
        f"VARIABLE LABELS\n{labels}.\nEXECUTE.\n"
    )


def write_table(study: Study, table: Table, out: Path, *, doubtful: bool) -> tuple[Path, ...]:
    """Writes `table` as the CSV file `out`, its codebook and a program for SPSS beside it; gives the three.

    Raises WriteError.
    """
    texts = {
        out: csv_text(table),
        out.with_name(f"{out.stem}-codebook.md"): codebook(study, table, doubtful=doubtful),
        out.with_name(f"{out.stem}.sps"): spss_syntax(table, out.name),
    }
    for path, text in texts.items():
        with output_file(path) as draft:
            draft.write_text(text, encoding="utf-8", newline="")
    return tuple(texts)


KEYS = (
    TableColumn("condition", "condition of the stimulus, or else of the session", text=True),
    TableColumn("stimulus", "name of the stimulus", text=True),
)


def _of_participant(study: Study) -> tuple[TableColumn, ...]:
    return (
        TableColumn("participant", "code of the participant", text=True),
        TableColumn("group", "groups of the participant, with + between them", text=True),
        *(TableColumn(name, f"{name}, as the study says", text=True) for name in study.variables),
    )


def _who(variables: Sequence[str], participant: Participant) -> tuple[Cell, ...]:
    said = (participant.variable(name) or None for name in variables)
    return (participant.code, "+".join(participant.groups) or None, *said)


def _of_stimulus(study: Study) -> tuple[TableColumn, ...]:
    columns = [
        TableColumn("sessions", "sessions in which the stimulus was shown", "", "1.."),
        TableColumn("presentations", "how often it was shown", "", "1.."),
        TableColumn("frames", "frames of all presentations", "frames", "0.."),
        TableColumn("n", "frames that the values are made of", "frames", "0.."),
        TableColumn("share_face", "share of the frames with a face", "", "0..1"),
        TableColumn("share_ok", "share of the frames with a face whose status is ok", "", "0..1"),
    ]
    for name in SIGNALS:
        said = known(name)
        columns += [
            TableColumn(
                f"{name}_{part}", f"{words} {said.meaning}", said.unit, "" if part == "sd" else said.range
            )
            for part, words in PARTS.items()
        ]
    for name, question in rating_columns(study):
        scale = question.kind is QuestionKind.SCALE
        limits = f"{question.lowest}..{question.highest}" if scale else ""
        ends = f" ({question.lowest} {question.lowest_words}, {question.highest} {question.highest_words})"
        columns.append(
            TableColumn(
                f"rating_{name}",
                f"answer to: {question.text}{ends if scale and question.lowest_words else ''}",
                "",
                "-1..1" if question.kind is QuestionKind.GRID else limits,
                question.kind is QuestionKind.TEXT,
            )
        )
    return tuple(columns)


def _values(study: Study, m: Measured) -> tuple[Cell, ...]:
    signals = (value for s in m.signals for value in (s.mean, s.sd, s.peak, s.low))
    ratings = (rating.value for rating in m.ratings)
    return (m.sessions, m.presentations, m.frames, m.n, m.share_face, m.share_ok, *signals, *ratings)


def _unique(columns: Sequence[TableColumn]) -> tuple[TableColumn, ...]:
    """The same columns under names that every program of statistics takes, no two alike."""
    taken: set[str] = set()
    found = []
    for column in columns:
        plain = re.sub(r"\W+", "_", column.name, flags=re.ASCII).strip("_")[:60] or "column"
        plain = plain if plain[0].isalpha() else f"v_{plain}"
        name, number = plain, 2
        while name.casefold() in taken:
            name, number = f"{plain}_{number}", number + 1
        taken.add(name.casefold())
        found.append(TableColumn(name, column.meaning, column.unit, column.range, column.text))
    return tuple(found)


def _cell(cell: Cell) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    return f"{cell:.6f}" if isinstance(cell, float) else guard(cell) if isinstance(cell, str) else str(cell)


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _quoted(text: str) -> str:
    return "'" + " ".join(text.split()).replace("'", "''") + "'"
