"""Eye centres in single pictures, and how far they are from their labels. No torch here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from app.stages.align import CropShape, apply, inverse, similarity, warp
from app.stages.eyes import decode
from app.types import Detection


def locate(
    run: Callable[[np.ndarray], np.ndarray],
    shape: CropShape,
    pictures: Sequence[np.ndarray],
    eyes: np.ndarray,
    batch: int = 64,
) -> tuple[np.ndarray, np.ndarray]:
    """Centres (n, 2, 2) in the grey pictures, and confidence (n, 2), from crops around rough `eyes`."""
    centres, confidences = np.empty_like(eyes), np.empty(eyes.shape[:2])
    for start in range(0, len(pictures), batch):
        part = slice(start, start + batch)
        transforms = [similarity(e, shape) for e in eyes[part]]
        crops = [warp(p, t, shape.size) for p, t in zip(pictures[part], transforms, strict=True)]
        found, confidences[part] = decode(run(np.stack(crops)[:, None]))
        centres[part] = [apply(inverse(t), c) for t, c in zip(transforms, found, strict=True)]
    return centres, confidences


def normalised_errors(found: np.ndarray, eyes: np.ndarray) -> np.ndarray:
    """(n, 2): the distance of each eye from its label over the true distance between the eyes."""
    return np.hypot(*np.moveaxis(found - eyes, -1, 0)) / np.hypot(*(eyes[:, 0] - eyes[:, 1]).T)[:, None]


def nearest(detections: Sequence[Detection], eyes: np.ndarray) -> Detection | None:
    """The face whose eyes lie nearest the labelled ones; None when there is no face."""
    middle = eyes.mean(0)
    return min(detections, key=lambda d: float(np.hypot(*(d.eyes.mean(0) - middle))), default=None)
