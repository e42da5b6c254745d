"""What LGP-GAN learns from: aligned pictures of faces, each with one expression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.stages import align
from app.stages.align import CropShape
from app.stages.models import load as read_model
from export.data import fer, net_colour, rafd
from export.data.arrays import Counts, Floats, Labels
from export.data.faces import Faces, made_up
from export.data.motion import jittered
from export.data.places import DATA, MODELS, RUNS
from export.training.task import Recipe, RecipeError

Pictures = NDArray[np.uint8]  # (n, channels, size, size); grey, or red, green, blue
SETS = {
    "fer": "FER+ Training, faces whose expression has at least half of the votes",
    "rafd": "RaFD, nine tenths of the frontal pictures",
    "net_7876": "net_7876-train, nine tenths of the faces whose expression the affect network names with a "
    "probability of at least one half",
}
"""The data sets by name, and what is learnt from of each."""
MOTION = 0.3  # of the motion that the affect network learns with: +-4.5 degrees


def shape(size: int) -> CropShape:
    """Where the eyes are in a picture of `size` pixels a side: as in the affect network's crop."""
    return CropShape(size, 18 / 48 * size, 17 / 48 * size)


GREY = shape(48)


@dataclass(frozen=True, slots=True, eq=False)
class GreyFaces:
    """Grey faces of any data set, cut out as the app does it, with a little motion, half of them mirrored."""

    faces: Faces

    @property
    def labels(self) -> Labels:
        """(n,) the expression of each face, an index into EXPRESSIONS."""
        return self.faces.labels

    def drawn(self, rows: Counts, rng: np.random.Generator) -> Pictures:
        """(len(rows), 1, 48, 48): the faces at `rows`, moved and mirrored by `rng`."""
        return np.stack([self._moved(row, rng) for row in rows])[:, None]

    def _moved(self, row: int, rng: np.random.Generator) -> NDArray[Any]:
        transform = align.similarity(self.faces.eyes[row], GREY)
        crop = align.warp(self.faces.images[row], jittered(transform, GREY.size, rng, MOTION), GREY.size)
        return crop[:, ::-1] if rng.random() < 0.5 else crop

    def still(self, rows: Counts) -> Pictures:
        """(len(rows), 1, 48, 48): the faces at `rows` as they are."""
        return self.faces.take(rows).crops(GREY)[:, None]


@dataclass(frozen=True, slots=True, eq=False)
class Portraits:
    """Pictures that are aligned already; half of them are mirrored."""

    pictures: Pictures
    labels: Labels

    def drawn(self, rows: Counts, rng: np.random.Generator) -> Pictures:
        """(len(rows), c, size, size): the pictures at `rows`, mirrored by `rng`."""
        mirrored = rng.random(len(rows)) < 0.5
        chosen = self.pictures[rows]
        return np.where(mirrored[:, None, None, None], chosen[..., ::-1], chosen)

    def still(self, rows: Counts) -> Pictures:
        """(len(rows), c, size, size): the pictures at `rows` as they are."""
        return self.pictures[rows]


Source = GreyFaces | Portraits


def clear(faces: Faces) -> GreyFaces:
    """The faces that the detector found and whose expression has at least half of the votes."""
    return GreyFaces(faces.take(faces.found & (faces.votes.max(1) >= 0.5)))


def chances(labels: Labels, power: float) -> Floats:
    """(n,) how often each face is drawn: frequency of its expression ** -power, 1 in all."""
    chance = np.bincount(labels, minlength=8)[labels] ** -float(power)
    return np.asarray(chance / chance.sum())


def load(recipe: Recipe, smoke: bool) -> tuple[Source, Source]:
    """The pictures to learn from and the others of the recipe's data set; with `smoke` a few drawn ones.

    Raises FileNotFoundError and DataError for the data, RecipeError for a set that is not known or not of
    such channels, and ModelError.
    """
    name, channels, size = recipe.data.get("set", "fer"), recipe.net["channels"], recipe.net["size"]
    if name not in SETS:
        raise RecipeError(f"{recipe.name} names the data set {name}; choose one of {', '.join(SETS)}.")
    if channels != (1 if name == "fer" else 3):
        raise RecipeError(f"{recipe.name}: pictures of {name} have another number of channels; correct it.")
    if smoke and channels == 1:
        return clear(made_up(32)), clear(made_up(16, seed=1))
    if smoke:
        drawn = np.random.default_rng(0).integers(0, 256, (16, channels, size, size), np.uint8)
        return (Portraits(drawn, np.arange(16) % 8),) * 2
    if name != "fer":
        cache, place = RUNS / "cache", shape(size)
        if name == "rafd":
            learn, others = rafd.load(DATA / "rafd", cache, place)
        else:
            learn, others = net_colour.load(DATA, cache, place, read_model(MODELS / "affect.toml", "affect"))
        return Portraits(learn.pictures, learn.labels), Portraits(others.pictures, others.labels)
    choose = fer.load("PublicTest", DATA, RUNS / "cache")
    return clear(fer.load("Training", DATA, RUNS / "cache")), clear(choose.take(~choose.repeated))
