"""AffectNet (Mollahosseini et al., IEEE Transactions on Affective Computing 2017), in its release as arrays.

Layout: {train_set,val_set}/images/<number>.jpg, and beside them annotations/<number>_exp.npy, _val.npy and
_aro.npy. Expressions are numbered as our EXPRESSIONS; valence and arousal are rated by people.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from export.data import pictures
from export.data.faces import Faces

FOLDERS = {"train": "train_set", "test": "val_set"}  # its own test set is not published


def load(folder: Path, part: str, cache: Path, *, classes: int = 8) -> Faces:
    """The faces of `part` "train" or "test" in `folder`; 7 `classes` leave contempt out, as many papers do.

    Valence and arousal are those rated by people, -1..1. `cache` is a folder that keeps what was found in the
    pictures. Raises FileNotFoundError, in one sentence, with what is missing.
    """
    place = folder / FOLDERS[part]
    paths = sorted((place / "images").glob("*.jpg"), key=lambda p: int(p.stem))
    if not paths:
        raise FileNotFoundError(f"{place / 'images'} has no pictures; put AffectNet there.")
    truth = np.array(
        [
            [_number(place / "annotations" / f"{p.stem}_{what}.npy") for what in ("exp", "val", "aro")]
            for p in paths
        ]
    )
    known = (truth[:, 0] < classes) & (np.abs(truth[:, 1:]) <= 1).all(1)  # -2 means not rated
    rows = np.flatnonzero(known)
    return pictures.read(
        [paths[row] for row in rows],
        truth[rows, 0].astype(int).tolist(),
        truth[rows, 1:],
        cache / f"affectnet-{part}-{classes}.npz",
    )


def _number(path: Path) -> float:
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing; unpack AffectNet again.")
    return float(np.load(path, allow_pickle=False))
