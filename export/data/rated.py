"""Faces with rated valence and arousal: FER+ Training and net_7876 to learn from, PublicTest to choose by,
PrivateTest to report on.

FER2013 holds one photograph in several crops, in different parts too. A face to learn from that is a near
twin of a face of PublicTest or PrivateTest is left out, rated or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.stages.align import CropShape
from export.data import fer, net_faces, ratings, twins
from export.data.arrays import Mask, Names
from export.data.circumplex import expectation
from export.data.faces import Faces
from export.data.joined import counting, join
from export.data.pictures import canvas_eyes

CROP = CropShape(48, 18.0, 17.0)  # in which twins are looked for
ONCE = 0.7  # how much a face counts that was rated once, not twice
TWIN = 22  # bits of `twins.BITS`: at most so many differ in a near twin


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """What there is to learn from: n faces, of which some are rated and people voted on some."""

    faces: Faces  # where `rated` is 0, `va` says nothing yet, nor do the votes on faces of net_7876
    voted: Mask  # (n,) bool: people voted on the face's expression
    left_out: int  # near twins of test faces


def to_learn(data: Path, cache: Path) -> Learnt:
    """FER+ Training (whose majority is one of the 8 expressions) and net_7876-train, without near twins of
    the faces of PublicTest and PrivateTest.

    `data` is the folder of the data, `cache` one that keeps what was found in the pictures. Raises
    FileNotFoundError, in one sentence, with what is missing, and DataError for a file that cannot be used.
    """
    known = fer.load("Training", data, cache)
    voted = with_ratings(known, fer.ballots("Training", data).names, ratings.load(data, "fer-Training"))
    names, images, found = net_faces.load(data, cache / "net_7876-train.npz")
    votes = np.full((len(names), 8), 1 / 8, np.float32)
    eyes = np.tile(canvas_eyes(), (len(names), 1, 1))
    nobody = Faces(
        images, eyes, found, votes, votes.argmax(1), expectation(votes), np.zeros(len(names), bool)
    )
    silent = with_ratings(nobody, names, ratings.load(data, "net_7876-train"))
    faces = join([voted, silent])
    twin = near_twins(faces, [fer.everyone(part, data, cache)[1] for part in ("PublicTest", "PrivateTest")])
    by_people = np.arange(len(faces)) < len(voted)
    return Learnt(faces.take(~twin), by_people[~twin], int(twin.sum()))


def test(data: Path, part: fer.Part, cache: Path) -> Faces:
    """The rated faces of a part of FER+, whatever their majority; arguments and errors as in `to_learn`."""
    names, faces = fer.everyone(part, data, cache)
    return rated_only(with_ratings(faces, names, ratings.load(data, f"fer-{part}")))


def with_ratings(faces: Faces, names: Names | Sequence[str], given: ratings.Ratings) -> Faces:
    """The same faces, whose (n,) `names` are given, with the valence and arousal of `given` where it rates
    them.

    Their `rated` is 1 for the mean of two ratings, ONCE for one, 0 for none.
    """
    rows = given.rows(names)
    known = rows >= 0
    va, rated = faces.va.copy(), np.zeros(len(faces), np.float32)
    va[known] = given.va[rows[known]]
    rated[known] = np.where(given.passes[rows[known]] > 1, 1.0, ONCE)
    return replace(faces, va=va, rated=rated)


def rated_only(faces: Faces) -> Faces:
    """Those of `faces` whose valence and arousal count."""
    return faces.take(counting(faces) > 0)


def near_twins(faces: Faces, tests: Sequence[Faces]) -> Mask:
    """(n,) bool: which of n `faces` are near twins of a face of `tests`, or of its mirror image."""
    ours = twins.hashes(faces.crops(CROP))
    crops = np.concatenate([test.crops(CROP) for test in tests])
    theirs = np.concatenate([twins.hashes(crops), twins.hashes(np.ascontiguousarray(crops[:, :, ::-1]))])
    bits, _ = twins.nearest(ours, theirs)
    return np.asarray(bits <= TWIN, np.bool_)
