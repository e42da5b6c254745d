"""How many markers of other programs come in: a flood must cost neither rows nor the window's time."""

from __future__ import annotations

from collections.abc import Callable

from app.streams.markers import OnMarker, one_line
from app.system import clock

RATE = 50.0  # markers a second that may come for as long as they like
BURST = 200  # that may come at once, after a silence


class MarkerGate:
    """Hands on markers from one origin, on the thread that receives them, as long as they are not too many.

    What is left out is said by a marker of Mien's own, before the next one that is handed on.
    """

    def __init__(self, on_marker: OnMarker, origin: str, clock: Callable[[], float] = clock.now) -> None:
        """`origin` is where they come from, `lsl` or `udp`; `clock` gives s."""
        self._on_marker, self._origin, self._clock = on_marker, origin, clock
        self._room, self._since = float(BURST), clock()
        self._left_out = 0

    def __call__(self, text: str, when: float) -> bool:
        """Hands on the marker `text`, set at `when` (s of clock.now); False where there is no room for it.

        A text without any letter is none, and needs no room.
        """
        line = one_line(text)
        if not line:
            return True
        now = self._clock()
        self._room = min(float(BURST), self._room + RATE * (now - self._since))
        self._since = now
        if self._room < 1 + bool(self._left_out):
            self._left_out += 1
            return False
        if self._left_out:
            self._hand_on(f"markers over {self._origin} left out: too many at once", "mien", now)
            self._left_out = 0
        self._hand_on(line, self._origin, when)
        return True

    def _hand_on(self, line: str, origin: str, when: float) -> None:
        self._room -= 1
        self._on_marker(line, origin, when)
