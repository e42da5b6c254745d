"""The tables of the docs have a line for each column, with all that the schema says of it."""

import re

from app.sessions.schema.events import EVENT_COLUMNS
from app.sessions.schema.faces import COLUMNS
from app.sessions.schema.tables import columns_table, events_table


def test_each_column_has_its_line():
    for table, columns in ((columns_table(), COLUMNS), (events_table(), EVENT_COLUMNS)):
        lines = table.splitlines()[2:]
        assert [re.match(r"\| `(\w+)`", line)[1] for line in lines] == [column.name for column in columns]
        assert all(column.meaning in line for column, line in zip(columns, lines, strict=True))
        assert {line.count("|") for line in table.splitlines()} == {7}
