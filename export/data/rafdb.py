"""RAF-DB, basic expressions (Li, Deng, Du, CVPR 2017).

Layout: basic/EmoLabel/list_patition_label.txt with "train_00001.jpg 5" lines, and the aligned pictures
basic/Image/aligned/train_00001_aligned.jpg.
"""

from __future__ import annotations

from pathlib import Path

from app.types import EXPRESSIONS
from export.data import pictures
from export.data.errors import DataError
from export.data.faces import Faces

LABELS = ("surprise", "fear", "disgust", "happy", "sad", "anger", "neutral")  # numbered from 1


def load(folder: Path, part: str, cache: Path) -> Faces:
    """The faces of `part` "train" or "test" in `folder`; valence and arousal follow from the expression.

    `cache` is a folder that keeps what was found in the pictures. Raises FileNotFoundError, in one sentence,
    with the file that is missing, and DataError when the list is not as published.
    """
    table = folder / "basic" / "EmoLabel" / "list_patition_label.txt"
    if not table.exists():
        raise FileNotFoundError(f"{table} is missing; put RAF-DB in {folder}.")
    lines = [line.split() for line in table.read_text("utf-8").splitlines() if line.startswith(part)]
    place = folder / "basic" / "Image" / "aligned"
    paths = [place / f"{Path(name).stem}_aligned.jpg" for name, _ in lines]
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"{path} is missing; unpack RAF-DB again.")
    try:
        labels = [EXPRESSIONS.index(LABELS[int(number) - 1]) for _, number in lines]
    except (ValueError, IndexError) as error:
        raise DataError(f"{table.name} has a label that is not 1 to 7; unpack RAF-DB again.") from error
    return pictures.read(paths, labels, None, cache / f"rafdb-{part}.npz")
