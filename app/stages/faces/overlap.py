"""How much boxes overlap, by which it is decided whether two of them are one face."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.stages.faces.thresholds import SAME_FACE
from app.types import Corners, Floats, Mask


def iou(first: Corners | Floats, second: Corners | Floats) -> Floats:
    """(n, m): intersection over union of each of n boxes with each of m: (n, 4) and (m, 4), x0, y0, x1, y1.

    0 for two boxes without area.
    """
    a, b = np.asarray(first, np.float64)[:, None], np.asarray(second, np.float64)[None]
    common = np.clip(np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]), 0, None).prod(2)
    union = (a[..., 2:] - a[..., :2]).prod(2) + (b[..., 2:] - b[..., :2]).prod(2) - common
    share: Floats = np.divide(common, union, out=np.zeros_like(common), where=union > 0)
    return share


def share_of(first: Sequence[float], second: Sequence[float]) -> float:
    """`iou` of one box with one other: for a few boxes quicker in Python's own numbers than in arrays."""
    (a, b, c, d), (e, f, g, h) = first, second
    common = max(0.0, min(c, g) - max(a, e)) * max(0.0, min(d, h) - max(b, f))
    union = (c - a) * (d - b) + (g - e) * (h - f) - common
    return common / union if union > 0 else 0.0


def unmatched(first: Corners | Floats, second: Corners | Floats) -> Mask:
    """(n,): which of the boxes `first` (n, 4) overlap none of `second` (m, 4) by more than SAME_FACE."""
    return np.asarray((iou(first, second) <= SAME_FACE).all(1))
