"""Bystanders: faces in sight that are not measured, since as many are as is wanted."""

from __future__ import annotations

import numpy as np

from app.stages.faces import region
from app.stages.faces.region import ROOM, Regions
from app.stages.faces.suppress import apart, overlap
from app.stages.faces.thresholds import SAME_FACE
from app.types import Box


class Bystanders:
    """A queue of their places: whoever was looked at longest ago comes first."""

    def __init__(self) -> None:
        self._regions: Regions = region.NONE

    def __len__(self) -> int:
        return len(self._regions)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The square (4,) around each face, x0, y0, x1, y1 in pixels."""
        middles, half = self._regions.middles, self._regions.sides[:, None] / (2 * ROOM)
        return tuple(np.concatenate([middles - half, middles + half], axis=1).astype(np.float32))

    def take(self, count: int) -> Regions:
        """Takes out the first `count`, to look at them again: `add` puts back who is still there."""
        taken, self._regions = self._regions.part(slice(count)), self._regions.part(slice(count, None))
        return taken

    def strangers(self, seen: Regions) -> Regions:
        """Of what a detector has `seen` those that are no bystanders; bystanders go where it sees them."""
        shared = overlap(self._regions.upright, seen.upright)
        if not shared.size:
            return seen
        best, known = shared.argmax(1), shared.max(1) > SAME_FACE
        self._regions = region.where(known, seen.part(best), self._regions)
        return seen.part(shared.max(0) <= SAME_FACE)

    def add(self, found: Regions, followed: Regions) -> None:
        """Adds those who were just `found`; whoever is among the `followed` is no bystander any more."""
        if not len(found) and not len(self):
            return
        left = self._regions.part(apart(self._regions.upright, found.upright))
        joined = region.joined(left, found)
        self._regions = joined.part(apart(joined.upright, followed.upright))
