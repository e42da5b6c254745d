"""The columns of `events.csv` and `events-added.csv`: one line for each event; nothing is ever changed."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping

from app.sessions.event import Event
from app.sessions.schema import limits
from app.sessions.schema.column import NEVER, Column, Kind
from app.sessions.schema.files import ROWS_FILE
from app.sessions.schema.formulas import guard, unguard

KINDS = (
    "marker; undo; face_appeared; face_ended; "
    "cut (another picture began, or another face took the place of one: smoothing begins anew); "
    "camera_gap; file_gap; paused; resumed; baseline_started; baseline_set; "
    "baseline_cleared (from then on values are counted from zero again); warning; "
    "unmeasured_faces (how many of the faces in sight are measured from then on, such as 4 of 9); "
    "tuned (how often new faces are looked for); smoothing (from then on, 0 off to 1); "
    "stimulus_started and stimulus_ended (text: its name); "
    "stimulus_skipped (text: its name; it was not shown); "
    "interval_started and interval_ended (text: its name); "
    "answer (text: the name of a question, an equals sign, the answer); "
    "picture_size (the camera came back with another, or the file goes on with another: from then on "
    "positions and recorded pictures are scaled to the first)"
)
TIME = f"as in {ROWS_FILE}; a marker has the time when it was set, or of the newest frame of a file"
FRAME = f"the newest frame at that moment, as in {ROWS_FILE}"
ORIGIN = "who set it: key, replay, udp, lsl; mien for what it noticed itself"
WALL = "wall clock, ISO 8601, UTC; empty for a file"
FACE = "id of the face that the event is about; empty when there is none"
CANCELS = "number of the marker that an undo takes back; empty for other kinds"

EventColumn = Column[Event]


def _one_line(event: Event) -> str:
    return " ".join(event.text.split())[: limits.LONGEST_MARKER]


def _number_or_nothing(value: int | None) -> str:
    return "" if value is None else str(value)


EVENT_COLUMNS: tuple[EventColumn, ...] = (
    Column("event", Kind.WHOLE, "number of the event in this file, from 1", NEVER,
           lambda event: str(event.number), range="1..", part="number"),
    Column("kind", Kind.TEXT, KINDS, NEVER, lambda event: event.kind, part="kind"),
    Column("text", Kind.TEXT, "name or free text of a marker; details of other kinds",
           "where there is nothing to say", _one_line, part="text"),
    Column("time_s", Kind.NUMBER, TIME, NEVER, lambda event: f"{event.time:.6f}",
           unit="seconds", range="0..", part="time", needed=True),
    Column("wall_utc", Kind.UTC, WALL, "for a file", lambda event: event.wall_utc, part="wall"),
    Column("frame", Kind.WHOLE, FRAME, NEVER, lambda event: "" if event.frame < 0 else str(event.frame),
           range="0..", part="frame"),
    Column("origin", Kind.TEXT, ORIGIN, NEVER, lambda event: event.origin,
           range="key, replay, udp, lsl, mien", part="origin"),
    Column("face", Kind.WHOLE, FACE, "when it is about none", lambda event: _number_or_nothing(event.face),
           range="1..", part="face"),
    Column("cancels", Kind.WHOLE, CANCELS, "for other kinds",
           lambda event: _number_or_nothing(event.cancels), range="1..", part="cancels"),
)  # fmt: skip
HEADER = ",".join(column.name for column in EVENT_COLUMNS) + "\n"  # the first line of the file


def line(event: Event) -> str:
    """The line of `event`, with its line break; text with a comma or a quote is quoted.

    No spreadsheet takes its text for a formula: see `formulas.guard`.
    """
    cells = (guard(c.write(event)) if c.kind is Kind.TEXT else c.write(event) for c in EVENT_COLUMNS)
    row = io.StringIO()
    csv.writer(row, lineterminator="\n").writerow(cells)
    return row.getvalue()


def read_event(cells: Mapping[str, str | None]) -> Event:
    """The event of a line, given as its cells by the names of their columns; others are ignored.

    A cell that is empty or absent has the default of `Event`. Raises ValueError for a cell that does not fit,
    and where the time is absent or negative.
    """
    values = {c.part: c.kind.parse(cell) for c in EVENT_COLUMNS if (cell := cells.get(c.name))}
    values |= {part: unguard(value) for part, value in values.items() if isinstance(value, str)}
    event = Event(**{"time": math.nan} | values)
    if not 0 <= event.time <= limits.MOST_SECONDS:
        raise ValueError(f"time_s is {cells.get('time_s')!r:.40}")
    return event
