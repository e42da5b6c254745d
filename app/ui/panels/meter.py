"""What the status bar says of speed: frames a second, and the time from capture to result to paint."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from app.types import Result

SPAN = 5.0  # s that the figures look back
STAGES = ("detect", "eyes", "affect", "smooth", "total")
PARTS = (*STAGES, "capture to result", "result to paint")


@dataclass(frozen=True, slots=True)
class LatencySpread:
    """Of a time in ms."""

    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the status bar says of speed, over the last SPAN seconds."""

    rate: float  # results painted a second
    latency: LatencySpread  # from capture to paint
    # what the latency is made of: PARTS; () where unknown, as in a replay
    parts: tuple[tuple[str, LatencySpread], ...]


class Meter:
    """`painted` is told of each picture; `reading` sums up the last SPAN seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, ...]] = deque()  # s when painted; ms to paint, and of PARTS

    def clear(self) -> None:
        """Forgets every picture, as before another source."""
        self._seen.clear()

    def painted(self, result: Result, now: float) -> None:
        """`result` reached the screen at `now`, of clock.now()."""
        captured, ready = result.frame.captured, result.ready
        stages = (getattr(result.times, stage) for stage in STAGES)
        parts = (*stages, (ready - captured) * 1e3, (now - ready) * 1e3)
        self._seen.append((now, (now - captured) * 1e3, *parts))
        self._forget(now)

    def reading(self, now: float) -> Reading | None:
        """None while fewer than two pictures were painted."""
        self._forget(now)
        if len(self._seen) < 2:
            return None
        seen = np.array(self._seen)
        span = seen[-1, 0] - seen[0, 0]
        known = seen[:, 1:] if np.isfinite(seen).all() else seen[:, 1:2]
        latency, *parts = (LatencySpread(*pair) for pair in np.percentile(known, (50, 95), axis=0).T.tolist())
        rate = (len(seen) - 1) / span if span > 0 else 0.0
        return Reading(rate, latency, tuple(zip(PARTS, parts, strict=False)))

    def _forget(self, now: float) -> None:
        while self._seen and self._seen[0][0] < now - SPAN:
            self._seen.popleft()
