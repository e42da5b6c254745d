"""Trains and measures every recipe of a task: `python -m export.compare affect [--short] [--only NAMES]`.

Needs: the FER+ data (docs/data.md). Writes models/affect-comparison.md and .csv, a row for each recipe. With
--short (affect-comparison-short.*) each recipe gets the same small budget (--share of the training faces,
--epochs, --batch) in a folder of its own; else the runs are those of `export.train`, continued or begun. A
row that is measured is kept, and a stopped training resumes; a run whose weights came without a checkpoint is
measured as it is. Figures are of the exported ONNX file, and of its 8-bit form, on PrivateTest with the
labels of the recipe's data set; the epoch is chosen on PublicTest.

  python -m export.compare affect --short --share 0.15 --epochs 3 --seed 1 2 3 --only "loss_*"
  python -m export.compare affect --only light_cnn affect --table
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from fnmatch import fnmatch
from pathlib import Path

import torch

from app.stages.models import load
from export import to_onnx
from export.affect import comparison, report
from export.affect.comparison import Budget, Row, integers, measured
from export.data import sets
from export.data.faces import Faces, made_up
from export.data.places import DATA, MODELS, RECIPES, RUNS
from export.shipping import card, quantize
from export.shipping.agreement import ExportError
from export.train import train
from export.training import outcome
from export.training.arguments import parser as new_parser
from export.training.arguments import positive
from export.training.arguments import share as as_share
from export.training.device import add_options, chosen, workers
from export.training.task import Recipe, RecipeError, build, folder, read_recipe, smoked

LEARN_PLANE = {"mse", "ccc", "rated"}
"""The losses that teach valence and arousal."""


def recipes(names: list[str]) -> list[Recipe]:
    """The affect recipes on FER2013's pictures whose names match one of `names`, such as "loss_*".

    First networks, then losses, last those that need another's weights. Raises RecipeError when none matches.
    """
    known = [read_recipe(path) for path in sorted(RECIPES.glob("*.toml"))]
    fitting = [r for r in known if r.task == "affect" and r.data.get("set", "fer") in sets.OF_FER]
    for name in names:
        if not any(fnmatch(recipe.name, name) for recipe in fitting):
            raise RecipeError(f"No recipe is called {name}; there are: {', '.join(r.name for r in fitting)}.")
    chosen = [r for r in fitting if any(fnmatch(r.name, name) for name in names)]
    return sorted(chosen, key=lambda r: (bool(r.teacher or r.start), r.name.startswith("loss_"), r.name))


def shortened(recipe: Recipe, budget: Budget | None, seed: int, smoke: bool) -> Recipe:
    """The recipe at a small `budget`, if there is one, with `seed` and from drawn weights; nothing else
    changes."""
    if budget:
        data = {**recipe.data, "share": budget.share}
        recipe = dataclasses.replace(
            recipe, epochs=budget.epochs, batch=budget.batch, seed=seed, start="", frozen=(), data=data
        )
    return smoked(recipe) if smoke else recipe


def place(recipe: Recipe, budget: Budget | None, seed: int, smoke: bool) -> Path:
    """The folder of the run of `recipe`: every budget and every `seed` of it has folders of its own."""
    if not budget:
        return folder(recipe, smoke)
    name = f"short-{budget.share:g}x{budget.epochs}-batch-{budget.batch}-seed-{seed}"
    return RUNS / name / recipe.name


def measure(recipe: Recipe, out: Path, test: Faces, device: torch.device, smoke: bool) -> None:
    """Trains, exports, quantises and measures `recipe` in the folder `out`; both cards there then have the
    figures on `test`.

    Raises ExportError and the errors of `train`.
    """
    path = out / f"{recipe.name}.toml"
    task = build(recipe, smoke)
    if not measured(path):
        if (out / "checkpoint.pt").exists() or not (out / "best.pt").exists():
            train(recipe, task, out, device, workers(device))
        to_onnx.export(recipe, task, out / "best.pt", out, recipe.name)
    command = f"python -m export.shipping.quantize {recipe.name}"
    count = 32 if smoke else quantize.COUNT
    quantize.ship(path.with_suffix(".onnx"), task.crops(count), integers(path).with_suffix(".onnx"), command)
    for each in (path, integers(path)):
        figures = report.other(load(each, threads=torch.get_num_threads()), test)
        if not LEARN_PLANE & set(recipe.loss):  # valence and arousal are as they were drawn
            figures = {name: value for name, value in figures.items() if name not in ("valence", "arousal")}
        card.write(each, card.read(each) | {"measured": figures})


def main(argv: list[str] | None = None) -> int:
    """0 when the tables are written; 2 where something is missing or wrong; 130 after Ctrl-C."""
    parser = new_parser("compare", __doc__)
    parser.add_argument("task", choices=["affect"])
    parser.add_argument("--only", nargs="+", default=["*"], metavar="NAME", help="recipes, such as 'loss_*'")
    parser.add_argument("--short", action="store_true", help="the same small budget for each")
    parser.add_argument(
        "--share", type=as_share, default=0.25, help="with --short: of the training faces, 0..1"
    )
    parser.add_argument("--epochs", type=positive, default=4, help="with --short: of each recipe")
    parser.add_argument(
        "--batch", type=positive, default=32, help="with --short: faces in a step; few faces need small steps"
    )
    parser.add_argument("--seed", type=int, nargs="+", default=[1], help="with --short: a run for each")
    parser.add_argument(
        "--table", action="store_true", help="train nothing, write the tables of what is measured so far"
    )
    add_options(parser)
    parser.add_argument("--smoke", action="store_true", help="on made-up data, with the tables in runs/")
    args = parser.parse_args(argv)
    given = sys.argv[1:] if argv is None else argv
    command = " ".join(["python -m export.compare", *(word for word in given if word != "--table")])
    return outcome.run(lambda: _compare(args, command))


def _compare(args: argparse.Namespace, command: str) -> None:
    budget = Budget(args.share, args.epochs, args.batch, tuple(args.seed)) if args.short else None
    known, device = recipes(args.only), chosen(args)
    tests: dict[str, Faces] = {}
    for number, recipe in enumerate(() if args.table else known, 1):
        which = recipe.data.get("set", "fer")
        for seed in seeds(recipe, budget):
            out = place(recipe, budget, seed, args.smoke)
            if all(map(measured, (path := out / f"{recipe.name}.toml", integers(path)))):
                continue
            if which not in tests:
                real = not args.smoke
                tests[which] = sets.part(which, DATA, "test", RUNS / "cache") if real else made_up(16, seed=2)
            print(f"{recipe.name}, {number} of {len(known)}, seed {seed}", file=sys.stderr)
            try:
                measure(shortened(recipe, budget, seed, args.smoke), out, tests[which], device, args.smoke)
            except ExportError as error:  # the others still count
                print(f"{recipe.name}: {error}", file=sys.stderr)
    rows = [
        Row(r, tuple(place(r, budget, seed, args.smoke) / f"{r.name}.toml" for seed in seeds(r, budget)))
        for r in known
    ]
    for path in comparison.write(rows, budget, command, RUNS if args.smoke else MODELS):
        print(path)


def seeds(recipe: Recipe, budget: Budget | None) -> tuple[int, ...]:
    """The seeds with which `recipe` is trained: those of the `budget`, or its own."""
    return budget.seeds if budget else (recipe.seed,)


if __name__ == "__main__":
    sys.exit(main())
