"""A file of events read back, `events.csv` or `events-added.csv`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from app.sessions.event import Event
from app.sessions.info import SessionError, unreadable
from app.sessions.schema import limits
from app.sessions.schema.events import read_event
from app.system.plain_file import is_there, read_plain


def read_events(path: Path) -> tuple[Event, ...]:
    """All events of the file `path`, undone ones too, in its order; none where there is no such file.

    A last line without its end, which a power cut can leave, is left out. Raises SessionError for any other
    line that cannot be read, and for a file that holds more than a recording can.
    """
    if not is_there(path):
        return ()
    try:
        content = read_plain(path, limits.MOST_EVENT_BYTES)
    except OSError as error:
        raise unreadable(path, error) from error
    if content.count(b"\n") > limits.MOST_EVENTS + 1:
        raise SessionError(f"{path} has more than {limits.MOST_EVENTS:,} events: Mien did not write it.")
    reader = csv.DictReader(_whole_lines(content))
    try:
        return tuple(read_event(cells) for cells in reader)
    except (TypeError, ValueError, csv.Error) as error:
        raise SessionError(
            f"Line {reader.line_num} of {path} cannot be read ({str(error)[:200]}): correct or delete it."
        ) from error


def _whole_lines(content: bytes) -> Iterator[str]:
    for line in io.StringIO(content.decode("utf-8", "replace"), newline=None):
        if len(line) > limits.LONGEST_LINE:
            raise ValueError(f"it has {len(line)} characters")
        if line.endswith("\n"):
            yield line
