"""net_7876: web faces with a face box and eye centres (Sun, Wang, Tang, CVPR 2013).

Layout: net_7876.zip with JPEG pictures, net_7876-train.csv and net_7876-test.csv (a row a face), which
`export.data.convert net_7876` makes.
"""

from __future__ import annotations

import csv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from export.data.arrays import Boxes, Counts, EyesOfFaces, Grey, Image, Points
from export.data.errors import DataError
from export.data.places import missing

# Mean eye centres in a face box, in box widths from its upper left corner: person's left, right eye.
# Measured on net_7876-train.csv.
EYES_IN_BOX = np.array([[0.737, 0.250], [0.270, 0.255]])
# How far, in eye distances, the labels of both eyes are to the picture's right of where a network without
# this correction, kept symmetric by flips, puts them. Measured on net_7876-train.csv.
LABEL_SHIFT = 0.0065


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Pictures with one labelled face each."""

    names: tuple[str, ...]
    encoded: tuple[bytes, ...]  # the JPEG or PGM files as they are
    eyes: EyesOfFaces  # (n, 2, 2) float64: person's left, right eye centre, x, y in pixels
    boxes: Boxes | None  # (n, 4) float64: x0, y0, x1, y1; None where the database has none

    def __len__(self) -> int:
        """The number n of pictures."""
        return len(self.names)

    def colour(self, index: int) -> Image:
        """Picture number `index`, decoded: (height, width, 3) uint8 BGR. Raises DataError when it is
        damaged."""
        image = cv2.imdecode(np.frombuffer(self.encoded[index], np.uint8), cv2.IMREAD_COLOR)
        if image is None:
            raise DataError(f"{self.names[index]} is damaged; get the data set again.")
        return np.asarray(image, np.uint8)

    def grey(self, index: int) -> Grey:
        """Picture number `index` as (height, width) uint8, converted from BGR as the app does it."""
        return np.asarray(cv2.cvtColor(self.colour(index), cv2.COLOR_BGR2GRAY), np.uint8)

    def part(self, rows: Counts) -> Faces:
        """The faces whose indices are in `rows`, in that order."""
        boxes = None if self.boxes is None else self.boxes[rows]
        names, encoded = (tuple(items[i] for i in rows) for items in (self.names, self.encoded))
        return Faces(names, encoded, self.eyes[rows], boxes)

    def guesses(self) -> EyesOfFaces:
        """(n, 2, 2), in pixels: person's left, right eye where they are on average in a face box.

        Raises ValueError for a database without face boxes.
        """
        if self.boxes is None:
            raise ValueError("This database has no face boxes.")
        width = self.boxes[:, 2] - self.boxes[:, 0]
        guesses: EyesOfFaces = self.boxes[:, None, :2] + EYES_IN_BOX * width[:, None, None]
        return guesses


def load(folder: Path, part: str) -> Faces:
    """The faces of `part` "train" or "test" from `folder`.

    Raises FileNotFoundError when the table or the archive is missing and DataError when they do not fit, both
    in one sentence.
    """
    table, pictures = folder / f"net_7876-{part}.csv", folder / "net_7876.zip"
    for path in (table, pictures):
        if not path.exists():
            raise missing(path.name, folder, "make it with python -m export.data.convert net_7876")
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    def points(*columns: str) -> Points:
        try:
            return np.array([[float(row[c]) for c in columns] for row in rows])
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"{table.name} lacks numbers in {columns[0]}; make it again.") from error

    picture_left = points("eye_imageleft_x", "eye_imageleft_y")
    picture_right = points("eye_imageright_x", "eye_imageright_y")
    names = tuple(row["image"] for row in rows)
    try:
        with zipfile.ZipFile(pictures) as archive:
            encoded = tuple(archive.read(name) for name in names)
    except (KeyError, zipfile.BadZipFile) as error:
        raise DataError(
            f"{pictures.name} is damaged or lacks a picture of {table.name}; make it again."
        ) from error
    boxes = points("box_left", "box_top", "box_right", "box_bottom")
    return Faces(names, encoded, np.stack([picture_right, picture_left], 1), boxes)


def split(count: int, seed: int, share: float = 0.1) -> tuple[Counts, Counts]:
    """Indices below `count`, sorted, to learn from and to choose by: `share` (0..1) of them is kept for
    choosing.

    The same `seed` gives the same split.
    """
    order = np.random.default_rng(seed).permutation(count)
    kept = round(count * share)
    return np.sort(order[kept:]), np.sort(order[:kept])
