"""Outlines of eyes and mouth: 24 landmarks a face, found by the app's own detector, and the masks they bound.

Antoniadis 2021, section 5.1.2, teaches a network where eyes and mouth are, beside the expression. He takes
six landmarks an eye and twelve of the mouth; so do we, from the face mesh.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from app.stages import align
from app.stages.landmarks import LEFT_EYE, RIGHT_EYE
from export.data import kept
from export.data.align import ENLARGE, PAD, enlarged
from export.data.arrays import EyesOfFaces, Floats, Grey, Greys, Matrix, Points
from export.data.detector import app_detector
from export.data.errors import DataError

MOUTH = (61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91)
"""The outer edge of the lips, once around, from the person's right corner."""
RINGS = (slice(0, 6), slice(6, 12), slice(12, 24))
"""Which of the 24 points go around the left eye, the right eye and the mouth."""
EIGHTHS = 3  # bits of a pixel's fraction when a mask is filled


def find(images: Greys, cache: Path) -> Floats:
    """(n, 24, 2) float32: the outlines in pixels of each of n pictures, in the order of RINGS.

    `images` is (n, side, side) grey, each filled by one face. Where none is found, the points are the mean of
    those found. The answer is kept in `cache` (an .npz) for the same pictures; finding takes minutes. Raises
    DataError when no picture has a face.
    """
    digest = hashlib.sha256(np.ascontiguousarray(images).tobytes()).hexdigest()
    known = kept.read(cache, digest, "outlines")
    if known is not None:
        return known[0]
    detector = app_detector(max_faces=1, still=True)
    marks = np.full((len(images), 24, 2), np.nan)
    chosen = [*LEFT_EYE, *RIGHT_EYE, *MOUTH]
    try:
        for row, image in enumerate(tqdm(images, f"outlines: {cache.stem}", unit="face")):
            for face in detector.detect(enlarged(image))[:1]:
                marks[row] = (face.landmarks[chosen, :2] + 0.5) / ENLARGE - 0.5 - round(PAD * len(image))
    finally:
        detector.close()
    found = np.isfinite(marks).all((1, 2))
    if not found.any():
        raise DataError("No face was found in any of these pictures, so none has an outline.")
    marks[~found] = marks[found].mean(0)
    outlines = marks.astype(np.float32)
    kept.write(cache, digest, outlines=outlines)
    return outlines


def mask(outline: Points, to_crop: Matrix, size: int, mirrored: bool) -> Grey:
    """(size, size) uint8: 1 inside the eyes and the mouth, 0 elsewhere.

    `outline` (24, 2) is in pixels of a picture, `to_crop` goes from these to the crop's, which is mirrored
    afterwards if `mirrored` says so.
    """
    points = align.apply(to_crop, outline)
    drawn = np.zeros((size, size), np.uint8)
    rings = [np.rint(points[ring] * (1 << EIGHTHS)).astype(np.int32) for ring in RINGS]
    for ring in rings:
        cv2.fillPoly(drawn, [ring], (1,), shift=EIGHTHS)
    return drawn[:, ::-1] if mirrored else drawn


def made_up(eyes: EyesOfFaces) -> Floats:
    """(n, 24, 2) outlines for drawn faces with these (n, 2, 2) eyes: rings around both and below them."""
    turns = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    circle = np.stack([np.cos(turns), np.sin(turns)], 1)
    left, right = eyes[:, :1], eyes[:, 1:]
    lips = (left + right) / 2 + np.array([0.0, 18.0])
    rings = [left + 3 * circle[::2], right + 3 * circle[::2], lips + circle * np.array([6.0, 3.0])]
    return np.concatenate(rings, 1).astype(np.float32)
