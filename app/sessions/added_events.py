"""`events-added.csv`: markers that were set in a replay, kept apart from those of the recording."""

from __future__ import annotations

import csv
import errno
import os
from pathlib import Path

from app.sessions.events import ADDED, HEADER, Written


class AddedEvents:
    """Grows from replay to replay; each line is on the disk when the call returns."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / ADDED

    def mark(self, text: str, time: float, frame: int) -> Written:
        """A marker at `time` and `frame`, both as in the rows. Raises OSError."""
        return self._append("marker", text, time, frame, None)

    def undo(self) -> Written | None:
        """Takes back the newest marker in force and gives it; None when there is none. Raises OSError."""
        lines = self._lines()
        cancelled = {line["cancels"] for line in lines}
        for line in reversed(lines):
            if line["kind"] == "marker" and line["event"] not in cancelled:
                number, at = int(line["event"]), float(line["time_s"])
                self._append("undo", line["text"], at, int(line["frame"]), number)
                return Written(
                    number, "marker", line["text"], at, float("nan"), int(line["frame"]), line["origin"]
                )
        return None

    def _append(self, kind: str, text: str, time: float, frame: int, cancels: int | None) -> Written:
        lines = self._lines()
        event = Written(len(lines) + 1, kind, text, time, float("nan"), frame, "replay", None, cancels)
        data = (("" if self._path.exists() else HEADER) + event.line()).encode()
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

    def _lines(self) -> list[dict[str, str]]:
        if not self._path.exists():
            return []
        with self._path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
