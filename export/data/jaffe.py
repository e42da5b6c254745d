"""JAFFE (Lyons et al., FG 1998): ten women, seven expressions.

Layout: picture files such as KA.AN1.39.tiff, anywhere in the folder: person, expression and number, picture
number.
"""

from __future__ import annotations

from pathlib import Path

from app.types import EXPRESSIONS
from export.data import pictures
from export.data.faces import Faces
from export.data.subjects import in_part

LABELS = {
    "NE": "neutral",
    "HA": "happy",
    "SA": "sad",
    "SU": "surprise",
    "FE": "fear",
    "DI": "disgust",
    "AN": "anger",
}


def load(folder: Path, part: str, cache: Path) -> Faces:
    """The faces of `part` "train" or "test" in `folder`: every fifth person is kept for the test.

    `cache` is a folder that keeps what was found in the pictures. Raises FileNotFoundError, in one sentence,
    with the folder to look in.
    """
    found = sorted(path for path in folder.rglob("*.tiff") if path.name[3:5] in LABELS)
    if not found:
        raise FileNotFoundError(f"{folder} has no pictures such as KA.AN1.39.tiff; put JAFFE there.")
    subjects = [path.name[:2] for path in found]
    paths = [p for p, subject in zip(found, subjects, strict=True) if in_part(subject, subjects, part)]
    labels = [EXPRESSIONS.index(LABELS[path.name[3:5]]) for path in paths]
    return pictures.read(paths, labels, None, cache / f"jaffe-{part}.npz")
