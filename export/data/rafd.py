"""The frontal pictures of the Radboud Faces Database (Langner et al., Cognition and Emotion 24(8), 2010).

Layout: pictures named Rafd090_01_Caucasian_female_angry_frontal.jpg: the camera's angle (90 is in front), the
number of the person, a group, the sex, the expression, and where the eyes look.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from app.stages import align
from app.stages.align import CropShape
from export.data import kept
from export.data.arrays import Labels
from export.data.detector import app_detector
from export.data.errors import DataError
from export.data.pictures import find, picture

WORDS = ("neutral", "happy", "sad", "surprised", "fearful", "disgusted", "angry", "contemptuous")
"""The names of our EXPRESSIONS in the files, in our order."""
FRONT = "090"
KEPT = 10  # of so many pictures one is not learnt from, as in the eye-centre thesis, section 5.4.1


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """n aligned pictures of one part."""

    pictures: NDArray[np.uint8]  # (n, 3, size, size): red, green, blue
    labels: Labels


def label(name: str) -> int | None:
    """The expression of the picture called `name`, an index into EXPRESSIONS; None unless it is frontal.

    Raises DataError for a name that is not one of the database.
    """
    words = Path(name).stem.split("_")
    if len(words) != 6 or not words[0].startswith("Rafd") or words[4] not in WORDS:
        raise DataError(f"{name} is not named as the pictures of RaFD are; take it out of the folder.")
    return WORDS.index(words[4]) if words[0].removeprefix("Rafd") == FRONT else None


def load(folder: Path, cache: Path, shape: CropShape) -> tuple[Part, Part]:
    """Nine tenths of the frontal pictures in `folder` to learn from, and the others, cut out to `shape`.

    Pictures without a face are left out. The crops are kept in the folder `cache`. Raises FileNotFoundError,
    in one sentence, when there are none, and DataError for a file with another name.
    """
    found = [(path, label(path.name)) for path in sorted(folder.glob("*.jpg"))]
    front = [(path, number) for path, number in found if number is not None]
    if not front:
        raise FileNotFoundError(f"{folder} is missing or has no frontal picture; put RaFD there.")
    pictures, held = _crops([path for path, _ in front], shape, cache / f"rafd-{shape.size}.npz")
    labels = np.array([number for _, number in front], np.int64)
    order = np.random.default_rng(0).permutation(np.flatnonzero(held))
    aside = len(order) // KEPT
    learn, others = (Part(pictures[rows], labels[rows]) for rows in (order[aside:], order[:aside]))
    return learn, others


def _crops(paths: list[Path], shape: CropShape, cache: Path) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """(n, 3, size, size) red, green, blue, and (n,) whether a face was found."""
    size = shape.size
    digest = hashlib.sha256(
        "\n".join([str(shape), *(f"{p} {p.stat().st_size}" for p in paths)]).encode()
    ).hexdigest()
    if (cut := kept.read(cache, digest, "pictures", "found")) is not None:
        return cut[0], cut[1]
    pictures = np.zeros((len(paths), 3, size, size), np.uint8)
    found = np.zeros(len(paths), bool)
    detector = app_detector(max_faces=1, still=True)
    try:
        for row, path in enumerate(tqdm(paths, "crops: rafd", unit="face")):
            image = picture(path)
            eyes = find(detector, image)
            if eyes is None:
                continue
            crop = align.warp(image, align.similarity(eyes, shape), size)
            pictures[row] = cv2.cvtColor(crop, cv2.COLOR_BGR2RGB).transpose(2, 0, 1)
            found[row] = True
    finally:
        detector.close()
    kept.write(cache, digest, pictures=pictures, found=found)
    return pictures, found
