"""How many frames a second a stream has, from the times of its frames alone."""

from __future__ import annotations

import math
from collections import deque

SPAN = 2.0  # s that it looks back ...
LEAST = 4  # ... but never over fewer frames: one that was late is no slow stream


class Rate:
    """Fed with every frame's time; the same times always give the same rates."""

    def __init__(self) -> None:
        self._times = deque[float]()  # s, growing

    def see(self, time: float) -> float:
        """Frames a second up to the frame at `time` (s); infinite until there are enough to tell.

        A time that does not grow begins anew.
        """
        if self._times and time <= self._times[-1]:
            self._times.clear()
        self._times.append(time)
        while len(self._times) > LEAST and time - self._times[0] > SPAN:
            self._times.popleft()
        if len(self._times) < LEAST:
            return math.inf
        return round((len(self._times) - 1) / (time - self._times[0]), 3)  # no dust of sums and differences
