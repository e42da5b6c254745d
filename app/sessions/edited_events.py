"""`events-edited.csv`: a session's intervals changed afterwards, kept apart from the recorded ones.

Only lines are added: one that sets an interval, removes one, or takes back an earlier line. So nothing is
lost, and every change can be undone.
"""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass, replace
from pathlib import Path

from app.sessions.event import in_force
from app.sessions.event_file import read_events
from app.sessions.info import SessionError, open_text
from app.sessions.intervals import EXCLUDED, INTERVAL, STIMULUS, Interval, live_intervals
from app.sessions.schema import limits
from app.sessions.schema.files import EDITED_EVENTS_FILE, EVENTS_FILE
from app.sessions.schema.formulas import guard, unguard
from app.sessions.whole_lines import append_line
from app.system.plain_file import is_there

SET, REMOVE, UNDO = "set", "remove", "undo"
NAMES = ("edit", "action", "interval", "kind", "name", "start_s", "end_s", "cancels")
HEADER = ",".join(NAMES) + "\n"
KINDS = (STIMULUS, INTERVAL, EXCLUDED)  # that can be set


@dataclass(frozen=True, slots=True)
class Edit:
    """One line of the file."""

    number: int  # from 1
    action: str  # "set", "remove", "undo"
    interval: Interval = Interval(0, 0)  # noqa: RUF009  (frozen)
    cancels: int | None = None  # the number of the edit that an undo takes back


class EditedEvents:
    """The edits of one session; each is on the disk when the call returns."""

    def __init__(self, folder: Path) -> None:
        """`folder` is that of the session; the file is made with the first edit."""
        self._folder, self._path = folder, folder / EDITED_EVENTS_FILE

    def intervals(self, end: float) -> tuple[Interval, ...]:
        """The intervals as recorded, with all edits in force; `end` (s) is that of the session.

        Raises SessionError.
        """
        live = live_intervals(in_force(read_events(self._folder / EVENTS_FILE)), end)
        found = {interval.id: interval for interval in live}
        for edit in self._in_force():
            if edit.action == SET:
                found[edit.interval.id] = edit.interval
            else:
                found.pop(edit.interval.id, None)
        return tuple(sorted(found.values(), key=lambda interval: (interval.start, interval.end)))

    def set(self, interval: Interval) -> Interval:
        """Adds `interval`, where it has no id yet, or changes the one with its id; gives it with its id.

        Raises ValueError where it does not rise from start to end, or has another kind than KINDS; OSError
        and SessionError.
        """
        if not 0 <= interval.start < interval.end <= limits.MOST_SECONDS or interval.kind not in KINDS:
            raise ValueError(f"{interval} cannot be set")
        number = len(self._read()) + 1
        kept = replace(interval, id=interval.id or f"edited {number}", ended=True)
        self._append(Edit(number, SET, kept))
        return kept

    def remove(self, interval: Interval) -> None:
        """Takes `interval` away. Raises OSError and SessionError."""
        self._append(Edit(len(self._read()) + 1, REMOVE, interval))

    def undo(self) -> bool:
        """Takes back the newest edit in force; False when there is none. Raises OSError and SessionError."""
        kept = self._in_force()
        if kept:
            self._append(Edit(len(self._read()) + 1, UNDO, cancels=kept[-1].number))
        return bool(kept)

    def _in_force(self) -> list[Edit]:
        every = self._read()
        undone = {edit.cancels for edit in every}
        return [edit for edit in every if edit.action != UNDO and edit.number not in undone]

    def _read(self) -> list[Edit]:
        if not is_there(self._path):
            return []
        with open_text(self._path) as file:
            text = file.read(limits.MOST_EVENT_BYTES)
        whole = text[: text.rfind("\n") + 1]  # a power cut can leave a part of a line
        edits = []
        reader = csv.DictReader(io.StringIO(whole))
        try:
            for cells in reader:
                edits.append(_edit(cells))
        except (KeyError, TypeError, ValueError, csv.Error) as error:
            raise SessionError(
                f"Line {reader.line_num} of {self._path} cannot be read ({str(error)[:200]}): correct or "
                "delete it."
            ) from error
        return edits

    def _append(self, edit: Edit) -> None:
        append_line(self._path, HEADER, _line(edit))


def _line(edit: Edit) -> str:
    i = edit.interval
    cells: tuple[object, ...] = (edit.number, edit.action, "", "", "", "", "", edit.cancels)
    if edit.action != UNDO:
        name = guard(" ".join(i.name.split())[: limits.LONGEST_MARKER])
        cells = (edit.number, edit.action, i.id, i.kind, name, f"{i.start:.6f}", f"{i.end:.6f}", "")
    row = io.StringIO()
    csv.writer(row, lineterminator="\n").writerow(cells)
    return row.getvalue()


def _edit(cells: dict[str, str]) -> Edit:
    number, action = int(cells["edit"]), cells["action"]
    if action == UNDO:
        return Edit(number, action, cancels=int(cells["cancels"]))
    if action not in (SET, REMOVE):
        raise ValueError(f"action is {action[:40]!r}")
    start, end = float(cells["start_s"]), float(cells["end_s"])
    if not (math.isfinite(start) and 0 <= start <= end <= limits.MOST_SECONDS):
        raise ValueError(f"from {start:g} to {end:g} s")
    return Edit(
        number, action, Interval(start, end, unguard(cells["name"]), cells["kind"], cells["interval"])
    )
