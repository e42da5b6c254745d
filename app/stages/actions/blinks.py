"""Blinks: how often a person's eyes close for a moment."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable

from app.stages.eyelids import CLOSED

SPAN = 60.0  # s that the rate looks back
LEAST = 10.0  # s that a face must have been seen for a rate
LONGEST = 0.5  # s; eyes that stay shut longer are closed. A blink lasts 0.1 to 0.4 s (BioNumbers 100706)


class Blinks:
    """Counts the blinks of each face; the same values and times give the same rates."""

    def __init__(self) -> None:
        self._of: dict[int, _Person] = {}

    def see(self, id: int, openness: tuple[float, float], time: float) -> float:
        """Blinks a minute of face `id` over the last SPAN seconds, NaN while it was seen for less than LEAST.

        `openness` is that of left and right eye, 0..1, at `time` in s. A blink counts once the eyes are open
        again.
        """
        person = self._of.get(id)
        if person is None or not 0 <= time - person.last <= LEAST:
            person = self._of[id] = _Person(time)
        person.see(sum(openness) / 2 < CLOSED, time)
        seen = min(time - person.first, SPAN)
        return 60 * len(person.blinks) / seen if seen >= LEAST else math.nan

    def forget(self, ids: Iterable[int]) -> None:
        """Drops the faces that have left for good."""
        for id in ids:
            self._of.pop(id, None)


class _Person:
    __slots__ = ("blinks", "first", "last", "shut")

    def __init__(self, time: float) -> None:
        self.first = self.last = time
        self.shut: float | None = None  # s, since when the eyes are closed
        self.blinks: deque[float] = deque()  # s, when each ended

    def see(self, closed: bool, time: float) -> None:
        self.last = time
        if closed and self.shut is None:
            self.shut = time
        elif not closed and self.shut is not None:
            if time - self.shut <= LONGEST:
                self.blinks.append(time)
            self.shut = None
        while self.blinks and self.blinks[0] <= time - SPAN:
            self.blinks.popleft()
