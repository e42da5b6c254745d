"""The tables of the docs have a line for each column, with all that the schema says of it."""

import re
import subprocess
import sys
from pathlib import Path

from app.sessions.schema.events import EVENT_COLUMNS
from app.sessions.schema.faces import COLUMNS
from app.sessions.schema.tables import columns_table, events_table

ROOT = Path(__file__).parents[3]


def test_each_column_has_its_line():
    for table, columns in ((columns_table(), COLUMNS), (events_table(), EVENT_COLUMNS)):
        lines = table.splitlines()[2:]
        assert [re.match(r"\| `(\w+)`", line)[1] for line in lines] == [column.name for column in columns]
        assert all(column.meaning in line for column, line in zip(columns, lines, strict=True))
        assert {line.count("|") for line in table.splitlines()} == {7}


def test_both_are_printed():
    done = subprocess.run(
        [sys.executable, "-m", "app.sessions.schema"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert columns_table() in done.stdout and events_table() in done.stdout
