"""GI4E: 1,236 pictures of 800 x 600 of 103 people (Villanueva et al., 2013).

Layout: images/ and image_labels.txt beside or inside it. A line holds a file name and twelve numbers: for
each eye three points x, y, the iris centre between the two corners.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from export.data.net7876 import Faces


def load(folder: Path) -> Faces:
    """All labelled pictures. Raises FileNotFoundError or ValueError, in one sentence."""
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
            raise FileNotFoundError(f"{name} stands in image_labels.txt but is not in {folder}.")
        try:
            points = np.array([float(word) for word in words]).reshape(2, 3, 2)
        except ValueError as error:
            raise ValueError(f"image_labels.txt does not give twelve numbers for {name}.") from error
        eyes.append(centres(points))
        names.append(name)
        encoded.append(pictures[name].read_bytes())
    return Faces(tuple(names), tuple(encoded), np.array(eyes), None)


def centres(points: np.ndarray) -> np.ndarray:
    """(2, 2): subject's left, right iris centre of (2, 3, 2) points. The centre is the one between the
    corners, whatever their order, and the left eye is the one on the right of the picture."""
    middle = np.argsort(points[:, :, 0], axis=1)[:, 1]
    irises = points[[0, 1], middle]
    return irises[np.argsort(-irises[:, 0])]
