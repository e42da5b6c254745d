"""A file of events read back, `events.csv` or `events-added.csv`."""

from __future__ import annotations

import csv
from pathlib import Path

from app.sessions.event import Event
from app.sessions.info import SessionError, open_text
from app.sessions.schema.events import read_event


def read_events(path: Path) -> tuple[Event, ...]:
    """All events of the file `path`, undone ones too, in its order; none where there is no such file.

    A last line without its end, which a power cut can leave, is left out. Raises SessionError for any other
    line that cannot be read.
    """
    if not path.exists():
        return ()
    with open_text(path) as file:
        reader = csv.DictReader(line for line in file if line.endswith("\n"))
        try:
            return tuple(read_event(cells) for cells in reader)
        except (TypeError, ValueError, csv.Error) as error:
            raise SessionError(
                f"Line {reader.line_num} of {path} cannot be read ({error}): correct or delete it."
            ) from error
