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
FER2013 = ("Neutral", "Happy", "Sad", "Surprise", "Fear", "Disgust", "Angry")
"""The older single labels, in our order; contempt did not exist."""


def load(part: Part, data: Path, cache: Path) -> Faces:
    """The faces of one part whose majority is one of the 8 expressions; ties go to the file's first column.

    `data` is the folder of the .npz files, `cache` a folder for the eyes that were found.
    Raises FileNotFoundError with the folder to look in.
    """
    path = data / f"fer2013plus-{part}.npz"
    if not path.exists():
        raise FileNotFoundError(f"{path.name} is not in {data}; name the folder that holds it with --data.")
    with np.load(path) as file:
        images, raw, names = file["images"], file["votes"], list(file["vote_names"])
        repeated = file["same_pixels_in_training"]
    eyes, found = find_eyes(images, cache / f"{path.stem}-eyes.npz")
    winner = np.array(names)[raw.argmax(1)]
    kept = np.isin(winner, COLUMNS)
    votes = raw[:, [names.index(name) for name in COLUMNS]].astype(np.float32)[kept]
    votes /= votes.sum(1, keepdims=True)
    labels = np.array([COLUMNS.index(name) for name in winner[kept]])
    return Faces(images[kept], eyes[kept], found[kept], votes, labels, expectation(votes), repeated[kept])
