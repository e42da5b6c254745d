"""FER2013 pictures with the votes of FER+ (Barsoum et al., "Training deep networks for facial expression
recognition with crowd-sourced label distribution", ICMI 2016), aligned as the app aligns.

Layout: fer2013plus-{Training,PublicTest,PrivateTest}.npz, which `export.data.convert fer2013` makes.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from export.data.align import find_eyes
from export.data.arrays import Counts, Greys, Labels, Mask, Names, Rows
from export.data.circumplex import expectation
from export.data.errors import DataError
from export.data.faces import Faces
from export.data.places import missing

Part = Literal["Training", "PublicTest", "PrivateTest"]
COLUMNS = ("neutral", "happiness", "sadness", "surprise", "fear", "disgust", "anger", "contempt")
"""The names of our EXPRESSIONS in the file, in our order."""
FER2013 = ("neutral", "happy", "sad", "surprise", "fear", "disgust", "angry")
"""The names of the older single labels, in our order; contempt did not exist."""


@dataclass(frozen=True, slots=True, eq=False)
class Ballots:
    """How ten people voted on each face that `load` gives of a part, in the same order."""

    names: Names  # (n,) text: the file's name in FER+
    votes: Counts  # (n, 10) counts
    columns: tuple[str, ...]  # what the ten columns mean

    def agreed(self) -> Mask:
        """(n,) bool: whether more than half of the voters agree, once single votes are dropped.

        These are what the authors of FER+ test on in their mode "majority"; they leave the others out.
        """
        votes = np.where(self.votes > 1, self.votes, 0)
        return np.asarray(votes.max(1) > 0.5 * votes.sum(1), np.bool_)

    def clear(self, most: int = 9) -> Mask:
        """(n,) bool: whether at least `most` voters chose the same word, as Manczak 2020 calls a face
        clean."""
        return np.asarray(self.votes.max(1) >= most, np.bool_)

    def take(self, rows: Rows) -> Ballots:
        """The votes at `rows`, which are indices or a mask (n,), in that order."""
        return Ballots(self.names[rows], self.votes[rows], self.columns)

    def words(self, row: int) -> str:
        """The votes on face number `row` in words, most first: "6 sadness, 4 neutral"."""
        order = np.argsort(-self.votes[row], kind="stable")
        return ", ".join(f"{self.votes[row, k]} {self.columns[k]}" for k in order if self.votes[row, k])


def ballots(part: Part, data: Path) -> Ballots:
    """The votes behind the faces of `load(part, data, ...)`, in the same order.

    `data` is the folder of the .npz files. Raises FileNotFoundError, in one sentence, when the file is
    missing, and DataError when it is damaged.
    """
    voted, votes, names = _read(part, data, "vote_names", "votes", "name")
    columns = tuple(map(str, voted))
    kept = np.isin(np.array(columns)[votes.argmax(1)], COLUMNS)
    return Ballots(names[kept], votes[kept], columns)


def _read(part: Part, data: Path, *names: str) -> list[NDArray[Any]]:
    path = data / f"fer2013plus-{part}.npz"
    if not path.exists():
        raise missing(path.name, data, "make it with python -m export.data.convert fer2013")
    try:
        with np.load(path) as file:
            return [file[name] for name in names]
    except (KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is damaged or not of FER+; make it again.") from error


def load(part: Part, data: Path, cache: Path, *, old_labels: bool = False) -> Faces:
    """The faces of one part whose majority is one of the 8 expressions; ties go to the file's first column.

    With `old_labels` all faces, with the one label of FER2013 (7 classes) as their votes. `data` is the
    folder of the .npz files, `cache` a folder that keeps the eyes found in the pictures, which takes minutes
    to find. Raises FileNotFoundError, in one sentence, when the file is missing, and DataError when it is
    damaged.
    """
    images, raw, voted = _read(part, data, "images", "votes", "vote_names")
    repeated, old = _read(part, data, "same_pixels_in_training", "fer2013_label")
    names = voted.tolist()
    eyes, found = find_eyes(images, cache / f"fer2013plus-{part}-eyes.npz")
    if old_labels:
        kept = np.isin(old, FER2013)
        labels = np.array([FER2013.index(name) for name in old[kept]])
        votes = np.eye(8, dtype=np.float32)[labels]
    else:
        winner = np.array(names)[raw.argmax(1)]
        kept = np.isin(winner, COLUMNS)
        labels = np.array([COLUMNS.index(name) for name in winner[kept]])
        votes = raw[:, [names.index(name) for name in COLUMNS]].astype(np.float32)[kept]
        votes /= votes.sum(1, keepdims=True)
    return Faces(images[kept], eyes[kept], found[kept], votes, labels, expectation(votes), repeated[kept])


def pictures(part: Part, data: Path) -> tuple[Greys, Labels, Mask]:
    """Pictures (n, 48, 48), labels (n,) and whether the training part has the same pixels (n,), for the faces
    that `load` gives of a part, without looking for their eyes; arguments and errors are those of `load`."""
    images, raw, voted, repeated = _read(
        part, data, "images", "votes", "vote_names", "same_pixels_in_training"
    )
    winner = np.array(voted.tolist())[raw.argmax(1)]
    kept = np.isin(winner, COLUMNS)
    labels = np.array([COLUMNS.index(name) for name in winner[kept]])
    return images[kept], labels, repeated[kept]


def everyone(part: Part, data: Path, cache: Path) -> tuple[Names, Faces]:
    """Names (n,) and faces of one part, whatever their majority; arguments and errors are those of `load`.

    A face's votes for anything but the 8 expressions are dropped; one without any other vote has equal votes
    for all, and the label neutral.
    """
    images, raw, voted = _read(part, data, "images", "votes", "vote_names")
    repeated, names = _read(part, data, "same_pixels_in_training", "name")
    columns = voted.tolist()
    eyes, found = find_eyes(images, cache / f"fer2013plus-{part}-eyes.npz")
    votes = raw[:, [columns.index(name) for name in COLUMNS]].astype(np.float32)
    votes[votes.sum(1) == 0] = 1
    votes /= votes.sum(1, keepdims=True)
    return names, Faces(images, eyes, found, votes, votes.argmax(1), expectation(votes), repeated)
