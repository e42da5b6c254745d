"""Faces of FER+ with their landmarks and the expression that most voters saw."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.types import EXPRESSIONS
from export.data import fer
from export.data.arrays import Labels, LandmarksOfFaces, Mask
from export.data.landmarks import find_landmarks


@dataclass(frozen=True, slots=True, eq=False)
class LandmarkedFaces:
    """n faces in which the landmark network sees one."""

    landmarks: LandmarksOfFaces  # (n, 478, 3) in pixels
    labels: Labels  # (n,) indices into EXPRESSIONS

    def __len__(self) -> int:
        """The number n of faces."""
        return len(self.labels)

    def showing(self, *words: str) -> Mask:
        """(n,) bool: whose expression is one of `words`."""
        return np.isin(self.labels, [EXPRESSIONS.index(word) for word in words])


def load(part: fer.Part, data: Path, cache: Path) -> LandmarkedFaces:
    """The faces of a part of FER+ whose majority is one of the 8 expressions, without those that are also in
    Training.

    `data` is the folder of the data, `cache` one that keeps the landmarks, which takes some minutes to find.
    Raises FileNotFoundError when the data is missing, DataError when it cannot be used.
    """
    images, labels, repeated = fer.pictures(part, data)
    landmarks, found = find_landmarks(images, cache / f"fer2013plus-{part}-landmarks.npz")
    kept = found if part == "Training" else found & ~repeated
    return LandmarkedFaces(landmarks[kept], labels[kept])
