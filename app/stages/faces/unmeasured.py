"""Unmeasured faces: those in sight beyond the number that is wanted. A video blurs them, too."""

from __future__ import annotations

import numpy as np

from app.stages.faces import region
from app.stages.faces.overlap import iou, unmatched
from app.stages.faces.region import ROOM, Regions
from app.stages.faces.thresholds import SAME_FACE, SAME_SIZE
from app.types import Box


class Unmeasured:
    """A queue of the regions of unmeasured faces: the one that was looked at longest ago comes first."""

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
        """Takes out the first `count`, to look at them again: `add` puts back those that are still there."""
        taken, self._regions = self._regions.part(slice(count)), self._regions.part(slice(count, None))
        return taken

    def new_among(self, seen: Regions) -> Regions:
        """Those of the regions that a detector has `seen` that are not in the queue.

        Those in the queue move to where the detector sees them, in about the same size: a box of another size
        is one that the edge of a tile cuts, or a poor one, and the next look would see no face in it.
        """
        shared = iou(self._regions.upright, seen.upright)
        if not shared.size:
            return seen
        best, known = shared.argmax(1), shared.max(1) > SAME_FACE
        sizes = seen.sides[best] / self._regions.sides
        moved = known & (sizes < SAME_SIZE) & (sizes > 1 / SAME_SIZE)
        self._regions = region.where(moved, seen.part(best), self._regions)
        return seen.part(shared.max(0) <= SAME_FACE)

    def add(self, found: Regions, followed: Regions) -> None:
        """Adds the faces that were just `found` at the end; takes out those that are `followed` now."""
        if not len(found) and not len(self):
            return
        left = self._regions.part(unmatched(self._regions.upright, found.upright))
        faces = region.concatenate(left, found)
        self._regions = faces.part(unmatched(faces.upright, followed.upright))
