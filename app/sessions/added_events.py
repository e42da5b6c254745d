"""`events-added.csv`: markers that were set in a replay, kept apart from those of the recording."""

from __future__ import annotations

import csv
import errno
import os
from pathlib import Path

from app.sessions.event import MARKER, UNDO, Event
from app.sessions.schema.events import HEADER, line, read_event
from app.sessions.schema.files import ADDED_EVENTS_FILE


class AddedEvents:
    """The markers that are set in replays of one session; each line is on the disk when the call returns."""

    def __init__(self, folder: Path) -> None:
        """`folder` is that of the session; the file is made with the first marker."""
        self._path = folder / ADDED_EVENTS_FILE

    def mark(self, text: str, time: float, frame: int) -> Event:
        """Sets a marker at `time` (s) and `frame`, both as in the rows. Raises OSError and ValueError."""
        return self._append(MARKER, text, time, frame, None)

    def undo(self) -> Event | None:
        """Takes back the newest marker in force and gives it; None when there is none.

        Raises OSError and ValueError.
        """
        events = self._read()
        cancelled = {event.cancels for event in events}
        for event in reversed(events):
            if event.kind == MARKER and event.number not in cancelled:
                self._append(UNDO, event.text, event.time, event.frame, event.number)
                return event
        return None

    def _append(self, kind: str, text: str, time: float, frame: int, cancels: int | None) -> Event:
        number = len(self._read()) + 1
        event = Event(time, kind, text, number, frame=frame, origin="replay", cancels=cancels)
        data = (("" if self._path.exists() else HEADER) + line(event)).encode()
        with self._path.open("ab", buffering=0) as file:
            before = file.tell()
            try:
                if file.write(data) < len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(file.fileno())
            except OSError:
                file.truncate(before)  # a part of a line would spoil the next one
                raise
        return event

    def _read(self) -> list[Event]:
        if not self._path.exists():
            return []
        with self._path.open(encoding="utf-8", newline="") as file:
            return [read_event(cells) for cells in csv.DictReader(file)]
