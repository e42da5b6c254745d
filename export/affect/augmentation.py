"""Whether made faces help a network to learn: `python -m export.affect.augmentation`.

Needs: the FER+ data (docs/data.md) and the generator that ships. Prints a table, which docs/experiments.md
holds: the network of the recipe light_small learns from the same few faces of Training plainly, oversampled,
and oversampled with made faces. Each seed keeps another fold of Training to be measured on; PublicTest and
PrivateTest are not read. Runs stay in runs/augmentation/: the same command resumes, or prints the table
again.

  python -m export.affect.augmentation --smoke     does it run here? seconds, on made-up data
  python -m export.affect.augmentation

Oversampled: rare expressions come more often, with a chance of frequency ** -0.5. With made faces: of the
fear, disgust and contempt that is shown a quarter was made by the generator, each of another neutral face
that the network learns from. The generator itself has seen all of Training, also the fold that is kept.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
import torch

from app.stages.models import load
from export import to_onnx
from export.affect import report
from export.affect.made_faces import RARE, SHARE, WithMadeFaces, made_of
from export.affect.task import AffectTask
from export.data import fer
from export.data.arrays import Counts, Floats
from export.data.faces import Faces, made_up
from export.data.places import DATA, MODELS, RUNS
from export.shipping import card
from export.synthesis.gan.maker import Maker
from export.train import train
from export.training import outcome
from export.training.arguments import parser as new_parser
from export.training.arguments import positive
from export.training.arguments import share as as_share
from export.training.device import add_options, chosen
from export.training.task import Recipe, Task, read_recipe, smoked

POWER = 0.5  # of the frequency, by which rare expressions come more often
WAYS = {"plain": 0.0, "oversampled": POWER, "made": POWER}
"""How the network may learn, and the power of each."""
WORDS = {
    "plain": "plain",
    "oversampled": "oversampled",
    "made": f"oversampled, {SHARE:.0%} of rare faces made",
}
CHOSEN = 64  # faces of the fold that the training's log is of; nothing is chosen by them


@dataclass(frozen=True, slots=True)
class Budget:
    """What each run gets."""

    faces: float  # share of the faces outside the fold, 0..1
    epochs: int
    seeds: tuple[int, ...]  # as many folds


def split(count: int, budget: Budget, seed: int) -> tuple[Counts, Counts]:
    """Rows of `count` faces: those to learn from, and the fold of `seed`, one of the budget's, to measure on.

    The folds are as large as each other, and no face is in two of them.
    """
    folds = np.array_split(np.random.default_rng(0).permutation(count), max(2, len(budget.seeds)))
    kept = folds.pop(budget.seeds.index(seed))
    others = np.random.default_rng(seed).permutation(np.concatenate(folds))
    return others[: max(1, round(budget.faces * len(others)))], kept


def recipe_of(way: str, budget: Budget, seed: int, smoke: bool) -> Recipe:
    """light_small within the `budget`, as a `way` of WAYS says."""
    recipe = read_recipe(Path("light_small"))
    data = {**recipe.data, "balance": WAYS[way]}
    found = replace(
        recipe, name=way, epochs=budget.epochs, batch=32, seed=seed, keep="last", data=data,
    )  # fmt: skip
    return smoked(found) if smoke else found


def measure(
    way: str, faces: Faces, maker: Maker, budget: Budget, seed: int, args: argparse.Namespace
) -> Path:
    """Trains and exports one run where that is not done, and gives the card with its figures on the fold."""
    recipe = recipe_of(way, budget, seed, args.smoke)
    place = f"{budget.faces:g}x{budget.epochs}-of-{len(budget.seeds)}-seed-{seed}"
    out = RUNS / ("smoke-augmentation" if args.smoke else "augmentation") / place / way
    path = out / f"{way}.toml"
    if path.exists() and "measured" in card.read(path):
        return path
    learn, kept = (faces.take(rows) for rows in split(len(faces), budget, seed))
    shown = kept.take(np.arange(min(CHOSEN, len(kept))))
    torch.manual_seed(seed)
    given = recipe, learn, shown, args.smoke
    made = made_of(learn, maker) if way == "made" else None
    task = cast(Task, AffectTask(*given) if made is None else WithMadeFaces(*given, made))
    train(recipe, task, out, chosen(args))
    to_onnx.export(recipe, task, out / "best.pt", out, way)
    card.write(path, card.read(path) | {"measured": report.other(load(path, threads=1), kept)})
    return path


def table(cards: dict[str, list[Path]]) -> list[str]:
    """The rows of a Markdown table: mean and standard deviation over the seeds of each way's figures."""
    lines = [
        f"| the network learns | accuracy, % | mean recall, % | {' | '.join(RARE)} |",
        "| --- | ---: | ---: |" + " ---: |" * len(RARE),
    ]
    found = {way: np.array([figures(path) for path in paths]) for way, paths in cards.items()}
    for way, values in found.items():
        lines.append(f"| {WORDS[way]} | {' | '.join(map(spread, values.T))} |")
    for way, than in (("oversampled", "plain"), ("made", "oversampled")):
        gained = found[way] - found[than]
        lines.append(f"| *{WORDS[way]}*, minus *{WORDS[than]}* | {' | '.join(map(spread, gained.T))} |")
    return lines


