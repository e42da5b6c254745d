"""`events-added.csv`: markers that were set in a replay, kept apart from those of the recording."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from app.sessions.event import MARKER, UNDO, Event, in_force
from app.sessions.event_file import read_events
from app.sessions.schema.events import HEADER, line
from app.sessions.schema.files import ADDED_EVENTS_FILE
from app.sessions.schema.limits import MOST_EVENT_BYTES
from app.system.plain_file import CHANGE, NEW, is_there, plain_binary


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
        with plain_binary(self._path, CHANGE if is_there(self._path) else NEW, buffered=False) as file:
            # A power cut may have left a part of a line, or of the header.
            whole = file.read(MOST_EVENT_BYTES).rfind(b"\n") + 1
            file.truncate(whole)
            file.seek(whole)
            data = (line(event) if whole else HEADER + line(event)).encode()
            try:
                if file.write(data) < len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(file.fileno())
            except OSError:
                file.truncate(whole)  # a part of a line would spoil the next one
                raise
        return event
