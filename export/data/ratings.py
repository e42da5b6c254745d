"""Valence and arousal as rated: va-ratings.csv, a row for each rated face of FER+ or net_7876.

The ratings are on the scale of the affect grid (Russell, Weiss and Mendelsohn 1989). A vision-language model
gave them from contact sheets, blind to every label; no person did. They are one rater's view, and so is what
a network learns from them.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from export.data.arrays import Counts, Names, Plane
from export.data.errors import DataError
from export.data.places import missing

FILE = "va-ratings.csv"
COLUMNS = ("set", "name", "valence", "arousal", "ratings")
SOURCE = (
    "rated on the scale of the affect grid (Russell, Weiss and Mendelsohn 1989) by a vision-language model, "
    "not by people: one rater's view"
)
"""What a card says of valence and arousal that come from these ratings."""
APART = (0.12, 0.09)
"""RMSE between two passes over the same faces, valence and arousal, as whoever made the ratings gives it."""


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """The n rated faces of one set."""

    names: tuple[str, ...]  # as the set names its pictures
    va: Plane  # (n, 2) float32: valence, arousal, -1..1
    passes: Counts  # (n,) int64: how many ratings each is the mean of, 1 or 2

    def __len__(self) -> int:
        """The number n of rated faces."""
        return len(self.names)

    def rows(self, names: Names | Sequence[str]) -> Counts:
        """(m,) int64: for each of m `names` of pictures its row here, -1 where it is not rated."""
        place = {name: row for row, name in enumerate(self.names)}
        return np.array([place.get(str(name), -1) for name in names], np.int64)


def load(folder: Path, which: str) -> Ratings:
    """The ratings of the set `which` (fer-Training, fer-PublicTest, fer-PrivateTest, net_7876-train).

    Raises FileNotFoundError when va-ratings.csv is not in `folder`, DataError when it has no row of that set,
    or a row that is no rating.
    """
    path = folder / FILE
    if not path.exists():
        raise missing(FILE, folder, "put the ratings there")
    names: list[str] = []
    va: list[tuple[float, float]] = []
    passes: list[int] = []
    with path.open(newline="", encoding="utf-8") as file:
        table = csv.DictReader(file)
        if tuple(table.fieldnames or ()) != COLUMNS:
            raise DataError(f"{FILE} must have the columns {', '.join(COLUMNS)}; correct its first line.")
        for row in table:
            if row["set"] == which:
                names.append(row["name"])
                va.append(_rated(row, table.line_num))
                passes.append(int(row["ratings"]))
    if not names:
        raise DataError(f"{FILE} has no ratings of {which}; name a set that it holds.")
    if len(set(names)) < len(names):
        raise DataError(f"{FILE} rates a face of {which} twice; leave one row for each face.")
    return Ratings(tuple(names), np.array(va, np.float32), np.array(passes, np.int64))


def _rated(row: dict[str, str], line: int) -> tuple[float, float]:
    """Valence and arousal of a row of the file."""
    try:
        valence, arousal = float(row["valence"]), float(row["arousal"])
        rated = abs(valence) <= 1 and abs(arousal) <= 1 and row["ratings"] in ("1", "2")
    except (TypeError, ValueError):
        rated = False
    if not rated:
        raise DataError(
            f"{FILE}, line {line}: valence and arousal must be in -1..1 and ratings 1 or 2; correct it."
        )
    return valence, arousal
