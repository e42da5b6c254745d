"""CK+ (Lucey et al., CVPR workshops 2010): sequences from neutral to the peak of an expression.

Layout: cohn-kanade-images/S005/001/S005_001_00000001.png ..., and for the labelled ones
Emotion/S005/001/S005_001_00000011_emotion.txt with one number. As usual the first picture of a sequence is
taken as neutral and the last three as its expression.
"""

from __future__ import annotations

from pathlib import Path

from app.types import EXPRESSIONS
from export.data import pictures
from export.data.faces import Faces
from export.data.subjects import in_part

LABELS = ("neutral", "anger", "contempt", "disgust", "fear", "happy", "sad", "surprise")


def load(folder: Path, part: str, cache: Path) -> Faces:
    """The faces of `part` "train" or "test" in `folder`: every fifth person is kept for the test.

    `cache` is a folder that keeps what was found in the pictures. Raises FileNotFoundError, in one sentence,
    with what is missing.
    """
    found = sorted((folder / "Emotion").glob("S*/*/*_emotion.txt"))
    if not found:
        raise FileNotFoundError(f"{folder / 'Emotion'} has no labels; put CK+ in {folder}.")
    subjects = [path.parts[-3] for path in found]
    paths: list[Path] = []
    labels: list[int] = []
    for label, subject in zip(found, subjects, strict=True):
        if not in_part(subject, subjects, part):
            continue
        shown = sorted((folder / "cohn-kanade-images" / subject / label.parts[-2]).glob("*.png"))
        if len(shown) < 4:
            raise FileNotFoundError(f"The pictures of {label.name} are missing; unpack CK+ again.")
        expression = EXPRESSIONS.index(LABELS[int(float(label.read_text("utf-8")))])
        paths += [shown[0], *shown[-3:]]
        labels += [EXPRESSIONS.index("neutral"), *[expression] * 3]
    return pictures.read(paths, labels, None, cache / f"ckplus-{part}.npz")
