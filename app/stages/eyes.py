"""Eye centres: a network gives two heatmaps a face, and their strongest pixels are the centres."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.stages.align import apply, inverse
from app.stages.crops import crop_faces
from app.stages.models import Model
from app.types import Confidence, Detection, EyesOfFaces, Grey, Image, Indices, Maps

# Pixels that make a centre: the best number in the eye-centre thesis (author unknown to us), chapter 3.
STRONGEST = 36
NEAR = 1 / 20  # of the map's width: how far from the centre its weight still counts as being there
FAINT = 1 / 20  # of a map's largest value: what is weaker is hardly ever among the strongest


def decode(heatmaps: Maps, strongest: int = STRONGEST) -> tuple[EyesOfFaces, Confidence]:
    """Centres (n, 2, 2): x, y in pixels, and confidence (n, 2), 0..1, of heatmaps (n, 2, size, size) >= 0.

    A centre is the mean of the `strongest` pixels, weighted by their values. The confidence is the share
    of the map's whole weight in the square that reaches a twentieth of its width to each side of the
    centre: near 1 for one sharp peak, low for a smeared map or one with several peaks. It does not depend
    on the map's scale. An empty map gives its middle, with confidence 0.
    """
    faces, eyes, height, width = heatmaps.shape
    maps = heatmaps.reshape(faces * eyes, -1)
    places = _largest(maps, strongest)
    weights = maps[np.arange(len(maps))[:, None], places].astype(np.float64)
    total = weights.sum(1)
    filled = total > 0
    total[~filled] = 1
    x = np.where(filled, (weights * (places % width)).sum(1) / total, (width - 1) / 2)
    y = np.where(filled, (weights * (places // width)).sum(1) / total, (height - 1) / 2)
    reach = round(width * NEAR)
    column, row = np.rint(x).astype(int), np.rint(y).astype(int)
    inside = [
        grid[max(0, r - reach) : r + reach + 1, max(0, c - reach) : c + reach + 1].sum()
        for grid, c, r in zip(maps.reshape(-1, height, width), column, row, strict=True)
    ]
    confidence = np.array(inside) / np.where(filled, maps.sum(1), 1)
    return (
        np.stack([x, y], 1).reshape(faces, eyes, 2).astype(np.float32),
        np.clip(confidence, 0, 1).reshape(faces, eyes).astype(np.float32),
    )


def moved_right(centres: EyesOfFaces, share: float) -> EyesOfFaces:
    """Eye centres (n, 2, 2) moved along the line from right to left eye, by `share` of their distance."""
    line = centres[:, :1] - centres[:, 1:]
    moved: EyesOfFaces = centres + np.float32(share) * line
    return moved


def _largest(maps: Maps, count: int) -> Indices:
    """(m, count): the places of the largest values of each of m maps (m, pixels) >= 0, in no certain order.

    Most of a map is faint. To leave that out first takes a tenth of the time of a search through everything,
    which many equal values make slow.
    """
    places = np.empty((len(maps), count), np.intp)
    for row, values, most in zip(places, maps, maps.max(1), strict=True):
        bright = np.flatnonzero(values > FAINT * most)
        if len(bright) < count:
            bright = np.arange(values.size)
        row[:] = bright[np.argpartition(values[bright], -count)[-count:]]
    return places


class EyeLocator:
    """Finds both eye centres of all faces of a picture, in one batch. It keeps nothing between pictures."""

    def __init__(self, model: Model) -> None:
        """`model` has the task `eye-centres`."""
        self.model = model

    def locate(self, image: Image | Grey, detections: Sequence[Detection]) -> tuple[EyesOfFaces, Confidence]:
        """Centres (n, 2, 2): left, right eye in pixels of `image`, and confidence (n, 2), 0..1.

        `image` is the whole picture, BGR or grey, in which `detections` are n >= 0 faces. Where the network
        sees nothing at all (confidence 0) the centre is the detector's. What the network puts too far right,
        by its card, is taken off. Raises ModelError when the network gives values that are not finite.
        """
        if not detections:
            return np.empty((0, 2, 2), np.float32), np.empty((0, 2), np.float32)
        crops = crop_faces(image, (face.eyes for face in detections), self.model.card.crop)
        (heatmaps,) = self.model.run(crops.batch)
        centres, confidence = decode(heatmaps)
        for i, to_crop in enumerate(crops.to_crop):
            centres[i] = apply(inverse(to_crop), centres[i])
        centres = moved_right(centres, -self.model.card.too_far_right)
        for i, eye in np.argwhere(confidence == 0).tolist():
            centres[i, eye] = detections[i].eyes[eye]
        return centres, confidence
