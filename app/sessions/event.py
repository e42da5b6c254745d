"""One event of a session: a marker that was set, or something that Mien noticed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.sessions.wall_time import utc

MARKER, UNDO = "marker", "undo"  # the kinds of which the program itself makes something


@dataclass(frozen=True, slots=True)
class Event:
    """A line of `events.csv` or `events-added.csv`."""

    time: float  # s, as in the column time_s of `faces.csv`
    kind: str = MARKER  # "marker", "undo", "face_appeared" ...
    text: str = ""  # what a marker is called, or what is to be said of another event
    number: int = 0  # in its file, from 1; 0 where the file does not say
    wall: float = float("nan")  # s since 1970 UTC; NaN where there is no wall clock
    frame: int = -1  # the newest frame then; -1 where it is unknown
    origin: str = ""  # who set it: "key", "replay", "udp", "lsl", "mien"
    face: int | None = None  # id of the face that it is about
    cancels: int | None = None  # number of the marker that an undo takes back

    @property
    def wall_utc(self) -> str:
        """The wall time as ISO 8601, UTC; "" where there is none."""
        return utc(self.wall)


def in_force(events: Iterable[Event]) -> tuple[Event, ...]:
    """The `events` of one file without those that were undone, and without the undoing."""
    every = tuple(events)
    undone = {event.cancels for event in every} - {None}
    return tuple(event for event in every if event.kind != UNDO and event.number not in undone)
