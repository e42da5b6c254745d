"""The faces of net_7876 as affect learns from them: cut out as the app does it, without any votes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from app.stages import align
from export.data import kept, net7876, pictures
from export.data.arrays import Eyes, Greys, Mask
from export.data.detector import app_detector
from export.data.pictures import CANVAS

FAR = 0.5  # eye distances from the labels: what is found farther off is another face


def load(folder: Path, cache: Path) -> tuple[tuple[str, ...], Greys, Mask]:
    """Names (n,), canvases (n, 96, 96) uint8 grey of shape `pictures.CANVAS`, and (n,) whether the face was
    found, for all faces of net_7876-train.csv in `folder`.

    The app's detector finds the eyes; where it does not, those of the labels are taken. The canvases are kept
    in `cache` (an .npz). Raises FileNotFoundError when the data is missing and DataError when it cannot be
    used.
    """
    faces = net7876.load(folder, "train")
    digest = hashlib.sha256(b"".join(faces.encoded)).hexdigest()
    cut = kept.read(cache, digest, "images", "found")
    if cut is None:
        cut = _cut(faces)
        kept.write(cache, digest, images=cut[0], found=cut[1])
    return faces.names, cut[0], cut[1]


def _cut(faces: net7876.Faces) -> tuple[Greys, Mask]:
    """Canvases and (n,) whether the detector found the labelled face."""
    images = np.empty((len(faces), CANVAS.size, CANVAS.size), np.uint8)
    found = np.zeros(len(faces), bool)
    detector = app_detector(max_faces=1, still=True)
    try:
        for row in tqdm(range(len(faces)), "faces of net_7876", unit="face"):
            picture, labelled = faces.colour(row), faces.eyes[row]
            eyes = pictures.find(detector, picture)
            found[row] = eyes is not None and near(eyes, labelled)
            transform = align.similarity(eyes if found[row] and eyes is not None else labelled, CANVAS)
            images[row] = cv2.cvtColor(align.warp(picture, transform, CANVAS.size), cv2.COLOR_BGR2GRAY)
    finally:
        detector.close()
    return images, found


def near(eyes: Eyes, labelled: Eyes) -> bool:
    """Whether both `eyes` (2, 2) are within half an eye distance of the `labelled` ones."""
    distance = np.hypot(*(labelled[0] - labelled[1]))
    return bool((np.hypot(*(eyes - labelled).T) < FAR * distance).all())
