"""What is counted frame by frame, though a session has a row for each face."""

from __future__ import annotations

import numpy as np

from app.sessions.reading import Rows
from app.types import Floats, Mask


class Tally:
    """Takes blocks of rows in their order; a frame's rows follow one another.

    Attributes: `frames`; `measured`, those with at least one measured face; `lost`, frames that were dropped.
    """

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self.frames = self.measured = self.lost = 0
        self._frame = self._measured_frame = np.nan  # the last one of the block before
        self._times: list[Floats] = [np.empty(0)]
        self._latency: list[Floats] = [np.empty(0)]

    def add(self, block: Rows, seen: Mask) -> None:
        """Counts the frames of `block`, of whose rows those of `seen` (n,) have a measured face."""
        frames = block["frame"]
        first = np.diff(frames, prepend=self._frame) != 0
        self._frame = frames[-1]
        self.frames += int(first.sum())
        self._times.append(block["time_s"][first])
        latency = block["latency_ms"][first]
        self._latency.append(latency[~np.isnan(latency)].astype(np.float32))
        self.lost += int(np.nansum(block["dropped"][first]))
        measured = frames[seen]
        if len(measured):
            self.measured += int((np.diff(measured, prepend=self._measured_frame) != 0).sum())
            self._measured_frame = measured[-1]

    def times(self) -> Floats:
        """The time of each frame (s)."""
        return np.concatenate(self._times)

    def latency(self) -> Floats:
        """The latency (ms) of each frame that has one."""
        return np.concatenate(self._latency)
