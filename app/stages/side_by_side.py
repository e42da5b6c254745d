"""Two steps of a frame side by side, on two threads, where that is quicker than one after the other.

Whether it is depends on the machine: two cores that share one unit for arithmetic, or a busy second core,
bring nothing. So both ways are tried on the frames themselves, and the quicker one is kept for a while.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter
from typing import TypeVar

First = TypeVar("First")
Second = TypeVar("Second")

TRIALS = 12  # runs of each way before one is chosen ...
KEPT = 1000  # ... for so many runs; then both are tried again
# Of the time of one after the other: side by side must take less, since it costs more processor time.
WORTH = 0.9


class SideBySide:
    """Runs pairs of steps that do not need each other. What they give does not depend on how they are run."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        """`clock` gives seconds."""
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, "side by side")
        self._took: dict[bool, list[float]] = {True: [], False: []}  # s of the trials of each way
        self._runs = 0  # since the first of the present trials
        self.together = True  # how the next pair is run

    def run(self, first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
        """What both give. Raises what one of them raises."""
        begun = self._clock()
        if self.together:
            later = self._thread.submit(second)
            answers = first(), later.result()
        else:
            answers = first(), second()
        self._learn(self._clock() - begun)
        return answers

    def close(self) -> None:
        """Ends its thread. Nothing is run afterwards."""
        self._thread.shutdown()

    def _learn(self, seconds: float) -> None:
        """Chooses how the next pair is run, after one that took so long."""
        self._runs += 1
        if self._runs <= 2 * TRIALS:
            self._took[self.together].append(seconds)
            self.together = not self.together
            if self._runs == 2 * TRIALS:
                self.together = median(self._took[True]) < WORTH * median(self._took[False])
        elif self._runs >= KEPT:
            self._took, self._runs, self.together = {True: [], False: []}, 0, True
