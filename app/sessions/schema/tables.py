"""Both tables of columns in Markdown, for the docs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.sessions.schema.column import Column
from app.sessions.schema.events import EVENT_COLUMNS
from app.sessions.schema.faces import COLUMNS


def columns_table() -> str:
    """The columns of `faces.csv` as a Markdown table: a line for each, in the order of the file."""
    return _table(COLUMNS)


def events_table() -> str:
    """The columns of `events.csv` as a Markdown table: a line for each, in the order of the file."""
    return _table(EVENT_COLUMNS)


def _table(columns: Sequence[Column[Any]]) -> str:
    lines = ["| column | holds | unit | range | empty | meaning |", "| --- | --- | --- | --- | --- | --- |"]
    for c in columns:
        missing = c.missing.removeprefix("empty ")
        cells = (f"`{c.name}`", c.kind.value, c.unit, c.range, missing, c.meaning)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
