"""FER2013 and FER+ as they are published, to the three files that `export.data.fer` reads.

Two tables with the same rows in the same order:

- `fer2013.csv` of the ICML 2013 challenge (Goodfellow et al., "Challenges in representation learning", ICONIP
  2013): the columns `emotion` (0 to 6, see LABELS), `pixels` (48 x 48 grey values, row by row, separated by
  spaces) and `Usage` (Training, PublicTest or PrivateTest).
- `fer2013new.csv` of FER+ (Barsoum et al., ICMI 2016): `Usage`, `Image name`, and how many of ten people
  chose each of VOTES. A row without a name is a picture that the authors left out, and is left out here.

The files are `fer2013plus-<part>.npz`, one for each part, with the arrays `images` (n, 48, 48) uint8, `votes`
(n, 10) uint8, `vote_names` (10,), `fer2013_label` (n,) words of LABELS, `name` (n,) and
`same_pixels_in_training` (n,) bool: whether the same picture is also in Training (False in Training itself).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from export.data.errors import DataError

PARTS = ("Training", "PublicTest", "PrivateTest")
SIDE = 48  # pixels
LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""What the numbers 0 to 6 of the column `emotion` mean."""
VOTES = (
    "neutral",
    "happiness",
    "surprise",
    "sadness",
    "anger",
    "disgust",
    "fear",
    "contempt",
    "unknown",
    "NF",
)
"""The columns of FER+, in its order; NF: not a face."""


@dataclass(slots=True)
class Part:
    """The rows of one part, while they are read."""

    pixels: list[bytes] = field(default_factory=list)  # SIDE * SIDE grey values each
    votes: list[list[int]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def convert(fer: Path, plus: Path, to: Path) -> dict[str, int]:
    """Writes the three files into the folder `to`; the number of faces of each part.

    `fer` is fer2013.csv, `plus` is fer2013new.csv. Raises FileNotFoundError when one is missing, and
    DataError when they do not have the published columns, or not the same rows.
    """
    parts: defaultdict[str, Part] = defaultdict(Part)
    rows, votes = _rows(fer, ("emotion", "pixels", "Usage")), _rows(plus, ("Usage", "Image name", *VOTES))
    number = 1
    for number, (row, vote) in enumerate(_pairs(rows, votes, fer, plus), 2):
        try:
            pixels = bytes(map(int, row["pixels"].split()))
            label, counts = LABELS[int(row["emotion"])], [int(vote[name]) for name in VOTES]
        except (ValueError, IndexError) as error:
            raise DataError(f"Line {number} of {fer.name} or {plus.name} is not as published.") from error
        if len(pixels) != SIDE * SIDE or row["Usage"] not in PARTS or row["Usage"] != vote["Usage"]:
            raise DataError(
                f"Line {number} of {fer.name} does not belong to that of {plus.name}; get both again."
            )
        if vote["Image name"]:
            part = parts[row["Usage"]]
            part.pixels.append(pixels)
            part.votes.append(counts)
            part.labels.append(label)
            part.names.append(vote["Image name"])
    empty = [name for name in PARTS if name not in parts]
    if empty:
        raise DataError(f"{fer.name} has no rows of {', '.join(empty)}; get the whole file.")
    to.mkdir(parents=True, exist_ok=True)
    learnt = set(parts["Training"].pixels)
    for name in PARTS:
        part = parts[name]
        np.savez_compressed(
            to / f"fer2013plus-{name}.npz",
            images=np.frombuffer(b"".join(part.pixels), np.uint8).reshape(-1, SIDE, SIDE),
            votes=np.array(part.votes, np.uint8),
            vote_names=np.array(VOTES),
            fer2013_label=np.array(part.labels),
            name=np.array(part.names),
            same_pixels_in_training=np.array([name != "Training" and p in learnt for p in part.pixels]),
        )
    return {name: len(parts[name].names) for name in PARTS}


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing; name the published file, see docs/data.md.")
    with path.open(newline="", encoding="utf-8") as file:
        table = csv.DictReader(file)
        absent = [name for name in columns if name not in (table.fieldnames or ())]
        if absent:
            raise DataError(f"{path.name} has no column {absent[0]}; name the published file.")
        yield from table


def _pairs(
    rows: Iterator[dict[str, str]], votes: Iterator[dict[str, str]], fer: Path, plus: Path
) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    try:
        yield from zip(rows, votes, strict=True)
    except ValueError as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            f"{fer.name} and {plus.name} have different numbers of rows; get both again."
        ) from error
