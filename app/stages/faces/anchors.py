"""Anchors: the places in a detector's input that its boxes are counted from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.types import Points

# (pixels from one place to the next, boxes at each place), in the order of the network's outputs.
Grids = Sequence[tuple[int, int]]
NEAR_GRIDS: Grids = ((8, 2), (16, 6))  # of MediaPipe's detectors
FAR_GRIDS: Grids = ((4, 1),)


def anchors(size: int, grids: Grids) -> Points:
    """The middle (n, 2) of each anchor, x and y in pixels of a square input `size` wide, from its corner.

    Places go from left to right, then down; the boxes of one place follow each other. Source: Liu et al.,
    "SSD: Single Shot MultiBox Detector", ECCV 2016, section 2.2, without their sizes: MediaPipe's detectors
    give the size of a box by itself.
    """
    return np.concatenate([_grid(size, step, boxes) for step, boxes in grids])


def _grid(size: int, step: int, boxes: int) -> Points:
    middles = (np.arange(size // step, dtype=np.float32) + 0.5) * step
    x, y = np.meshgrid(middles, middles)
    return np.repeat(np.stack([x.ravel(), y.ravel()], 1), boxes, axis=0)
