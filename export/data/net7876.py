"""net_7876: web faces with a face box and eye centres (Sun, Wang, Tang, CVPR 2013).

Layout: net_7876.zip with JPEG pictures, net_7876-train.csv and net_7876-test.csv (a row a face).
"""

from __future__ import annotations

import csv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

# Mean eye centres in a face box, in box widths from its upper left corner: subject's left, right eye.
# Measured on net_7876-train.csv.
EYES_IN_BOX = np.array([[0.737, 0.250], [0.270, 0.255]])
# Eye distances: how far the labels of both eyes stand to the picture's right of where a network without this
# correction, kept symmetric by flips, puts them. Measured on net_7876-train.csv.
LABEL_SHIFT = 0.0065


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Pictures with one labelled face each."""

    names: tuple[str, ...]
    encoded: tuple[bytes, ...]  # the JPEG or PGM files as they are
    eyes: np.ndarray  # (n, 2, 2) float64: subject's left, right eye centre, x, y in pixels
    boxes: np.ndarray | None  # (n, 4) float64: x0, y0, x1, y1; None where the database has none

    def __len__(self) -> int:
        return len(self.names)

    def colour(self, index: int) -> np.ndarray:
        """(height, width, 3) uint8 BGR."""
        return cv2.imdecode(np.frombuffer(self.encoded[index], np.uint8), cv2.IMREAD_COLOR)

    def grey(self, index: int) -> np.ndarray:
        """(height, width) uint8, converted from BGR as the app does it."""
        return cv2.cvtColor(self.colour(index), cv2.COLOR_BGR2GRAY)

    def part(self, rows: np.ndarray) -> Faces:
        """The faces in `rows`, in that order."""
        boxes = None if self.boxes is None else self.boxes[rows]
        names, encoded = (tuple(items[i] for i in rows) for items in (self.names, self.encoded))
        return Faces(names, encoded, self.eyes[rows], boxes)

    def guesses(self) -> np.ndarray:
        """(n, 2, 2): left, right eye where they lie on average in the face box."""
        assert self.boxes is not None
        width = self.boxes[:, 2] - self.boxes[:, 0]
        return self.boxes[:, None, :2] + EYES_IN_BOX * width[:, None, None]


def load(folder: Path, part: str) -> Faces:
    """The "train" or "test" faces. Raises FileNotFoundError, in one sentence, when the data is not there."""
    table, pictures = folder / f"net_7876-{part}.csv", folder / "net_7876.zip"
    for path in (table, pictures):
        if not path.exists():
            raise FileNotFoundError(f"{path.name} is not in {folder}; put the net_7876 data there.")
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    def points(*columns: str) -> np.ndarray:
        return np.array([[float(row[c]) for c in columns] for row in rows])

    picture_left = points("eye_imageleft_x", "eye_imageleft_y")
    picture_right = points("eye_imageright_x", "eye_imageright_y")
    names = tuple(row["image"] for row in rows)
    with zipfile.ZipFile(pictures) as archive:
        encoded = tuple(archive.read(name) for name in names)
    boxes = points("box_left", "box_top", "box_right", "box_bottom")
    return Faces(names, encoded, np.stack([picture_right, picture_left], 1), boxes)


def split(count: int, seed: int, share: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """Indices to learn from and to choose by: `share` of the pictures is kept for choosing."""
    order = np.random.default_rng(seed).permutation(count)
    kept = round(count * share)
    return np.sort(order[kept:]), np.sort(order[:kept])
