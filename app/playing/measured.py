"""What was measured of a video in its last seconds, so that a step back shows it again."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

import numpy as np

from app.types import Frame, Image, Result

MOST = 300  # results: ten seconds at the usual rate, 3 MB for each face
NO_PICTURE: Image = np.empty((0, 0, 3), np.uint8)


class Measured:
    """Results by the time of their frame, oldest first and without a gap; their pictures are not kept.

    Measuring a frame anew, after later ones, would make another person of each face: time ran backwards.
    """

    def __init__(self) -> None:
        self._results: OrderedDict[float, Result] = OrderedDict()  # by s

    def add(self, result: Result) -> None:
        """Keeps `result`, which follows the one before; forgets the oldest where there are too many."""
        self._results[result.frame.time] = replace(result, frame=replace(result.frame, image=NO_PICTURE))
        if len(self._results) > MOST:
            self._results.popitem(last=False)

    def of(self, frame: Frame) -> Result | None:
        """What was measured of `frame`, with its picture; None where that is not kept."""
        kept = self._results.get(frame.time)
        return kept and replace(kept, frame=frame)

    def ends_with(self, frame: Frame | None) -> bool:
        """Whether `frame` is the newest one that was measured, so that the next one follows."""
        return frame is not None and next(reversed(self._results), None) == frame.time
