"""Eye centres in single pictures, and how far they are from their labels. No torch here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from app.stages.align import CropShape, apply, inverse
from app.stages.cards import Card
from app.stages.eyes import STRONGEST, decode, moved_right
from app.types import Detection
from export.data.arrays import Crops, Eyes, EyesOfFaces, Floats, Grey, Heatmaps, Matrix
from export.data.crops import aligned

Run = Callable[[Crops], Heatmaps]  # a network: the heatmaps of a batch of crops


def locate(
    run: Run, shape: CropShape, pictures: Sequence[Grey], eyes: EyesOfFaces, batch: int = 64
) -> tuple[EyesOfFaces, Floats]:
    """Centres (n, 2, 2) in the n grey pictures, in pixels, and confidence (n, 2), 0..1.

    `run` sees a crop of `shape` around the rough `eyes` (n, 2, 2) of each, `batch` at a time.
    """
    centres, confidences = np.empty_like(eyes), np.empty(eyes.shape[:2])
    for start in range(0, len(pictures), batch):
        part = slice(start, start + batch)
        crops, transforms = aligned(pictures[part], eyes[part], shape)
        centres[part], confidences[part] = placed(run(crops), transforms)
    return centres, confidences


def placed(
    maps: Heatmaps, transforms: Sequence[Matrix], strongest: int = STRONGEST
) -> tuple[EyesOfFaces, Floats]:
    """Centres (n, 2, 2) in the pictures' pixels, and confidence (n, 2), 0..1, of heatmaps (n, 2, size, size).

    `transforms` go from each picture to its crop; a centre is the mean of so many `strongest` pixels.
    """
    found, sure = decode(maps, strongest)
    centres = [apply(inverse(t), c) for t, c in zip(transforms, found, strict=True)]
    return np.stack(centres), sure


def normalised_errors(found: EyesOfFaces, eyes: EyesOfFaces) -> Floats:
    """(n, 2): the distance of each eye in `found` from its label in `eyes`, over the true distance of the
    eyes."""
    errors = np.hypot(*np.moveaxis(found - eyes, -1, 0)) / np.hypot(*(eyes[:, 0] - eyes[:, 1]).T)[:, None]
    return np.asarray(errors)


def as_labelled(centres: EyesOfFaces, card: Card) -> EyesOfFaces:
    """The app's eye centres (n, 2, 2) where labels have them: what the app takes off is put back."""
    return moved_right(centres, card.too_far_right)


def nearest(detections: Sequence[Detection], eyes: Eyes) -> Detection | None:
    """The face whose eyes are nearest the labelled `eyes` (2, 2); None when there is no face."""
    middle = eyes.mean(0)
    return min(detections, key=lambda d: float(np.hypot(*(d.eyes.mean(0) - middle))), default=None)
