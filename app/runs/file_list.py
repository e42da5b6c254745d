"""A list of files, as `--list` takes it: a path a line, or a table that says more of each file."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Sequence
from pathlib import Path

from app.runs.task import Task
from app.sessions.header import Details
from app.sources.address import Place, place
from app.system.errors import UserError

FILE_COLUMNS = ("file", "path", "filename", "video")  # one of them holds the paths
DETAILS = ("participant", "condition", "notes")  # which a session has an entry for
SEPARATORS = ",;\t"
MOST_BYTES = 100_000_000
MOST_COLUMNS, LONGEST_NAME, LONGEST_CELL = 100, 100, 2000


def read_list(path: Path) -> list[Task]:
    """The files that the list at `path` names, with what it says of each. Raises UserError.

    A table has a first line with the names of its columns, one of them FILE_COLUMNS; separators are commas,
    semicolons or tabs. Any other list has a path a line. A relative path counts from the folder of the list.
    """
    text = _text(path)
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    if not first:
        raise UserError(f"{path} is empty: write a path a line into it, or a table with a column file.")
    separator = max(SEPARATORS, key=first.count)
    names = [name.strip() for name in next(csv.reader([first], delimiter=separator))]
    column = next((i for i, name in enumerate(names) if name.lower() in FILE_COLUMNS), None)
    if column is None:
        if path.suffix.lower() in (".csv", ".tsv"):
            raise UserError(
                f"{path} has no column file: its first line names {', '.join(names)[:200]}; give the column "
                "of the paths the name file."
            )
        return [Task(_place(path, line.strip())) for line in lines if line.strip()]
    return _table(path, text, separator, names, column)


def _table(path: Path, text: str, separator: str, names: Sequence[str], column: int) -> list[Task]:
    if len(names) > MOST_COLUMNS or any(len(name) > LONGEST_NAME for name in names):
        raise UserError(f"{path} has too many columns, or too long names of columns: leave some out.")
    if doubled := next((name for i, name in enumerate(names) if name and name in names[:i]), ""):
        raise UserError(f"{path} has two columns {doubled}: rename one of them.")
    tasks = []
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator)
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells) or [cell.strip() for cell in cells] == list(names):
                continue
            if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
                raise UserError(
                    f"Line {reader.line_num} of {path} has {len(cells)} cells, and there are {len(names)} "
                    "columns: put a cell that holds a separator into quotes."
                )
            tasks.append(_task(path, reader.line_num, names, [cell.strip() for cell in cells], column))
    except csv.Error as error:
        raise UserError(f"Line {reader.line_num} of {path} is no line of a table ({error}).") from error
    if not tasks:
        raise UserError(f"{path} names no file: write a line for each under the names of the columns.")
    return tasks


def _task(path: Path, number: int, names: Sequence[str], cells: Sequence[str], column: int) -> Task:
    said = dict(zip(names, cells, strict=False))
    file = cells[column] if column < len(cells) else ""
    if not file:
        raise UserError(f"Line {number} of {path} names no file: fill the cell, or remove the line.")
    if longest := next((name for name, cell in said.items() if len(cell) > LONGEST_CELL), ""):
        raise UserError(f"Line {number} of {path} has more than {LONGEST_CELL} characters in {longest}.")
    known = {name.lower(): cell for name, cell in said.items()}
    participant, condition, notes = (known.get(name, "") for name in DETAILS)
    others = tuple(
        (name, cell)
        for i, (name, cell) in enumerate(said.items())
        if i != column and name and name.lower() not in DETAILS
    )
    return Task(_place(path, file), Details(participant, condition, notes, listed=others))


def _place(path: Path, text: str) -> Place:
    try:
        found = place(text)
    except ValueError:
        raise UserError(f"{path} names {text[:200]!r}, which is no address: correct the line.") from None
    return path.parent / found if isinstance(found, Path) else found


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UserError(f"The list {path} cannot be read ({error.strerror}): check the name.") from error
    if len(content) > MOST_BYTES:
        raise UserError(f"The list {path} has more than {MOST_BYTES / 1e6:.0f} MB: make several of it.")
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"The list {path} is no UTF-8 text: save it as CSV UTF-8.") from None
    if "\0" in text:
        raise UserError(f"The list {path} is no text: save it as CSV UTF-8.")
    return text
