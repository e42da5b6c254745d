"""`events-added.csv`: markers that were set in a replay, kept apart from those of the recording."""

from __future__ import annotations

from pathlib import Path

from app.sessions.event import MARKER, UNDO, Event, in_force
from app.sessions.event_file import read_events
from app.sessions.schema.events import HEADER, line
from app.sessions.schema.files import ADDED_EVENTS_FILE
from app.sessions.whole_lines import append_line


class AddedEvents:
    """The markers that are set in replays of one session; each line is on the disk when the call returns."""

    def __init__(self, folder: Path) -> None:
        """`folder` is that of the session; the file is made with the first marker."""
        self._path = folder / ADDED_EVENTS_FILE

    def mark(self, text: str, time: float, frame: int) -> Event:
        """Sets a marker at `time` (s) and `frame`, both as in the rows. Raises OSError and SessionError."""
        return self._append(MARKER, text, time, frame, None)

    def undo(self) -> Event | None:
        """Takes back the newest marker in force and gives it; None when there is none.

        Raises OSError and SessionError.
        """
        markers = [event for event in in_force(read_events(self._path)) if event.kind == MARKER]
        if not markers:
            return None
        newest = markers[-1]
        self._append(UNDO, newest.text, newest.time, newest.frame, newest.number)
        return newest

    def _append(self, kind: str, text: str, time: float, frame: int, cancels: int | None) -> Event:
        number = len(read_events(self._path)) + 1
        event = Event(time, kind, text, number, frame=frame, origin="replay", cancels=cancels)
        append_line(self._path, HEADER, line(event))
        return event
