"""Pauses of a recording: while somebody holds it up, no picture is missing."""

from __future__ import annotations

import math

PAUSED, RESUMED = "paused", "resumed"  # kinds of events


class Pauses:
    """Told of each event, it knows how much of a stretch of time was a pause; times are s of the session."""

    def __init__(self) -> None:
        self._pauses: list[tuple[float, float]] = []  # from, to; the last one may have no end yet

    def see(self, kind: str, time: float) -> None:
        """Notes an event at `time`; other kinds than PAUSED and RESUMED change nothing."""
        if kind == PAUSED:
            self._pauses.append((time, math.inf))
        elif kind == RESUMED and self._pauses:
            self._pauses[-1] = self._pauses[-1][0], time

    def within(self, begin: float, end: float) -> float:
        """How many of the seconds from `begin` to `end` were pauses; those before `end` are forgotten."""
        held = sum(max(0.0, min(to, end) - max(start, begin)) for start, to in self._pauses)
        self._pauses = [pause for pause in self._pauses if pause[1] > end]
        return held
