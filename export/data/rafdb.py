"""RAF-DB, basic expressions (Li, Deng, Du, CVPR 2017).

Layout: basic/EmoLabel/list_patition_label.txt with "train_00001.jpg 5" lines, and the aligned pictures
basic/Image/aligned/train_00001_aligned.jpg.
"""

from __future__ import annotations

from pathlib import Path

from app.types import EXPRESSIONS
from export.data import pictures
from export.data.faces import Faces

LABELS = ("surprise", "fear", "disgust", "happy", "sad", "anger", "neutral")  # numbered from 1


def load(folder: Path, part: str, cache: Path) -> Faces:
    """The faces of "train" or "test". Raises FileNotFoundError with the file that is missing."""
    table = folder / "basic" / "EmoLabel" / "list_patition_label.txt"
    if not table.exists():
        raise FileNotFoundError(f"{table} is missing; put RAF-DB in {folder}.")
    lines = [line.split() for line in table.read_text("utf-8").splitlines() if line.startswith(part)]
    place = folder / "basic" / "Image" / "aligned"
    paths = [place / f"{Path(name).stem}_aligned.jpg" for name, _ in lines]
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"{path} is missing; unpack RAF-DB again.")
    labels = [EXPRESSIONS.index(LABELS[int(number) - 1]) for _, number in lines]
    return pictures.read(paths, labels, None, cache / f"rafdb-{part}.npz")
