"""Each person's own neutral face, learnt while it is seen, from which the actions are counted."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from app.types import EXPRESSIONS, ActionValues, Signals

PRIOR = 30.0  # frames that the neutral face of the population counts as: a second of video
MOST = 900.0  # frames that are remembered: half a minute; older ones fade
SURE = 0.5  # probability of neutral from which on a frame counts


class RunningNeutral:
    """The mean of the actions of each face while its expression is neutral, beside that of the population."""

    def __init__(self, count: int) -> None:
        """Of `count` actions."""
        self._zero = np.zeros(count, np.float32)
        self._of: dict[int, tuple[float, ActionValues]] = {}  # by id: frames, mean

    def see(self, id: int, measured: ActionValues, raw: Signals, status: str) -> ActionValues:
        """The neutral (n,) of face `id`, after its `measured` actions (n,) of this frame.

        They count where the face was measured well and `raw` says neutral. Of a face that has just come, and
        in a single picture, it is nearly that of the population, which is 0.
        """
        frames, mean = self._of.get(id, (PRIOR, self._zero))
        if status == "ok" and raw.probs[0] > SURE and raw.expression == EXPRESSIONS[0]:
            frames = min(frames + 1, MOST)
            mean = mean + (measured - mean) / np.float32(frames)
            self._of[id] = frames, mean
        return mean

    def forget(self, ids: Iterable[int]) -> None:
        """Drops the faces that have left for good."""
        for id in ids:
            self._of.pop(id, None)
