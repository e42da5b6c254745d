"""FER2013 pictures with the votes of FER+ (Barsoum et al., "Training deep networks for facial expression
recognition with crowd-sourced label distribution", ICMI 2016), aligned as the app aligns."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np

from export.data.align import find_eyes
from export.data.circumplex import expectation
from export.data.faces import Faces

Part = Literal["Training", "PublicTest", "PrivateTest"]
COLUMNS = ("neutral", "happiness", "sadness", "surprise", "fear", "disgust", "anger", "contempt")
"""The names of our EXPRESSIONS in the file, in our order."""
FER2013 = ("neutral", "happy", "sad", "surprise", "fear", "disgust", "angry")
"""The names of the older single labels, in our order; contempt did not exist."""


def load(part: Part, data: Path, cache: Path, *, old_labels: bool = False) -> Faces:
    """The faces of one part whose majority is one of the 8 expressions; ties go to the file's first column.

    With `old_labels` all faces, with the one label of FER2013 (7 classes) for votes. `data` is the folder of
    the .npz files, `cache` a folder for the eyes that were found.
    Raises FileNotFoundError with the folder to look in.
    """
    path = data / f"fer2013plus-{part}.npz"
    if not path.exists():
        raise FileNotFoundError(f"{path.name} is not in {data}; put the FER+ data there.")
    with np.load(path) as file:
        images, raw, names = file["images"], file["votes"], list(file["vote_names"])
        repeated, old = file["same_pixels_in_training"], file["fer2013_label"]
    eyes, found = find_eyes(images, cache / f"{path.stem}-eyes.npz")
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
