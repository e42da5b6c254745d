"""Eyes of training pictures, found by the app's own detector, so that training crops are the app's crops."""

from __future__ import annotations

import hashlib
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from app.stages.detect import Detector
from export.data import kept as store
from export.data.arrays import Eyes, EyesOfFaces, Grey, Greys, Image, Mask
from export.data.detector import app_detector
from export.data.errors import DataError

PAD = 0.25  # of the picture's side, on each edge: MediaPipe needs some room around a face
ENLARGE = 8
PROBES = 32  # faces by which an older answer is checked against today's detector


def find_eyes(images: Greys, cache: Path) -> tuple[EyesOfFaces, Mask]:
    """Eye centres (n, 2, 2), left and right in pixels of each picture, and (n,) whether the face was found.

    `images` is (n, side, side) uint8 grey, each filled by one face. Where none is found, the eyes are the
    mean of those found. The answer is kept in `cache` (an .npz), and read back for the same pictures as long
    as the app still finds the first few where it found them. Raises DataError when no picture has a face.
    """
    digest = hashlib.sha256(np.ascontiguousarray(images).tobytes()).hexdigest()
    kept = store.read(cache, digest, "eyes", "found")
    detector = app_detector(max_faces=1, still=True)
    try:
        if kept and _as_before(detector, images[:PROBES], *kept):
            return kept[0], kept[1]
        eyes = np.array(
            [_eyes(detector, image) for image in tqdm(images, f"eyes: {cache.stem}", unit="face")]
        )
    finally:
        detector.close()
    found = np.isfinite(eyes).all((1, 2))
    if not found.any():
        raise DataError("No face was found in any of these pictures, so they cannot be aligned.")
    eyes[~found] = eyes[found].mean(0)
    eyes = eyes.astype(np.float32)
    store.write(cache, digest, eyes=eyes, found=found)
    return eyes, found


def _as_before(detector: Detector, images: Greys, eyes: EyesOfFaces, found: Mask) -> bool:
    """Whether the detector still gives what is kept for these first `images`."""
    for image, before, was_found in zip(images, eyes, found, strict=False):
        now = _eyes(detector, image)
        if np.isfinite(now).all() != was_found or (was_found and np.abs(now - before).max() > 0.05):
            return False
    return True


def _eyes(detector: Detector, image: Grey) -> Eyes:
    """Left and right eye in pixels of `image`, or NaN; looked for in a padded, enlarged picture."""
    faces = detector.detect(enlarged(image))
    if not faces:
        return np.full((2, 2), np.nan)
    eyes: Eyes = (faces[0].eyes + 0.5) / ENLARGE - 0.5 - round(PAD * len(image))
    return eyes


def enlarged(image: Grey) -> Image:
    """A (side, side) grey picture as BGR, padded by PAD of its side and ENLARGE times as large, for the
    detector."""
    pad = round(PAD * len(image))
    padded = cv2.copyMakeBorder(image, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    large = cv2.resize(padded, None, fx=ENLARGE, fy=ENLARGE, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.cvtColor(large, cv2.COLOR_GRAY2BGR), np.uint8)
