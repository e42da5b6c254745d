"""What the frames since the last judgement say about the load of the machine."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from app.playing.workload_levels import BUSY, COUNTED_SHARE, LOST_SHARE, OVERLOADED
from app.types import Frame, Result


@dataclass(frozen=True, slots=True)
class Judgement:
    """How the machine keeps up with a source."""

    cost: float  # ms: mean time of a frame, without the slowest ones (COUNTED_SHARE)
    period: float  # ms from one frame of the source to the next
    lost: float  # share of the frames that were dropped, 0..1
    late: float  # share by which a file plays too slowly, 0..1; 0 for a camera, which drops frames instead
    faces: int  # in a frame, the median

    @property
    def load(self) -> float:
        """The share of the time between two frames that measuring one takes; above 1 it cannot keep up."""
        return self.cost / self.period

    @property
    def loses_frames(self) -> bool:
        """Whether more frames are dropped or late than chance explains."""
        return max(self.lost, self.late) > LOST_SHARE

    @property
    def overloaded(self) -> bool:
        """Whether the machine is too slow for what is computed."""
        return self.load > OVERLOADED or (self.load > BUSY and self.loses_frames)

    @property
    def reason(self) -> str:
        """The figures in words: `a frame took 25 of 33 ms and 17% came too late`."""
        words = f"a frame took {self.cost:.0f} of {self.period:.0f} ms"
        if not self.loses_frames:
            return words
        return f"{words} and " + (
            f"{self.lost:.0%} were lost" if self.lost > self.late else f"{self.late:.0%} came too late"
        )


@dataclass(slots=True)
class FrameSample:
    """The frames since the last judgement, or since something changed."""

    since: float = 0.0  # s, time of the first frame
    _costs: list[float] = field(default_factory=list)  # ms of each
    _waits: list[float] = field(default_factory=list)  # s from the moment one was captured to the next
    _faces: list[int] = field(default_factory=list)  # in each
    _dropped: int = 0
    _last: Frame | None = None

    def __len__(self) -> int:
        return len(self._costs)

    def add(self, result: Result) -> None:
        """One more frame, with what it cost."""
        if self._last is None:
            self.since = result.frame.time
        else:
            self._waits.append(result.frame.captured - self._last.captured)
        self._last = result.frame
        self._costs.append(result.times.total)
        self._faces.append(len(result.faces))
        self._dropped += result.frame.dropped

    @property
    def cost(self) -> float:
        """Mean ms of a frame, without the slowest ones (COUNTED_SHARE); there must be one frame at least."""
        return _usual(self._costs)

    def judged(self, period: float) -> Judgement:
        """What these frames say, of a source with one frame in `period` ms; there must be one at least."""
        return Judgement(
            cost=self.cost,
            period=period,
            lost=self._dropped / (len(self._costs) + self._dropped),
            late=self._late(),
            faces=sorted(self._faces)[len(self._faces) // 2],
        )

    def _late(self) -> float:
        assert self._last is not None
        wanted = (self._last.time - self.since) / max(1, len(self._waits))  # s between two frames
        return 1 - wanted / max(wanted, _usual(self._waits)) if self._waits and wanted > 0 else 0.0


def _usual(values: list[float]) -> float:
    """The mean of the smallest COUNTED_SHARE of the values."""
    return float(np.sort(values)[: max(1, int(COUNTED_SHARE * len(values)))].mean())
