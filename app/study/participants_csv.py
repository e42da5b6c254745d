"""Participants from a CSV file of any spreadsheet: its separator, its encoding and its names of columns."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Sequence
from pathlib import Path

from app.sessions.schema.formulas import unguard
from app.study.errors import StudyError
from app.study.study import MOST_PARTICIPANTS, Participant, Study, refuse_code
from app.system.plain_file import read_plain

MOST_BYTES = 8_000_000
SEPARATORS = ",;\t|"
CODES = ("participant", "participant_id", "code", "id", "subject")  # names of the column of codes
GROUPS = ("group", "groups")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_participants(path: Path) -> tuple[Participant, ...]:
    """The participants of the file at `path`, numbered from 1 in its order; other columns are variables.

    A column "group" may name several, with + between them; "consent" holds days such as 2026-03-01, or
    nothing. Raises StudyError for the first line that does not fit.
    """
    table = _table(path, _text(path))
    if not table:
        raise StudyError(f"{path} is empty: its first line must name the columns, one of them participant.")
    names = [name.strip() for name in table[0]]
    lower = [name.casefold() for name in names]
    place = next((lower.index(name) for name in CODES if name in lower), None)
    if place is None:
        raise StudyError(f"{path} has no column called participant: name the column of the codes so.")
    for name in lower:
        if lower.count(name) > 1:
            raise StudyError(f"{path} has two columns called {name[:40] or 'nothing'}: rename or delete one.")
    found: dict[str, Participant] = {}
    for number, cells in enumerate(table[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        where = f"Line {number} of {path}"
        if len(cells) != len(names):
            raise StudyError(f"{where} has {len(cells)} cells instead of {len(names)}: correct it.")
        participant = _participant(
            where, names, [unguard(cell.strip()) for cell in cells], place, len(found) + 1
        )
        if participant.code.casefold() in found:
            raise StudyError(f"{where} has participant {participant.code} a second time: delete one line.")
        found[participant.code.casefold()] = participant
    if len(found) > MOST_PARTICIPANTS:
        raise StudyError(f"{path} has more than {MOST_PARTICIPANTS:,} participants: make several studies.")
    return tuple(found.values())


def add_all(study: Study, participants: Sequence[Participant]) -> Study:
    """The study with all of them, or none: raises StudyError where one is in it already."""
    for p in participants:
        study = study.with_participant(
            p.code, groups=p.groups, variables=p.variables, consent=p.consent, notes=p.notes
        )
    return study


def _participant(
    where: str, names: Sequence[str], cells: Sequence[str], place: int, number: int
) -> Participant:
    groups: tuple[str, ...] = ()
    consent, variables = None, []
    for i, (name, cell) in enumerate(zip(names, cells, strict=True)):
        if i == place or not cell:
            continue
        if name.casefold() in GROUPS:
            groups += tuple(part.strip() for part in cell.split("+") if part.strip())
        elif name.casefold() == "consent":
            consent = _day(where, cell)
        elif name:
            variables.append((name, cell))
        else:
            raise StudyError(f"{where} has {cell[:40]!r} in a column without a name: name it in line 1.")
    try:
        refuse_code(cells[place])
    except StudyError as error:
        raise StudyError(f"{where}: {error}") from error
    return Participant(cells[place], number, groups, tuple(variables), consent)


def _day(where: str, cell: str) -> datetime.date:
    try:
        if not DAY.fullmatch(cell):
            raise ValueError(cell)
        return datetime.date.fromisoformat(cell)
    except ValueError:
        raise StudyError(
            f"{where} has the consent {cell[:40]!r}: write the day as 2026-03-01, or leave it empty."
        ) from None


def _text(path: Path) -> str:
    """Spreadsheets write UTF-8, UTF-16 with its mark, or the encoding of Windows in the west."""
    try:
        content = read_plain(path, MOST_BYTES)
    except OSError as error:
        raise StudyError(f"{path} cannot be read ({error.strerror or error}).") from error
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise StudyError(f"{path} is in an unknown encoding: save it as CSV UTF-8 in your spreadsheet.")
    if "\0" in text:
        raise StudyError(f"{path} is no text: save the table as CSV UTF-8 in your spreadsheet.")
    return text


def _table(path: Path, text: str) -> list[list[str]]:
    lines = text.splitlines()
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) == 5:  # a note of Excel to itself
        return _read(path, text.partition("\n")[2], lines[0][4])
    first = lines[0] if lines else ""
    return _read(path, text, max(SEPARATORS, key=first.count))


def _read(path: Path, text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise StudyError(f"{path} cannot be read as CSV ({error}): save it anew as CSV UTF-8.") from error
