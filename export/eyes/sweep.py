"""Measures one choice of the eye-centre thesis (section 3.4, figure 3.5) at many values.

`python -m export.eyes.sweep sigma|pixels ...`

`sigma` trains a recipe (thesis_fcn if none is named) anew for each width of the target, 1 to 6 pixels;
stopped and started again, it resumes. `pixels` decodes a trained network's heatmaps with the mean of 1 to 64
strongest pixels.

Needs: the net_7876 data (docs/data.md). Both are judged on the part of net_7876-train that no training sees,
from its face boxes in two views. Writes a table and a plot to runs/sweep-*/.

  python -m export.eyes.sweep pixels
  python -m export.eyes.sweep sigma --epochs 2 --share 0.2
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from matplotlib.figure import Figure

from app.stages.models import Model, load
from export.data import net7876
from export.data.arrays import Crops, Heatmaps
from export.data.crops import aligned
from export.data.net7876 import Faces
from export.data.places import DATA, MODELS, RUNS
from export.eyes.errors import locate, normalised_errors, placed
from export.eyes.task import EyeCentres, made_up_faces
from export.train import train
from export.training import outcome
from export.training.arguments import parser as new_parser
from export.training.arguments import positive
from export.training.arguments import share as as_share
from export.training.device import add_options, chosen, workers
from export.training.task import read_recipe

SIGMAS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)  # pixels in the crop
PIXELS = (1, 2, 4, 6, 9, 12, 16, 20, 25, 30, 36, 42, 49, 56, 64)
THRESHOLDS = (0.025, 0.05, 0.10, 0.25)


def sigma(args: argparse.Namespace) -> Path:
    """Trains for each width of SIGMAS and writes the percent of kept faces within 0.025 and 0.05 at the best
    epoch.

    Gives the folder of the table and the plot. `args` are those of the command. Raises RecipeError and
    FileNotFoundError.
    """
    recipe = read_recipe(args.recipe)
    epochs = args.epochs or recipe.epochs
    short = epochs < recipe.epochs or args.share < 1
    out = place(args) / (f"{recipe.name}-short-{args.share:g}x{epochs}" if short else recipe.name)
    faces, device, rows = data(args), chosen(args), []
    for width in SIGMAS:
        one = dataclasses.replace(recipe, epochs=epochs, loss={**recipe.loss, "sigma": width})
        one = dataclasses.replace(one, batch=8) if args.smoke else one
        torch.manual_seed(one.seed)
        task = EyeCentres(one, faces, args.smoke)
        task.steps = max(1, round(args.share * task.steps))
        folder = out / f"sigma-{width:g}"
        train(one, task, folder, device, workers(device))
        best = torch.load(folder / "best.pt", weights_only=True)["row"]
        rows.append([width, best["box_0.025"], best["box_0.05"]])
    note = f"short run, {epochs} epochs of {args.share:.0%}" if short else f"{epochs} epochs"
    return write(rows, "sigma of the target in pixels", f"{recipe.name}, {note}", out)


def pixels(args: argparse.Namespace) -> Path:
    """Decodes a network's heatmaps with each of PIXELS and writes the percent of kept faces within each
    threshold.

    Gives the folder of the table and the plot. `args` are those of the command. Raises ModelError and
    FileNotFoundError.
    """
    model, faces = load(args.model), data(args)
    kept = faces.part(net7876.split(len(faces), seed=7876)[1])
    rows = [[count, *shares] for count, shares in by_pixels(model, kept)]
    name = model.card.name
    return write(rows, "strongest pixels", f"{name}, {len(kept)} kept faces", place(args) / name)


def by_pixels(model: Model, faces: Faces) -> Iterator[tuple[int, list[float]]]:
    """Each of PIXELS with the percent of `faces` within each of THRESHOLDS."""
    shape, pictures = model.card.crop, [faces.grey(index) for index in range(len(faces))]

    def run(crops: Crops) -> Heatmaps:
        return np.asarray(model.run(crops)[0])

    first, _ = locate(run, shape, pictures, faces.guesses())
    crops, transforms = aligned(pictures, first, shape)
    maps = np.concatenate([run(crops[start : start + 64]) for start in range(0, len(crops), 64)])
    for count in PIXELS:
        centres, _ = placed(maps, transforms, count)
        worse = normalised_errors(centres, faces.eyes).max(1)
        yield count, [100 * float((worse <= t).mean()) for t in THRESHOLDS]


def data(args: argparse.Namespace) -> Faces:
    """The training faces of net_7876, or with --smoke a few made-up ones. Raises FileNotFoundError."""
    return made_up_faces(24) if args.smoke else net7876.load(DATA, "train")


def place(args: argparse.Namespace) -> Path:
    """The folder in runs/ of what the command writes."""
    return RUNS / f"{'smoke-' if args.smoke else ''}sweep-{args.choice}"


def write(rows: Sequence[Sequence[float]], choice: str, title: str, out: Path) -> Path:
    """Writes table.csv and plot.png into `out`, and gives it.

    A row is a value of the `choice` and the percent of faces within each threshold. The plot has a line for
    each threshold, less its best value, which the legend gives.
    """
    out.mkdir(parents=True, exist_ok=True)
    names = [f"e <= {t}" for t in THRESHOLDS[: len(rows[0]) - 1]]
    with (out / "table.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([f"{choice} ({title})", *names])
        writer.writerows([f"{row[0]:g}", *(f"{share:.2f}" for share in row[1:])] for row in rows)
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.add_subplot(xlabel=choice, ylabel="% of faces, less the best", title=title)
    at, *shares = np.array(rows).T
    for name, line in zip(names, shares, strict=True):
        axes.plot(at, line - line.max(), marker="o", label=f"{name}, best {line.max():.1f} %")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(out / "plot.png", dpi=120)
    return out


def main(argv: list[str] | None = None) -> int:
    """0 when the table is written; 2 where something is missing or wrong; 130 after Ctrl-C."""
    parser = new_parser("eyes.sweep", __doc__)
    choices = parser.add_subparsers(dest="choice", required=True)
    one = choices.add_parser("sigma", help="train for each width of the target")
    one.add_argument(
        "recipe", type=Path, nargs="?", default=Path("thesis_fcn"), help="thesis_fcn if not given"
    )
    one.add_argument("--epochs", type=positive, help="fewer than the recipe has: a short run, and marked so")
    one.add_argument("--share", type=as_share, default=1.0, help="of each epoch's steps, 0..1: likewise")
    add_options(one)
    one.set_defaults(run=sigma)
    two = choices.add_parser("pixels", help="decode with each number of pixels")
    two.add_argument("--model", type=Path, default=MODELS / "eyes.toml", help="a network's card")
    two.set_defaults(run=pixels)
    for part in (one, two):
        part.add_argument("--smoke", action="store_true", help="on made-up faces, in seconds")
    args = parser.parse_args(argv)
    return outcome.run(lambda: print(args.run(args)))


if __name__ == "__main__":
    sys.exit(main())
