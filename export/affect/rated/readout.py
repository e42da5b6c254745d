"""A linear readout of valence and arousal: `python -m export.affect.rated.readout RECIPE ...`.

Needs: the runs of affect recipes (`export.affect.recover` gets that of the network that ships), the data of
FER+ and net_7876, and va-ratings.csv (docs/data.md). Prints how the readout agrees with the ratings of FER+
PublicTest.

  python -m export.affect.recover models/affect-float32.toml affect
  python -m export.affect.rated.readout affect

It is the ridge regression of the ratings on the pooled features of the trained network, mean of a face and
its mirror image; of several networks, on the features of all, side by side. It is fitted on the rated faces
of the training part; its strength is chosen on PublicTest. It is what a network has to beat, and the teacher
of the faces that are not rated (`export/affect/rated/taught.py`).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from export.affect.rated import figures
from export.affect.teachers import trained
from export.data import rated
from export.data.arrays import Floats, Greys, Plane, Probs
from export.data.joined import counting
from export.data.places import DATA, RUNS
from export.nets.heads import Affect
from export.training import outcome
from export.training.arguments import parser as new_parser

STRENGTHS = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1)  # of the ridge, in mean variances of a feature


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What a network gives for n faces: the mean of each and its mirror image."""

    pooled: Floats  # (n, c) float32: the pooled features; of several networks, one after the other
    probs: Probs  # (n, 8) float32 in the order of EXPRESSIONS


@dataclass(frozen=True, slots=True, eq=False)
class Readout:
    """Valence and arousal as a linear function of c pooled features."""

    middle: Floats  # (c,) of the features
    weights: Floats  # (c, 2)
    offset: Floats  # (2,)

    def __call__(self, pooled: Floats) -> Plane:
        """(n, 2) float32 in -1..1 for (n, c) features."""
        answer = (pooled - self.middle) @ self.weights + self.offset
        return np.clip(answer, -1, 1).astype(np.float32)


@torch.no_grad()
def read(model: nn.Module, crops: Greys, batch: int = 256) -> Read:
    """The answers of `model` (eval, gives Affect from crops 0..255) on n uint8 crops (n, side, side).

    It sees `batch` crops at a time, in bfloat16.
    """
    pooled: list[Tensor] = []
    probs: list[Tensor] = []
    given: Affect
    for part in torch.split(torch.from_numpy(crops)[:, None], batch):
        with torch.autocast("cpu", torch.bfloat16):
            views = torch.cat([part, part.flip(3)]).float().to(memory_format=torch.channels_last)
            given = model(views)
        both = torch.softmax(given.logits.float(), 1), given.embedding.float()
        for column, values in zip((probs, pooled), both, strict=True):
            column.append(values.view(2, len(part), -1).mean(0))
    return Read(torch.cat(pooled).numpy(), torch.cat(probs).numpy())


def read_all(models: Sequence[nn.Module], crops: Greys) -> Read:
    """`read` of several networks: their features side by side, the mean of their probabilities."""
    each = [read(model, crops) for model in models]
    pooled = np.concatenate([one.pooled for one in each], 1)
    return Read(pooled, np.mean([one.probs for one in each], 0))


def fit(pooled: Floats, va: Plane, weights: Floats, strength: float) -> Readout:
    """The weighted ridge regression of (n, 2) `va` on (n, c) `pooled` features.

    Row i counts `weights`[i] (n,), above 0 in sum. `strength` is in mean variances of a feature: 0 is least
    squares.
    """
    share = (weights / weights.sum()).astype(np.float64)
    middle, offset = share @ pooled, share @ va
    x, y = pooled - middle, va - offset
    square = (x * share[:, None]).T @ x
    ridge = strength * np.trace(square) / len(square)
    solved = np.linalg.solve(square + ridge * np.eye(len(square)), (x * share[:, None]).T @ y)
    return Readout(middle, solved, offset)


def best(learn: tuple[Floats, Plane, Floats], choose: tuple[Floats, Plane]) -> tuple[Readout, float]:
    """The readout of `learn` (pooled, va, weights) whose mean CCC on `choose` (pooled, va) is highest, and
    its strength, one of STRENGTHS."""
    found = [(fit(*learn, strength), strength) for strength in STRENGTHS]
    return max(found, key=lambda pair: figures.score(pair[0](choose[0]), choose[1]))


def main(argv: list[str] | None = None) -> int:
    """0 when it is measured; 2 where something it needs is missing or wrong, with one sentence."""
    parser = new_parser("affect.rated.readout", __doc__)
    parser.add_argument("recipes", nargs="+", help="trained affect recipes, such as affect")
    args = parser.parse_args(argv)
    return outcome.run(lambda: _report(args.recipes), "nothing is written.")


def _report(names: Sequence[str]) -> None:
    models, cache = [trained(name).eval() for name in names], RUNS / "cache"
    learnt, test = rated.to_learn(DATA, cache), rated.test(DATA, "PublicTest", cache)
    learn = rated.rated_only(learnt.faces)
    seen, asked = (read_all(models, faces.crops(rated.CROP)) for faces in (learn, test))
    readout, strength = best((seen.pooled, learn.va, counting(learn)), (asked.pooled, test.va))
    print(
        f"{learnt.left_out} near twins of test faces are left out, of {learnt.left_out + len(learnt.faces)}."
    )
    print(f"{len(learn)} rated faces to learn from, {len(test)} to choose by; a ridge of {strength:g}")
    for line in figures.lines(figures.measure(readout(asked.pooled), test)):
        print(line)


if __name__ == "__main__":
    sys.exit(main())
