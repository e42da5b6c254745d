"""How far a participant has come in the playlist, by the events of their sessions: where to go on."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from app.sessions.event import Event
from app.sessions.intervals import STIMULUS_STARTED
from app.study.playlist import Stimulus

STIMULUS_SKIPPED = "stimulus_skipped"  # kind of an event; the text is the name of one that was not shown


def goes_on_at(order: Sequence[Stimulus], sessions: Iterable[Sequence[Event]]) -> int:
    """The index in `order` of the stimulus that comes next; 0 where nothing or everything was presented.

    `sessions` are the events of the participant's sessions by run. A stimulus counts once it began: one that
    a kill cut short is not shown again, since nobody sees it for the first time twice. A session that began
    the playlist anew counts from there.
    """
    at: int = 0
    for events in sessions:
        for event in sorted(events, key=lambda event: event.time):
            if event.kind in (STIMULUS_STARTED, STIMULUS_SKIPPED):
                at = _after(order, at, event.text)
    return at if at < len(order) else 0


def _after(order: Sequence[Stimulus], at: int, name: str) -> int:
    """The index after the stimulus `name`, looked for from `at` on, then from the start."""
    if at == len(order):
        at = 0
    for i in itertools.chain(range(at, len(order)), range(at)):
        if order[i].name == name:
            return i + 1
    return at  # not of this playlist any more
