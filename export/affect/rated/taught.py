"""Faces to learn from where only some are rated, and people voted on some: trained networks speak for the
others.

Their readout (`readout.py`), fitted on the rated faces, gives valence and arousal to those that nobody rated,
and their probabilities are the votes on faces of net_7876, on which nobody voted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from export.affect.rated.readout import Read, Readout, best, read_all
from export.affect.teachers import trained
from export.data import fer, rated, ratings
from export.data.faces import Faces
from export.data.joined import counting


def load(teachers: Sequence[str], unrated: float, data: Path, cache: Path) -> tuple[Faces, Faces]:
    """The faces to learn from, and those of PublicTest to choose by, rated where the file rates them.

    `teachers` are trained recipes; a face that nobody rated counts `unrated`, 0..1, of one that was rated
    twice. `data` is the folder of the data, `cache` one that keeps what was found in the pictures. Raises
    FileNotFoundError with what is missing, DataError for a file that cannot be used, RecipeError when a
    teacher is not trained.
    """
    models = [trained(name).eval() for name in teachers]
    learnt, asked = rated.to_learn(data, cache), rated.test(data, "PublicTest", cache)
    said, heard = (read_all(models, faces.crops(rated.CROP)) for faces in (learnt.faces, asked))
    counts = counting(learnt.faces)
    known = counts > 0
    rows = (said.pooled[known], learnt.faces.va[known], counts[known])
    readout, _ = best(rows, (heard.pooled, asked.va))
    names = fer.ballots("PublicTest", data).names
    choose = rated.with_ratings(
        fer.load("PublicTest", data, cache), names, ratings.load(data, "fer-PublicTest")
    )
    return spoken_for(learnt, said, readout, unrated), choose.take(~choose.repeated)


def spoken_for(learnt: rated.Learnt, said: Read, readout: Readout, unrated: float) -> Faces:
    """The faces of `learnt` with the teachers' answers wherever there is no vote or no rating.

    `said` is what the teachers give for them; valence and arousal from its `readout` count `unrated`.
    """
    faces = learnt.faces
    counts = counting(faces)
    known = counts[:, None] > 0
    votes = np.where(learnt.voted[:, None], faces.votes, said.probs / said.probs.sum(1, keepdims=True))
    return replace(
        faces,
        votes=votes.astype(np.float32),
        labels=np.where(learnt.voted, faces.labels, said.probs.argmax(1)),
        va=np.where(known, faces.va, readout(said.pooled)).astype(np.float32),
        rated=np.where(known[:, 0], counts, unrated).astype(np.float32),
    )
