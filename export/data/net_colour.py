"""The faces of net_7876 in colour, each with the expression that the affect network names: a pseudo-label.

No person has labelled the expressions of net_7876, so what learns from these knows no more of expressions
than the network that named them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from app.stages import align
from app.stages.align import CropShape
from app.stages.models import Model
from export.data import kept, net7876, pictures
from export.data.detector import app_detector
from export.data.net_faces import near
from export.data.rafd import Part

SURE = 0.5  # probability that the named expression has at least, as of the votes on FER+


def load(folder: Path, cache: Path, shape: CropShape, model: Model) -> tuple[Part, Part]:
    """Nine tenths of the faces of net_7876-train in `folder` to learn from, and the others, cut to `shape`.

    `model` is an affect network. A face is left out where the app's detector does not find it at its labels,
    or where no expression has the probability SURE. Crops and labels are kept in the folder `cache`. Raises
    FileNotFoundError when the data is missing, DataError when it cannot be used, and ModelError.
    """
    faces = net7876.load(folder, "train")
    said = hashlib.sha256(f"{shape} {model.card.sha256}".encode())
    for encoded in faces.encoded:
        said.update(encoded)
    path = cache / f"net_7876-colour-{shape.size}.npz"
    found = kept.read(path, said.hexdigest(), "pictures", "probs")
    if found is None:
        found = _cut(faces, shape, model)
        kept.write(path, said.hexdigest(), pictures=found[0], probs=found[1])
    crops, probs = found
    learn, choose = net7876.split(len(probs), seed=0)
    sure = probs.max(1) >= SURE
    rows = learn[sure[learn]], choose[sure[choose]]
    first, second = (Part(crops[part], probs[part].argmax(1)) for part in rows)
    return first, second


def _cut(
    faces: net7876.Faces, shape: CropShape, model: Model
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """(n, 3, size, size) red, green, blue, and (n, 8) probabilities, all 0 where no face was found."""
    crops = np.zeros((len(faces), 3, shape.size, shape.size), np.uint8)
    probs = np.zeros((len(faces), 8), np.float32)
    place, small = model.card.outputs.index("probs"), model.card.crop
    detector = app_detector(max_faces=1, still=True)
    try:
        for row in tqdm(range(len(faces)), "net_7876 in colour", unit="face"):
            image = faces.colour(row)
            eyes = pictures.find(detector, image)
            if eyes is None or not near(eyes, faces.eyes[row]):
                continue
            crop = align.warp(image, align.similarity(eyes, shape), shape.size)
            crops[row] = cv2.cvtColor(crop, cv2.COLOR_BGR2RGB).transpose(2, 0, 1)
            seen = align.warp(image, align.similarity(eyes, small), small.size)
            grey = np.asarray(cv2.cvtColor(seen, cv2.COLOR_BGR2GRAY), np.uint8)
            probs[row] = model.run(grey[None, None])[place][0]
    finally:
        detector.close()
    return crops, probs
