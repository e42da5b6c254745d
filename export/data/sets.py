"""The data sets of affect by name, each in two parts: to learn from, and to choose by or to test on.

To add one: a module with `load(folder, part, cache) -> Faces`, a line in NAMES, and a branch in `part`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from export.data import affectnet, ckplus, fer, jaffe, rafdb
from export.data.faces import Faces

NAMES = {
    "fer": "FER+ (Training; PublicTest without its pictures that are also in Training)",
    "fer_clear": "FER+ (Training where nine or ten of ten agree; PublicTest as of FER+)",
    "fer2013": "FER2013's own labels, of seven expressions (Training; PublicTest without its repeats)",
    "affectnet": "AffectNet, 8 classes (its validation set is used as the test set)",
    "affectnet7": "AffectNet, 7 classes (its validation set is used as the test set)",
    "rafdb": "RAF-DB, basic expressions",
    "ckplus": "CK+ (every fifth person kept)",
    "jaffe": "JAFFE (every fifth person kept)",
}
OF_FER = ("fer", "fer_clear", "fer2013")
"""The sets of FER2013's pictures: with all votes of FER+, with those that agree, with the labels before
them."""


def load(name: str, folder: Path, cache: Path) -> tuple[Faces, Faces]:
    """The faces to learn from and the faces to choose by, of a set of NAMES from its `folder`.

    `cache` is a folder that keeps what was found in the pictures. Raises FileNotFoundError, in one sentence,
    with what is missing, and DataError for a file that is not as published.
    """
    if name in OF_FER:
        old = name == "fer2013"
        choose = fer.load("PublicTest", folder, cache, old_labels=old)
        return part(name, folder, "train", cache), choose.take(~choose.repeated)
    train, test = (part(name, folder, which, cache) for which in ("train", "test"))
    return train, test


def part(name: str, folder: Path, which: str, cache: Path) -> Faces:
    """The faces of `which` "train" or "test" of a set of NAMES; of OF_FER the test is PrivateTest without
    repeats.

    `folder` and `cache` are those of `load`. Raises FileNotFoundError and DataError as `load` does.
    """
    if name in OF_FER:
        old = name == "fer2013"
        if which == "test":
            faces = fer.load("PrivateTest", folder, cache, old_labels=old)
            return faces.take(~faces.repeated)
        faces = fer.load("Training", folder, cache, old_labels=old)
        clear = fer.ballots("Training", folder).clear() if name == "fer_clear" else slice(None)
        return faces.take(np.arange(len(faces))[clear])
    if name.startswith("affectnet"):
        return affectnet.load(folder, which, cache, classes=7 if name.endswith("7") else 8)
    loaders = {"rafdb": rafdb.load, "ckplus": ckplus.load, "jaffe": jaffe.load}
    return loaders[name](folder, which, cache)
