"""Faces of several data sets in one, whatever the size of their pictures."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from export.data.arrays import EyesOfFaces, Floats, Greys
from export.data.faces import Faces


def join(parts: Sequence[Faces]) -> Faces:
    """All faces of `parts`, in order, in pictures as large as the largest of them.

    Smaller pictures are padded by repeating their border, which is what the alignment sees outside a picture
    anyway: their crops stay as they were. In a part whose `rated` is None every face counts 1.
    """
    side = max(part.images.shape[1] for part in parts)
    padding = [padded(part, side) for part in parts]
    return Faces(
        np.concatenate([images for images, _ in padding]),
        np.concatenate([eyes for _, eyes in padding]),
        np.concatenate([part.found for part in parts]),
        np.concatenate([part.votes for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.va for part in parts]),
        np.concatenate([part.repeated for part in parts]),
        np.concatenate([counting(part) for part in parts]),
    )


def counting(faces: Faces) -> Floats:
    """(n,) float32, 0..1: how much the valence and arousal of each face count; 1 where nothing says it."""
    return np.ones(len(faces), np.float32) if faces.rated is None else faces.rated


def padded(faces: Faces, side: int) -> tuple[Greys, EyesOfFaces]:
    """(n, side, side) pictures that hold the faces' own pictures in their middle, and the eyes in them."""
    before = (side - faces.images.shape[1]) // 2
    after = side - faces.images.shape[1] - before
    images = np.empty((len(faces), side, side), np.uint8)
    for row, image in enumerate(faces.images):
        images[row] = cv2.copyMakeBorder(image, before, after, before, after, cv2.BORDER_REPLICATE)
    return images, (faces.eyes + before).astype(np.float32)
