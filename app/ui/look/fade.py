"""A value that glides to where it should be: nothing in the window jumps."""

from __future__ import annotations

import math
from dataclasses import dataclass

GLIDE = 0.3  # s in which about two thirds of the way are gone
GAP = 1.0  # s without an update after which it starts where it should be


@dataclass(slots=True)
class Fade:
    """A value that moves towards a target, by an exponential law."""

    value: float = 1.0
    _time: float | None = None

    def to(self, target: float, time: float) -> float:
        """The value at `time` (s) on its way to `target`."""
        passed = math.inf if self._time is None else time - self._time
        share = 1 - math.exp(-passed / GLIDE) if 0 <= passed <= GAP else 1.0
        self.value, self._time = self.value + share * (target - self.value), time
        return self.value
