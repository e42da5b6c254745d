"""Landmarks of pictures that one face fills, found by the app's landmark network, kept on the disk."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from tqdm import tqdm

from app.stages.detect import detection_of
from app.stages.faces.find_landmarks import LandmarkFinder
from app.stages.faces.region import Regions, around_faces
from app.stages.faces.thresholds import PRESENCE
from app.stages.models import load
from app.types import LANDMARKS
from export.data import kept as store
from export.data.align import ENLARGE, PAD, enlarged
from export.data.arrays import Greys, LandmarksOfFaces, Mask
from export.data.places import MODELS

SIDE = 1.3  # of the first region, in sides of the picture


def find_landmarks(images: Greys, cache: Path) -> tuple[LandmarksOfFaces, Mask]:
    """Landmarks (n, 478, 3) in pixels of each picture, and (n,) whether the network sees a face; else they
    are 0.

    `images` is (n, side, side) uint8 grey, each filled by one face. They are looked for in the whole picture,
    then twice around themselves, as from frame to frame of a video. The answer is kept in `cache` (an .npz)
    and read back for the same pictures.
    """
    digest = hashlib.sha256(np.ascontiguousarray(images).tobytes()).hexdigest()
    if kept := store.read(cache, digest, "landmarks", "found"):
        return kept[0], kept[1]
    landmarks = np.zeros((len(images), LANDMARKS, 3), np.float32)
    found = np.zeros(len(images), bool)
    finder = LandmarkFinder(load(MODELS / "landmarks.toml", "face-landmarks"))
    side = images.shape[1]
    before = np.array([1.0, 1.0, 0.0], np.float32) * round(PAD * side)
    half = np.array([0.5, 0.5, 0.0], np.float32)  # pixel centres; z has none
    middle = (side / 2 + before[:2]) * ENLARGE - half[:2]
    whole = Regions(
        middle[None].astype(np.float64), np.array([SIDE * side * ENLARGE]), np.array([[1.0, 0.0]])
    )
    for row, image in enumerate(tqdm(images, f"landmarks: {cache.stem}", unit="face")):
        picture, region = enlarged(image), whole
        for _ in range(3):
            (seen,), (presence,) = finder.find(picture, region)
            region = around_faces((detection_of(seen),))
        if presence > PRESENCE:
            landmarks[row] = (seen + half) / ENLARGE - half - before
            found[row] = True
    finder.close()
    store.write(cache, digest, landmarks=landmarks, found=found)
    return landmarks, found
