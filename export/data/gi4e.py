"""GI4E: 1,236 pictures of 800 x 600 of 103 people (Villanueva et al., 2013).

Layout: images/ and image_labels.txt beside or inside it. A line holds a file name and twelve numbers: for
each eye three points x, y, the iris centre between the two corners.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from export.data.arrays import Eyes, Floats
from export.data.errors import DataError
from export.data.net7876 import Faces


def load(folder: Path) -> Faces:
    """All labelled pictures of the unpacked database in `folder`, without face boxes.

    Raises FileNotFoundError when a file is missing and DataError when a line is not as published.
    """
    found = sorted(folder.rglob("image_labels.txt"))
    if not found:
        raise FileNotFoundError(
            f"{folder} has no image_labels.txt; name the folder with the unpacked GI4E files."
        )
    lines = [line for line in found[0].read_text("utf-8-sig").splitlines() if line.strip()]
    pictures = {p.name: p for p in folder.rglob("*") if p.suffix.lower() in (".png", ".jpg", ".bmp")}
    names, encoded, eyes = [], [], []
    for line in lines:
        name, *words = line.split()
        if name not in pictures:
            raise FileNotFoundError(f"{name} is named in image_labels.txt but is not in {folder}.")
        try:
            points = np.array([float(word) for word in words]).reshape(2, 3, 2)
        except ValueError as error:
            raise DataError(f"image_labels.txt does not give twelve numbers for {name}.") from error
        eyes.append(centres(points))
        names.append(name)
        encoded.append(pictures[name].read_bytes())
    return Faces(tuple(names), tuple(encoded), np.array(eyes), None)


def centres(points: Floats) -> Eyes:
    """(2, 2): person's left, right iris centre of (2, 3, 2) points. The centre is the one between the
    corners, whatever their order, and the left eye is the one on the right of the picture."""
    middle = np.argsort(points[:, :, 0], axis=1)[:, 1]
    irises = points[[0, 1], middle]
    ordered: Eyes = irises[np.argsort(-irises[:, 0])]
    return ordered
