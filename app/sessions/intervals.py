"""Intervals of a session: stimuli, intervals that somebody marked, pauses; each from its two events.

An interval that nobody ended lasts until the end of the session, as after a kill.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.sessions.event import Event
from app.sessions.pauses import PAUSED, RESUMED

STIMULUS_STARTED, STIMULUS_ENDED = (
    "stimulus_started",
    "stimulus_ended",
)  # kinds of events; the text is its name
INTERVAL_STARTED, INTERVAL_ENDED = "interval_started", "interval_ended"
STIMULUS, INTERVAL, PAUSE, EXCLUDED = "stimulus", "interval", "pause", "excluded"  # kinds of intervals
STARTS = {STIMULUS_STARTED: STIMULUS, INTERVAL_STARTED: INTERVAL, PAUSED: PAUSE}
ENDS = {STIMULUS_ENDED: STIMULUS, INTERVAL_ENDED: INTERVAL, RESUMED: PAUSE}


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of a session's time, from `start` until before `end`."""

    start: float  # s, as in the column time_s of `faces.csv`
    end: float  # s
    name: str = ""
    kind: str = INTERVAL  # "stimulus", "interval", "pause", or "excluded": no part of tables and averages
    id: str = ""  # "live 12": begun by event 12 of `events.csv`; "edited 3": by line 3 of `events-edited.csv`
    ended: bool = True  # False: nobody ended it, so that it lasts until the end of the session

    def holds(self, time: float) -> bool:
        """Whether `time` (s) lies in it."""
        return self.start <= time < self.end


def live_intervals(events: Iterable[Event], end: float) -> tuple[Interval, ...]:
    """The intervals of `events`, which are in force, of a session that ends at `end` (s); by their starts.

    The end of an interval is the next one of its kind and name. A name that begins again before its end has
    two intervals, of which the newer one ends first.
    """
    found: list[Interval] = []
    open_: dict[tuple[str, str], list[Event]] = {}
    for event in sorted(events, key=lambda event: event.time):
        if kind := STARTS.get(event.kind):
            open_.setdefault((kind, _name(kind, event)), []).append(event)
        elif kind := ENDS.get(event.kind):
            begun = open_.get((kind, _name(kind, event)))
            if begun:
                found.append(_interval(begun.pop(), kind, event.time, ended=True))
    for (kind, _), begun in open_.items():
        found += [_interval(event, kind, max(end, event.time), ended=False) for event in begun]
    return tuple(sorted(found, key=lambda interval: (interval.start, interval.end)))


def _name(kind: str, event: Event) -> str:
    return "" if kind == PAUSE else event.text


def _interval(begun: Event, kind: str, end: float, *, ended: bool) -> Interval:
    return Interval(begun.time, end, _name(kind, begun), kind, f"live {begun.number}", ended)
