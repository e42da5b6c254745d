"""Labelled faces in memory, whatever data set they come from."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from app.stages.align import CropShape
from export.data.arrays import EyesOfFaces, Floats, Grey, Greys, Labels, Mask, Plane, Probs, Rows
from export.data.circumplex import expectation
from export.data.crops import aligned


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """n grey pictures with what is known of them; every array has one row a picture."""

    images: Greys  # (n, h, w) uint8 grey
    eyes: EyesOfFaces  # (n, 2, 2) float32: left, right in pixels of the picture
    found: Mask  # (n,) bool: the detector found this face; else the eyes are a mean
    votes: Probs  # (n, 8) float32 in the order of EXPRESSIONS, each row sums to 1
    labels: Labels  # (n,) int64: the majority, an index into EXPRESSIONS
    va: Plane  # (n, 2) float32: valence, arousal, -1..1
    repeated: Mask  # (n,) bool: the training part has the same pixels
    rated: Floats | None = None  # (n,) float32, 0..1: how much `va` counts; None: all faces alike
    outlines: Floats | None = None  # (n, 24, 2) float32: points around eyes and mouth; see outlines.py

    def __len__(self) -> int:
        """The number n of faces."""
        return len(self.images)

    def take(self, rows: Rows) -> Faces:
        """The faces at `rows`, which are indices or a mask (n,), in that order."""
        return Faces(
            self.images[rows],
            self.eyes[rows],
            self.found[rows],
            self.votes[rows],
            self.labels[rows],
            self.va[rows],
            self.repeated[rows],
            None if self.rated is None else self.rated[rows],
            None if self.outlines is None else self.outlines[rows],
        )

    def crops(self, shape: CropShape) -> Greys:
        """(n, size, size) uint8 grey: every face cut out as the app cuts it out, for the crop that `shape`
        says."""
        return aligned(self.images, self.eyes, shape)[0][:, 0]


def made_up(count: int, seed: int = 0) -> Faces:
    """`count` drawn faces whose mouth tells the expression: enough to run every step of a training in
    seconds.

    The same `seed` gives the same faces; the expressions take turns in the order of EXPRESSIONS.
    """
    rng = np.random.default_rng(seed)
    labels = np.arange(count, dtype=np.int64) % 8
    images = np.full((count, 48, 48), 90, np.uint8)
    image: Grey
    for image, label in zip(images, labels.tolist(), strict=True):
        cv2.ellipse(image, (24, 25), (17, 22), 0, 0, 360, (170,), -1)
        for x in (15, 32):
            cv2.circle(image, (x, 19), 2, (40,), -1)
        cv2.ellipse(image, (24, 37), (3 + label, 1 + label % 4), 0, 0, 360, (60,), -1)
        image += rng.integers(0, 8, image.shape, np.uint8)
    eyes = np.tile(np.array([[32, 19], [15, 19]], np.float32), (count, 1, 1))
    votes = np.full((count, 8), 0.02, np.float32)
    votes[np.arange(count), labels] = 0.86
    flags = np.ones(count, bool)
    return Faces(images, eyes, flags, votes, labels, expectation(votes), ~flags)
