"""Made faces as training data: what a generator makes of neutral faces takes turns with rare ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from app.stages.align import similarity
from app.stages.synthesis import Change, changed, rim
from app.types import EXPRESSIONS
from export.affect.task import AffectTask
from export.data.arrays import Counts, Grey, Labels
from export.data.circumplex import expectation
from export.data.faces import Faces
from export.data.joined import join
from export.data.sample import epoch_order
from export.synthesis.gan.maker import Maker
from export.training.task import Recipe

RARE = ("fear", "disgust", "contempt")
"""Expressions of less than a twentieth of the faces of FER+."""
SHARE = 0.25  # of the rare faces that are shown


class WithMadeFaces(AffectTask):
    """As `AffectTask`, but a share SHARE of the rare faces that it shows are from `made`.

    Which real faces it draws, and in which order, is as without: one of them that is left out is replaced.
    """

    def __init__(self, recipe: Recipe, train: Faces, choose: Faces, smoke: bool, made: Faces) -> None:
        """`made` has faces with each expression of RARE. Raises RecipeError as `AffectTask` does."""
        super().__init__(recipe, train, choose, smoke)
        self._real = train.labels
        self.train = replace(join((train, made)), rated=None)
        self._made: Mapping[int, Counts] = {
            number: len(train) + np.flatnonzero(made.labels == number)
            for number in map(EXPRESSIONS.index, RARE)
        }

    def order(self, rng: np.random.Generator) -> Counts:
        """See `Task.order`."""
        rows = epoch_order(self._real, self._power, self.steps * self._batch, rng)
        shown = self._real[rows]
        for number, made in self._made.items():
            left = (shown == number) & (rng.random(len(rows)) < SHARE)
            rows[left] = rng.choice(made, int(left.sum()))
        return rows.reshape(self.steps, self._batch)


def made_of(faces: Faces, maker: Maker) -> Faces:
    """What `maker` makes of each neutral one of `faces`, once with each expression of RARE.

    The change is put into the picture as the app does it. All votes are for the wanted expression.
    """
    clear = (faces.labels == EXPRESSIONS.index("neutral")) & (faces.votes.max(1) >= 0.5) & faces.found
    source = faces.take(clear)
    crops = source.crops(maker.crop)[:, None]
    parts, labels = [], []
    for name in RARE:
        number = EXPRESSIONS.index(name)
        wanted: Labels = np.full(len(source), number, np.int64)
        made, masks = maker.make(crops, wanted)
        fade = rim(maker.crop.size)
        grey = fade * (made.astype(np.float32) - crops)
        parts.append(
            np.stack(
                [
                    _put(image, Change(name, 1.0, one, fade * (1 - mask[0]), similarity(eyes, maker.crop)))
                    for image, one, mask, eyes in zip(source.images, grey, masks, source.eyes, strict=True)
                ]
            )
        )
        labels.append(wanted)
    every = source.take(np.tile(np.arange(len(source)), len(RARE)))
    images, said = np.concatenate(parts), np.concatenate(labels)
    votes = np.eye(len(EXPRESSIONS), dtype=np.float32)[said]
    return Faces(images, every.eyes, every.found, votes, said, expectation(votes), every.repeated)


def _put(image: Grey, change: Change) -> Grey:
    return changed(np.repeat(image[..., None], 3, 2), (change,))[..., 0]
