"""Gaps between the pictures of a file: where it is damaged, pictures are missing without a word."""

from __future__ import annotations

STEADY = 10  # steps without a gap before one can be told
LONGER = 2.5  # times as long as any step before: that is a gap


class FileGaps:
    """Told of the time of each frame of a file, it finds steps that are far longer than those before.

    A file of variable rate has steps of all lengths early on, and so seldom a gap.
    """

    def __init__(self) -> None:
        self._last: float | None = None
        self._longest, self._steps = 0.0, 0  # s, and how many, of the steps that were no gaps

    def add(self, time: float) -> float | None:
        """The length of the gap before the frame at `time`, in s; None where there is none."""
        step = time - self._last if self._last is not None else 0.0
        self._last = time
        if self._steps >= STEADY and step > LONGER * self._longest:
            return step
        if step > 0:
            self._longest, self._steps = max(self._longest, step), self._steps + 1
        return None
