"""The data sets of affect by name, each in two parts: to learn from, and to choose by or to test on."""

from __future__ import annotations

from pathlib import Path

from export.data import affectnet, ckplus, fer, jaffe, rafdb
from export.data.faces import Faces

NAMES = {
    "fer": "FER+ (Training; PublicTest without its pictures that also stand in Training)",
    "affectnet": "AffectNet, 8 classes (its validation set stands for the test set)",
    "affectnet7": "AffectNet, 7 classes (its validation set stands for the test set)",
    "rafdb": "RAF-DB, basic expressions",
    "ckplus": "CK+ (every fifth person kept)",
    "jaffe": "JAFFE (every fifth person kept)",
}


def load(name: str, folder: Path, cache: Path) -> tuple[Faces, Faces]:
    """Both parts of a set of NAMES from its `folder`. Raises FileNotFoundError with what is missing."""
    if name == "fer":
        choose = fer.load("PublicTest", folder, cache)
        return fer.load("Training", folder, cache), choose.take(~choose.repeated)
    train, test = (part(name, folder, which, cache) for which in ("train", "test"))
    return train, test


def part(name: str, folder: Path, which: str, cache: Path) -> Faces:
    """The "train" or "test" faces of a set of NAMES; of FER+ the test is PrivateTest, repeats left out."""
    if name == "fer" and which == "test":
        faces = fer.load("PrivateTest", folder, cache)
        return faces.take(~faces.repeated)
    if name == "fer":
        return fer.load("Training", folder, cache)
    if name.startswith("affectnet"):
        return affectnet.load(folder, which, cache, classes=7 if name.endswith("7") else 8)
    loaders = {"rafdb": rafdb.load, "ckplus": ckplus.load, "jaffe": jaffe.load}
    return loaders[name](folder, which, cache)