def figures(path: Path) -> list[float]:
    """Accuracy, mean recall and the recall of each of RARE, in percent, from the card at `path`."""
    measured = card.read(path)["measured"]
    return [measured["accuracy"], measured["mean_recall"], *(measured["recall"][name] for name in RARE)]


def spread(values: Floats) -> str:
    """Mean and standard deviation of `values` (n,); of a single one there is no deviation."""
    mean = f"{values.mean():.1f}"
    return mean if len(values) == 1 else f"{mean} ± {values.std(ddof=1):.1f}"


def main(argv: list[str] | None = None) -> int:
    """0 when the table is printed; 2 where something is missing or wrong; 130 after Ctrl-C."""
    parser = new_parser("affect.augmentation", __doc__)
    parser.add_argument(
        "--faces", type=as_share, default=0.25, help="share of the faces outside the fold to learn from"
    )
    parser.add_argument("--epochs", type=positive, default=12, help="of each run")
    parser.add_argument("--seed", type=int, nargs="+", default=[1, 2, 3], help="a run, and a fold, for each")
    parser.add_argument(
        "--model", type=Path, default=MODELS / "synthesis.toml", help="the card of the generator"
    )
    parser.add_argument("--smoke", action="store_true", help="on made-up data, in seconds")
    add_options(parser)
    args = parser.parse_args(argv)
    return outcome.run(lambda: _compare(args))


def _compare(args: argparse.Namespace) -> None:
    budget = Budget(args.faces, args.epochs, tuple(dict.fromkeys(args.seed)))
    maker = Maker(args.model)
    faces = made_up(160) if args.smoke else fer.load("Training", DATA, RUNS / "cache")
    faces = faces.take(faces.found)
    cards: dict[str, list[Path]] = {way: [] for way in WAYS}
    runs = [(seed, way) for seed in budget.seeds for way in WAYS]
    start, told = time.perf_counter(), 0
    for number, (seed, way) in enumerate(runs):
        left = (time.perf_counter() - start) / 60 / max(1, told) * (len(runs) - number)
        about = f", about {left:.0f} minutes left" if told else ""
        print(f"{WORDS[way]}, seed {seed}: run {number + 1} of {len(runs)}{about}", file=sys.stderr)
        begun = time.perf_counter()
        cards[way].append(measure(way, faces, maker, budget, seed, args))
        if time.perf_counter() - begun > 1:  # it was not there already
            told += 1
    learn, kept = split(len(faces), budget, budget.seeds[0])
    print(
        f"{budget.epochs} epochs on {len(learn):,} faces; measured on {len(kept):,} others; "
        f"seeds {', '.join(map(str, budget.seeds))}\n"
    )
    print("\n".join(table(cards)))


if __name__ == "__main__":
    sys.exit(main())
