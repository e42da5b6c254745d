"""A file of events read back, `events.csv` or `events-added.csv`."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from app.sessions.event import Event
from app.sessions.info import SessionError, open_text
from app.sessions.schema import limits
from app.sessions.schema.events import read_event
from app.system.plain_file import is_there


def read_events(path: Path) -> tuple[Event, ...]:
    """All events of the file `path`, undone ones too, in its order; none where there is no such file.

    A last line without its end, which a power cut can leave, is left out. Raises SessionError for any other
    line that cannot be read, and for a file that holds more than a recording can.
    """
    if not is_there(path):
        return ()
    with open_text(path) as file:
        if os.fstat(file.fileno()).st_size > limits.MOST_EVENT_BYTES + limits.LONGEST_LINE:
            raise _too_many(path)
        reader = csv.DictReader(_whole_lines(file))
        events = []
        try:
            for cells in reader:
                events.append(read_event(cells))
                if len(events) > limits.MOST_EVENTS:
                    raise _too_many(path)
        except (TypeError, ValueError, csv.Error) as error:
            raise SessionError(
                f"Line {reader.line_num} of {path} cannot be read ({str(error)[:200]}): correct or delete it."
            ) from error
    return tuple(events)


def _too_many(path: Path) -> SessionError:
    return SessionError(f"{path} has more than {limits.MOST_EVENTS:,} events: Mien did not write it.")


def _whole_lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(limits.LONGEST_LINE):
        if line.endswith("\n"):
            yield line
        elif len(line) == limits.LONGEST_LINE:
            raise ValueError(f"it has more than {len(line)} characters")
