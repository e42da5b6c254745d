"""The highest of the values that came lately: a number that falls for a moment does not flicker."""

from __future__ import annotations

from collections import deque


class Highest:
    """Takes one value after the other."""

    def __init__(self, span: float) -> None:
        """Looks back `span` seconds."""
        self._span = span
        self._falling: deque[tuple[float, int]] = deque()  # s, value: each lower than all before

    def of(self, value: int, time: float) -> int:
        """The highest value of the last seconds, with `value` at `time`; times must not fall."""
        while self._falling and self._falling[-1][1] <= value:
            self._falling.pop()
        self._falling.append((time, value))
        while time - self._falling[0][0] > self._span:
            self._falling.popleft()
        return self._falling[0][1]
