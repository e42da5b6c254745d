"""Non-maximum suppression: of several boxes at one place, one remains."""

from __future__ import annotations

import numpy as np

from app.stages.faces.boxes import Boxes
from app.stages.faces.overlap import iou
from app.stages.faces.thresholds import SAME_FACE
from app.types import Logits


def averaged(boxes: Boxes) -> Boxes:
    """One box for each face that one detector sees, the best first.

    Boxes that overlap the best one by more than SAME_FACE become one, their mean weighted by probability,
    with the best score; then the same with the rest. Source: Bazarevsky et al., "BlazeFace", 2019, section
    4.3.
    """
    left = boxes.part(np.argsort(-boxes.scores, kind="stable"))
    means, points, scores = [], [], []
    while len(left):
        same = iou(left.corners[:1], left.corners)[0] > SAME_FACE
        same[0] = True  # also where it has no area
        weights = probability(left.scores[same])
        means.append(np.average(left.corners[same], axis=0, weights=weights))
        points.append(np.average(left.points[same], axis=0, weights=weights))
        scores.append(left.scores[0])
        left = left.part(~same)
    if not scores:
        return left
    return Boxes(np.stack(means).astype(np.float32), np.stack(points).astype(np.float32), np.stack(scores))


def best(boxes: Boxes, most: int) -> Boxes:
    """The best `most` boxes, the best first, without those that overlap a better one by over SAME_FACE."""
    ordered = boxes.part(np.argsort(-boxes.scores, kind="stable"))
    shared = iou(ordered.corners, ordered.corners) > SAME_FACE
    kept: list[int] = []
    for place in range(len(ordered)):
        if len(kept) < most and not shared[place, kept].any():
            kept.append(place)
    return ordered.part(np.array(kept, np.intp))


def probability(logits: Logits) -> Logits:
    """Of logits, each alone: the logistic function, without overflow."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -80, 80))), np.float32)
