"""The web part of the facial points of Sun, Wang and Tang (CVPR 2013), as published, to what `net7876` reads.

Published is an archive with the folders `lfw_5590/` and `net_7876/` of JPEG pictures and two lists,
`trainImageList.txt` and `testImageList.txt`. A line of a list holds a picture's path (with a backslash), the
left, right, top and bottom edge of its face box, and x and y of five points: the eye on the left of the
picture, the eye on its right, the nose, and the left and right corner of the mouth; all in pixels, separated
by spaces. That is the layout that programs which read these files agree on; the page of the data set
describes it in these words too, but publishes no specification.

Written are `net_7876.zip`, `net_7876-train.csv` and `net_7876-test.csv` with the lines of `net_7876/` only,
in their order, which decides which faces a training keeps for choosing (`net7876.split`). The figures on
models/eyes.toml are of half of the published test pictures; the other half was kept back, so
figures on all of them differ a little.
"""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path, PureWindowsPath

from export.data.errors import DataError

FOLDER = "net_7876"
COLUMNS = (
    "image",
    "box_left",
    "box_right",
    "box_top",
    "box_bottom",
    "eye_imageleft_x",
    "eye_imageleft_y",
    "eye_imageright_x",
    "eye_imageright_y",
    "nose_x",
    "nose_y",
    "mouth_imageleft_x",
    "mouth_imageleft_y",
    "mouth_imageright_x",
    "mouth_imageright_y",
)
"""The columns of the tables, in the order of the words of a line."""


def convert(published: Path, to: Path) -> dict[str, int]:
    """Writes the archive and both tables into the folder `to`; the number of faces of each table.

    `published` is the folder with the unpacked lists and `net_7876/`. Raises FileNotFoundError when a list or
    a picture is missing, and DataError when a line is not as published.
    """
    tables = {part: _read(published / f"{part}ImageList.txt") for part in ("train", "test")}
    to.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(to / "net_7876.zip", "w", zipfile.ZIP_STORED) as archive:  # JPEG does not shrink
        for name in dict.fromkeys(row[0] for rows in tables.values() for row in rows):
            if not (published / name).is_file():
                raise FileNotFoundError(f"{name} is in a list but not in {published}; unpack the set again.")
            archive.write(published / name, name)
    for part, rows in tables.items():
        with (to / f"net_7876-{part}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])
    return {part: len(rows) for part, rows in tables.items()}


def _read(path: Path) -> list[list[str]]:
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing; name the folder of the unpacked set, see docs/data.md.")
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        words = line.split()
        if not words:
            continue
        picture = PureWindowsPath(words[0])
        try:
            numbers = [f"{float(word):g}" for word in words[1:]]
        except ValueError as error:
            raise DataError(f"Line {number} of {path.name} holds a word where a number belongs.") from error
        if len(words) != len(COLUMNS):
            raise DataError(f"Line {number} of {path.name} does not hold a path and 14 numbers.")
        if picture.parts[0] == FOLDER:
            rows.append([picture.as_posix(), *numbers])
    if not rows:
        raise DataError(f"{path.name} names no picture of {FOLDER}/; name the published list.")
    return rows
