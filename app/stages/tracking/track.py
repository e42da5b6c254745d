"""One person as tracking knows him: where the face was, how it moved, how it looked."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from app.stages.tracking.appearance import Appearance, unlike
from app.stages.tracking.patch import Patch
from app.stages.tracking.thresholds import (
    AT_ONCE,
    COMPARE_EVERY,
    HIDDEN,
    KEPT,
    OTHER,
    OTHER_AFTER_CUT,
    OTHER_LATER,
    OTHER_YET,
    REMEMBERED,
    SETTLED,
    SLOWING,
    STEADYING,
    SURELY,
)

Point = tuple[float, float]
"""x, y in pixels. A few points are quicker in Python's own numbers than in arrays."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A face of the newest frame."""

    centre: Point
    size: float  # pixels
    appearance: Appearance | None  # None where it was not looked at


@dataclass(slots=True)
class Track:
    """A person who is remembered. Times are in s on the frames' clock."""

    centre: Point
    size: float  # pixels
    time: float  # when the face was seen last
    began: float
    velocity: Point = (0.0, 0.0)  # pixels a second
    appearance: Appearance | None = None  # the newest
    compared: float = -math.inf  # when that was
    earlier: deque[Appearance] = field(default_factory=lambda: deque(maxlen=KEPT))
    cut: bool = False  # since it was seen there was a cut
    doubted: float = -math.inf  # until when a face that looks otherwise is not taken for it
    patch: Patch | None = None  # of about when it was seen last: it is taken where an appearance is
    otherwise: float | None = None  # since when it looks like somebody else without a gap or a cut
    moved_to: Point | None = None  # where its pixels were found again in the newest frame

    def expected(self, time: float) -> Point:
        """Where the face is likely to be at `time`, if it goes on and slows down."""
        passed = SLOWING * (1 - math.exp((self.time - time) / SLOWING))
        return self.centre[0] + passed * self.velocity[0], self.centre[1] + passed * self.velocity[1]

    def difference(self, appearance: Appearance | None, time: float) -> float:
        """How differently a face of this `appearance` looks at `time` from what is known of this one.

        From the one that is most like it after a while out of sight, since the face may have been half hidden
        when it was seen last.
        """
        if appearance is None or self.appearance is None:
            return 0.0
        differences = [unlike(appearance, known) for known in (self.appearance, *self.earlier)]
        return min(differences) if time - self.time > HIDDEN else max(differences)

    def limit(self, time: float) -> float:
        """From which `unlike` on a face at `time` is not this one."""
        if self.cut or time <= self.doubted:
            return OTHER_AFTER_CUT
        if time - self.time > REMEMBERED:
            return OTHER_LATER
        if time - self.time > HIDDEN:
            return OTHER_YET
        return OTHER if self.time - self.began >= SETTLED else OTHER_YET

    def is_misread(self, time: float, *, abrupt: bool) -> bool:
        """Whether a face that looks otherwise at `time` may still be this one, badly seen for a moment."""
        if abrupt or self.cut or time <= self.doubted or time - self.time > AT_ONCE:
            return False
        return self.otherwise is None or time - self.otherwise < SURELY

    def is_known(self, time: float, last: float | None) -> bool:
        """Whether the face is remembered at `time`; `last` is the time of the frame before."""
        passed = time - self.time
        return passed >= 0 and (passed <= REMEMBERED or self.time == last)

    def move(self, centre: Point, size: float, time: float) -> None:
        """The face was seen at `time`."""
        passed = time - self.time
        if passed > 0:
            fresh = 1 - math.exp(-passed / STEADYING)
            (x, y), (was_x, was_y), (across, down) = centre, self.centre, self.velocity
            self.velocity = (
                across + fresh * ((x - was_x) / passed - across),
                down + fresh * ((y - was_y) / passed - down),
            )
        self.centre, self.size, self.time = centre, size, time
        self.cut, self.doubted, self.moved_to = False, -math.inf, None

    def see(self, appearance: Appearance | None, time: float) -> None:
        """The face looked so at `time`."""
        if appearance is None:
            return
        if time - self.compared >= COMPARE_EVERY and time - self.began >= SETTLED:
            self.earlier.append(appearance)
        self.appearance, self.compared = appearance, time
