"""Measures which layers of the eye network may compute in 8-bit integers: `python -m export.eyes.integers`.

Needs: the net_7876 data (docs/data.md). Writes a network for each choice, table.csv and table.md to
runs/integers/ and prints the table.

  python -m export.eyes.integers

The faces are those of net_7876-train that are kept to choose by: no training sees them, and no test picture
is among them. All networks are measured in one run, on the same crops and the same noise. Error e is that of
the worse eye. In brackets is the difference from float32, with its standard error over the same faces (for
the median: over 1,000 draws of them). "Shake" is how far a centre spreads under noise, in percent of the
distance between the eyes: the median and the worst of ten faces (`export.eyes.checks`).
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from app.stages.models import Model, load
from export.data import net7876
from export.data.arrays import Floats
from export.data.crops import aligned
from export.data.net7876 import Faces
from export.data.places import DATA, MODELS, RUNS
from export.eyes import checks
from export.eyes.errors import as_labelled
from export.eyes.evaluate import Found, detect, from_boxes, from_pictures, milliseconds
from export.eyes.report import Row
from export.eyes.task import CROP, made_up_faces
from export.shipping import quantize
from export.shipping.quantize import Ends
from export.training import outcome
from export.training.arguments import parser as new_parser

CHOICES: dict[str, Ends] = {
    "all convolutions": (0, 0),
    "all but the first": (1, 0),
    "all but the first and the last": (1, 1),
    "all but the first two and the last": (2, 1),
}
THRESHOLDS = (0.025, 0.05, 0.1)
DRAWS = 1000
HEAD = (
    "in integers",
    "input",
    *(f"e <= {t}, %" for t in THRESHOLDS),
    "median e, %",
    "shake, %",
    "worst, %",
    "ms",
)


def made(card: Path, faces: Faces, out: Path) -> list[tuple[str, Model]]:
    """The float32 network of `card` and one for each of CHOICES, with their names in the table.

    Their ranges come from crops of `faces`, as in `export.shipping.quantize`. Raises ModelError.
    """
    models = [("nothing (float32)", load(card))]
    count = min(quantize.COUNT, len(faces))
    crops = aligned([faces.grey(i) for i in range(count)], faces.eyes[:count], CROP)[0]
    for name, ends in CHOICES.items():
        to = out / f"eyes-{ends[0]}-{ends[1]}.onnx"
        quantize.ship(card.with_suffix(".onnx"), crops, to, "python -m export.eyes.integers", ends)
        models.append((name, load(to.with_suffix(".toml"))))
    return models


def measured(name: str, model: Model, faces: Faces, found: Found) -> Iterator[Row]:
    """The answers of `model` from face boxes in two ways, and on the whole picture."""
    ms = milliseconds(model)
    for source, centres, views in from_boxes(model, faces):
        yield Row(name, source, centres, faces.eyes, views * ms)
    centres, _ = from_pictures(model, faces, found)
    yield Row(name, "whole picture", as_labelled(centres, model.card), faces.eyes, ms)


def figures(errors: Floats, of_floats: Floats) -> list[str]:
    """The share within each of THRESHOLDS, and the median, of a face's larger error (n,), in percent.

    Each has its difference from that `of_floats` (n,), and the standard error of the difference.
    """
    cells = []
    for threshold in THRESHOLDS:
        right, before = errors <= threshold, of_floats <= threshold
        change = 100 * (right.astype(float) - before)
        error = float(change.std() / np.sqrt(len(change)))
        cells.append(_cell(100 * float(right.mean()), float(change.mean()), error))
    draws = np.random.default_rng(0).integers(0, len(errors), (DRAWS, len(errors)))
    medians = np.median(errors[draws], axis=1) - np.median(of_floats[draws], axis=1)
    median = 100 * float(np.median(errors))
    shift = median - 100 * float(np.median(of_floats))
    return [*cells, _cell(median, shift, 100 * float(medians.std()), 3)]


def _cell(value: float, change: float, error: float, places: int = 2) -> str:
    if not change and not error:
        return f"{value:.{places}f}"
    return f"{value:.{places}f} ({change:+.{places}f} ± {error:.{places}f})"


def table(models: Sequence[tuple[str, Model]], faces: Faces, repeats: int) -> list[list[str]]:
    """The rows below HEAD: each of the named `models` on each kind of input, with `repeats` noisy
    pictures."""
    found = detect(faces)
    still = checks.stillness([model for _, model in models], faces, repeats=repeats)
    of_floats: dict[str, Floats] = {}
    lines = []
    for (name, model), shake in zip(models, still, strict=True):
        for row in measured(name, model, faces, found):
            errors = np.minimum(row.errors.max(1), 1)  # 1: not found
            cells = figures(errors, of_floats.setdefault(row.source, errors))
            noise = [f"{shake[key]:.4f}" for key in ("sd_percent_median", "sd_percent_worst")]
            ends = noise if row.source == "whole picture" else ["", ""]
            lines.append([name, row.source, *cells, *ends, f"{row.ms:.2f}"])
    return lines


def main(argv: list[str] | None = None) -> int:
    """0 when the table is printed; 2 where something it needs is missing, with one sentence."""
    parser = new_parser("eyes.integers", __doc__)
    parser.add_argument(
        "--model", type=Path, default=MODELS / "eyes.toml", help="the card of the network in floats"
    )
    parser.add_argument("--smoke", action="store_true", help="on made-up faces, in seconds")
    args = parser.parse_args(argv)
    return outcome.run(lambda: _measure(args), "the same command begins anew.")


def _measure(args: argparse.Namespace) -> None:
    faces = made_up_faces(24) if args.smoke else net7876.load(DATA, "train")
    kept = faces.part(net7876.split(len(faces), seed=7876)[1])
    out = RUNS / ("smoke-integers" if args.smoke else "integers")
    out.mkdir(parents=True, exist_ok=True)
    lines = table(made(args.model, kept, out), kept, 5 if args.smoke else 200)
    with (out / "table.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([HEAD, *lines])
    rules = ["---"] * 2 + ["---:"] * (len(HEAD) - 2)
    text = "".join(f"| {' | '.join(line)} |\n" for line in (HEAD, rules, *lines))
    (out / "table.md").write_text(text, "utf-8")
    print(f"{len(kept)} faces\n{text}")


if __name__ == "__main__":
    sys.exit(main())
