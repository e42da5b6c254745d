"""BioID: 1,521 grey pictures of 384 x 286 with eye centres (Jesorsky, Kirchberg, Frischholz, 2001).

Layout: BioID_0000.pgm beside BioID_0000.eye, whose second line holds LX LY RX RY, whole pixels,
left and right being the person's own.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from export.data.errors import DataError
from export.data.net7876 import Faces


def load(folder: Path) -> Faces:
    """All labelled pictures of the unpacked database in `folder`, without face boxes.

    Raises FileNotFoundError when a file is missing and DataError when a table is not as published.
    """
    tables = sorted(folder.glob("BioID_*.eye"))
    if not tables:
        raise FileNotFoundError(
            f"{folder} has no BioID_*.eye; name the folder with the unpacked BioID files."
        )
    eyes, names, encoded = [], [], []
    for table in tables:
        try:
            numbers = [float(word) for word in table.read_text("ascii").splitlines()[1].split()]
            eyes.append(np.array(numbers).reshape(2, 2))
        except (IndexError, ValueError) as error:
            raise DataError(f"{table.name} does not hold LX LY RX RY in its second line.") from error
        picture = table.with_suffix(".pgm")
        if not picture.exists():
            raise FileNotFoundError(f"{picture.name} is missing beside {table.name}.")
        names.append(picture.name)
        encoded.append(picture.read_bytes())
    return Faces(tuple(names), tuple(encoded), np.array(eyes), None)
