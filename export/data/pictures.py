"""Labelled picture files of any size and colour to Faces: found, aligned and cut out as the app does it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from app.stages import align
from app.stages.align import CropShape
from app.stages.detect import Detector
from export.data import kept
from export.data.arrays import Eyes, Greys, Image, Mask, Plane
from export.data.circumplex import expectation
from export.data.detector import app_detector
from export.data.errors import DataError
from export.data.faces import Faces

CANVAS = CropShape(96, 32.0, 36.0)
"""Each face is kept with a wide margin, so that motion in training stays inside it."""
SMALL = 400  # pixels; smaller pictures are enlarged for the detector, with a margin of a quarter


def read(paths: Sequence[Path], labels: Sequence[int], va: Plane | None, cache: Path) -> Faces:
    """Faces of the pictures at `paths`, with labels into EXPRESSIONS and, where known, rated va (n, 2).

    Where no face is found, its eyes are taken where those of the others are on average. The canvases are kept
    in `cache` (an .npz). Raises FileNotFoundError for a picture that cannot be read, DataError when no
    picture shows a face.
    """
    digest = hashlib.sha256("\n".join(f"{p} {p.stat().st_size}" for p in paths).encode()).hexdigest()
    cut = kept.read(cache, digest, "images", "found")
    if cut is None:
        cut = _cut(paths, cache.stem)
        kept.write(cache, digest, images=cut[0], found=cut[1])
    images, found = cut
    chosen = np.array(labels, np.int64)
    votes = np.eye(8, dtype=np.float32)[chosen]
    return Faces(
        images,
        np.tile(canvas_eyes(), (len(paths), 1, 1)),
        found,
        votes,
        chosen,
        expectation(votes) if va is None else va.astype(np.float32),
        np.zeros(len(paths), bool),
    )


def canvas_eyes() -> Eyes:
    """(2, 2) float32: the subject's left and right eye on a canvas of shape CANVAS, x, y in its pixels."""
    half, middle = CANVAS.eye_distance / 2, (CANVAS.size - 1) / 2
    return np.array([[middle + half, CANVAS.eye_row], [middle - half, CANVAS.eye_row]], np.float32)


def _cut(paths: Sequence[Path], what: str) -> tuple[Greys, Mask]:
    """Canvases (n, 96, 96) uint8 and (n,) whether the face was found."""
    detector = app_detector(max_faces=1, still=True)
    shares = np.full((len(paths), 2, 2), np.nan)  # eyes as shares of the picture's width and height
    try:
        for row, path in enumerate(tqdm(paths, f"eyes: {what}", unit="face")):
            image = picture(path)
            eyes = find(detector, image)
            if eyes is not None:
                shares[row] = eyes / image.shape[1::-1]
    finally:
        detector.close()
    found = np.isfinite(shares).all((1, 2))
    if not found.any():
        raise DataError("No face was found in any of these pictures, so they cannot be aligned.")
    shares[~found] = shares[found].mean(0)
    images = np.empty((len(paths), CANVAS.size, CANVAS.size), np.uint8)
    for row, path in enumerate(tqdm(paths, f"crops: {what}", unit="face")):
        image = picture(path)
        transform = align.similarity(shares[row] * image.shape[1::-1], CANVAS)
        images[row] = cv2.cvtColor(align.warp(image, transform, CANVAS.size), cv2.COLOR_BGR2GRAY)
    return images, found


def picture(path: Path) -> Image:
    """The picture file at `path` as (h, w, 3) uint8 BGR. Raises FileNotFoundError when it is missing or
    broken."""
    data = np.fromfile(path, np.uint8) if path.is_file() else np.empty(0, np.uint8)
    image = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if image is None:
        raise FileNotFoundError(f"{path} is missing or no picture; unpack the data set again.")
    return np.asarray(image, np.uint8)


def find(detector: Detector, image: Image) -> Eyes | None:
    """The eyes (2, 2), left and right, of the face in a BGR `image`, in its pixels; None when there is no
    face.

    A small picture is shown to the detector enlarged and with a margin.
    """
    side = min(image.shape[:2])
    factor = max(1, -(-SMALL // side))
    pad = side // 4 if factor > 1 else 0
    large = cv2.copyMakeBorder(image, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    large = cv2.resize(large, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    faces = detector.detect(np.asarray(large, np.uint8))
    return (faces[0].eyes + 0.5) / factor - 0.5 - pad if faces else None
