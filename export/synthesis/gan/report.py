"""The figures of a generator on test faces, as tables for its card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from app.stages.models import Model
from app.types import EXPRESSIONS
from export.data.arrays import Crops, Floats, Labels, Probs
from export.synthesis.gan import figures
from export.synthesis.gan.maker import Maker

STRONG = ("happy", "surprise", "anger", "neutral")
A_WORD = 60  # faces of each expression that are made anew
A_SIDE = 400  # faces on each side of a Frechet distance


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """An expression network that had no part in the training."""

    model: Model

    def __call__(self, crops: Crops) -> tuple[Probs, Floats]:
        """Probabilities (n, 8) and features (n, d), the last map's mean, of crops (n, 1, s, s)."""
        probs, features = [], []
        for start in range(0, len(crops), 64):
            said, seen = self.model.run(
                np.ascontiguousarray(crops[start : start + 64]), ("probs", "features")
            )
            probs.append(said)
            features.append(seen.mean((2, 3)))
        return np.concatenate(probs), np.concatenate(features)


def measure(maker: Maker, judge: Judge, faces: Crops, labels: Labels, learnt: Crops) -> dict[str, Any]:
    """The tables of the card: of test `faces` (n, 1, s, s) with `labels` (n,), and faces `learnt` from.

    At most A_WORD faces of each expression, the first ones, are made to show each of the others.
    """
    rows = np.concatenate([np.flatnonzero(labels == k)[:A_WORD] for k in range(8)])
    chosen, own = faces[rows], labels[rows]
    source = np.repeat(np.arange(len(rows)), 8)
    wanted = np.tile(np.arange(8), len(rows))
    made, masks = maker.make(chosen[source], wanted)
    said, features = judge(made)
    other = own[source] != wanted
    found = said.argmax(1)
    read = figures.shares(found[other], wanted[other])
    before, seen = judge(chosen)
    real = judge(faces)
    embed = figures.Eigenfaces(learnt)
    gallery = embed(chosen)
    distance = np.linalg.norm(embed(made) - gallery[source], axis=1)
    apart = np.linalg.norm(gallery - np.roll(gallery, 1, 0), axis=1)
    return {
        "faces": len(rows),
        "made": int(other.sum()),
        "read_as_wanted": {
            **named(read),
            "mean": float(np.nanmean(read)),
            "mean_of_strong": float(np.mean([read[EXPRESSIONS.index(word)] for word in STRONG])),
        },
        "read_as_wanted_unchanged": named(figures.shares(before.argmax(1)[source][other], wanted[other])),
        "read_as_labelled_real": named(figures.shares(real[0].argmax(1), labels)),
        "frechet_distance": distances(features[other], seen[source][other], wanted[other], real[1], labels),
        "inception_score": {
            "real": figures.inception_score(balanced(real[0], labels)),
            "made": figures.inception_score(said),
        },
        "identity": {
            "grey_levels_where_masks_keep": figures.kept(chosen[source], made, masks),
            "grey_levels": float(np.abs(made.astype(float) - chosen[source]).mean()),
            "mask_mean": float(masks.mean()),
            "recognised": figures.recognised(gallery, embed(made), source),
            "embedding_distance": float(distance.mean()),
            "embedding_distance_of_others": float(apart.mean()),
        },
    }


def distances(
    made: Floats, unchanged: Floats, wanted: Labels, real: Floats, labels: Labels
) -> dict[str, float]:
    """Mean Frechet distance, over the four expressions with most test faces, of features to those of real
    ones.

    `made` and `unchanged` (m, d) are of faces with the expressions `wanted` and of the faces that they were
    made of; `real` (n, d) are of test faces with `labels`, of which a half of each expression is the
    reference and the other half the row "real". All rows have as many faces.
    """
    rng = np.random.default_rng(0)
    rows: dict[str, list[float]] = {"real": [], "made": [], "unchanged": []}
    for number in map(EXPRESSIONS.index, STRONG):
        order = rng.permutation(np.flatnonzero(labels == number))
        picked = rng.permutation(np.flatnonzero(wanted == number))
        count = min(A_SIDE, len(order) // 2, len(picked))
        reference, picked = real[order[:count]], picked[:count]
        rows["real"].append(figures.frechet(reference, real[order[-count:]]))
        rows["made"].append(figures.frechet(reference, made[picked]))
        rows["unchanged"].append(figures.frechet(reference, unchanged[picked]))
    return {name: float(np.mean(values)) for name, values in rows.items()}


def balanced(probs: Probs, labels: Labels) -> Probs:
    """`probs` (n, 8) of as many faces of each expression, the rare ones over again."""
    most = int(np.bincount(labels, minlength=8).max())
    rows = [np.resize(np.flatnonzero(labels == k), most) for k in range(8) if (labels == k).any()]
    return probs[np.concatenate(rows)]


def named(values: Floats) -> dict[str, float]:
    """Values (8,) by the names of the expressions, without those that are not known."""
    pairs = zip(EXPRESSIONS, values.tolist(), strict=True)
    return {name: value for name, value in pairs if np.isfinite(value)}
