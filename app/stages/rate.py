"""The rate of a stream, in frames a second, from the times of its frames alone."""

from __future__ import annotations

import math
from collections import deque

SPAN = 2.0  # s of the stream that are counted ...
MIN_FRAMES = 4  # ... but never fewer frames: one that was late makes no slow stream


class Rate:
    """Counts the frames of one stream; the same times always give the same rates."""

    def __init__(self) -> None:
        self._times = deque[float]()  # s, growing

    def add(self, time: float) -> float:
        """Counts the frame at `time` (s), and gives the rate up to it; infinite until there are MIN_FRAMES.

        A time that is not later than the one before starts again.
        """
        if self._times and time <= self._times[-1]:
            self._times.clear()
        self._times.append(time)
        while len(self._times) > MIN_FRAMES and time - self._times[0] > SPAN:
            self._times.popleft()
        if len(self._times) < MIN_FRAMES:
            return math.inf
        return round((len(self._times) - 1) / (time - self._times[0]), 3)  # no dust of sums and differences
