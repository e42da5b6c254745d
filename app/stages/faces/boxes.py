"""Boxes: where a detector sees faces, and how they are read from its network's outputs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.types import Corners, Indices, Logits, Mask, Points, PointSets

KEY_POINTS = 6  # of a face: right eye, left eye, tip of the nose, mouth, right ear, left ear
RIGHT_EYE, LEFT_EYE = 0, 1


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """n faces as a detector sees them, n >= 0, in pixels of its input or of the picture."""

    corners: Corners  # (n, 4) float32: x0, y0, x1, y1 in pixels
    points: PointSets  # (n, 6, 2) float32: x, y of the key points in pixels
    scores: Logits  # (n,) float32: logit of the probability that it is a face

    def __len__(self) -> int:
        return len(self.scores)

    def part(self, places: Indices | Mask | slice) -> Boxes:
        """Those at `places`, in that order."""
        return Boxes(self.corners[places], self.points[places], self.scores[places])


NONE = Boxes(np.empty((0, 4), np.float32), np.empty((0, KEY_POINTS, 2), np.float32), np.empty(0, np.float32))


def concatenate(*parts: Boxes) -> Boxes:
    """Those of all parts, in their order."""
    return Boxes(
        np.concatenate([part.corners for part in parts]),
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.scores for part in parts]),
    )


def turned(boxes: Boxes, turns: int, size: int) -> Boxes:
    """Boxes in a square `size` pixels wide that was turned by quarters anticlockwise, as they were before.

    All places are counted from the centre of the square's upper left pixel, whichever that is.
    """
    ends, points = boxes.corners.reshape(-1, 2, 2), boxes.points
    for _ in range(turns % 4):
        ends, points = (np.stack([size - 1 - at[..., 1], at[..., 0]], -1) for at in (ends, points))
    corners = np.concatenate([ends.min(1), ends.max(1)], axis=1)
    return Boxes(corners, points, boxes.scores) if turns % 4 else boxes


def decode(raw: PointSets, scores: Logits, anchors: Points, least: float) -> Boxes:
    """The boxes whose score, a logit, is at least `least`, in pixels of the network's input.

    `raw` (n, 16) has for each anchor the box's middle, its width and height, and the six key points, x before
    y; middle and points are counted from the anchor, whose place is in `anchors` (n, 2). `scores` is (n,).
    Boxes of negative width or height are left out. Source: Bazarevsky et al., "BlazeFace: Sub-millisecond
    neural face detection on mobile GPUs", 2019, section 3.
    """
    sure = np.flatnonzero(scores >= least)
    pairs = raw[sure].reshape(-1, 2 + KEY_POINTS, 2)
    middles, sizes = pairs[:, 0] + anchors[sure], pairs[:, 1]
    corners = np.concatenate([middles - sizes / 2, middles + sizes / 2], axis=1)
    found = Boxes(corners, pairs[:, 2:] + anchors[sure, None], scores[sure])
    return found.part(np.flatnonzero((sizes >= 0).all(1)))
