"""What the status line knows of speed: frames a second, and the time from capture to paint."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

SPAN = 5.0  # s that the figures look back


@dataclass(frozen=True, slots=True)
class Reading:
    rate: float  # results painted a second
    median: float  # ms from capture to paint
    p95: float  # ms


class Meter:
    """`painted` is told of each picture; `reading` sums up the last SPAN seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()  # s when painted, s from capture to paint

    def clear(self) -> None:
        self._seen.clear()

    def painted(self, captured: float, now: float) -> None:
        """A frame captured at `captured` reached the screen at `now`, both of time.perf_counter()."""
        self._seen.append((now, now - captured))
        self._forget(now)

    def reading(self, now: float) -> Reading | None:
        """None while fewer than two pictures were painted."""
        self._forget(now)
        if len(self._seen) < 2:
            return None
        times, waits = np.array(self._seen).T
        span = times[-1] - times[0]
        median, p95 = np.percentile(waits * 1e3, (50, 95))
        return Reading((len(times) - 1) / span if span > 0 else 0.0, float(median), float(p95))

    def _forget(self, now: float) -> None:
        while self._seen and self._seen[0][0] < now - SPAN:
            self._seen.popleft()
