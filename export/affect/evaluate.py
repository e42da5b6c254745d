"""Measures expression, valence and arousal: `python -m export.evaluate affect [--model CARD] [--card]
[--page] [--pictures]`, or on another data set: `python -m export.evaluate affect --set rafdb --data FOLDER`.

The test set is FER+ PrivateTest, majority vote of the 8 expressions, without the pictures that also stand in
Training. Every figure is of the ONNX file itself, on crops made by the app's own alignment.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

from app.stages.models import ModelError, load
from export.affect import page, pictures, report
from export.affect.ensemble import Ensemble
from export.data import fer, sets
from export.data.circumplex import SOURCE
from export.data.faces import made_up
from export.data.places import DATA, MODELS, RUNS
from export.shipping import card


def lines(table: dict[str, Any], place: str = "") -> list[str]:
    """The figures as one line each, the inner tables' after their name."""
    found = []
    for name, value in table.items():
        if isinstance(value, dict):
            found += lines(value, f"{place}{name} ")
        else:
            shown = f"{value:.4g}" if isinstance(value, float) else value
            found.append(f"{place}{name}: {shown}")
    return found


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m export.evaluate affect", description=__doc__)
    parser.add_argument(
        "--model",
        type=Path,
        action="append",
        help="a card, models/affect.toml when not given; of several the mean",
    )
    parser.add_argument(
        "--set", choices=sets.NAMES, default="fer", help="another set; prints its figures only"
    )
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the set's files")
    parser.add_argument("--card", action="store_true", help="write the figures on the card")
    parser.add_argument("--page", action="store_true", help="write <name>.md and its figures beside the card")
    parser.add_argument("--pictures", action="store_true", help="draw where it fails, into runs/")
    parser.add_argument("--smoke", action="store_true", help="a few drawn faces instead of the test set")
    args = parser.parse_args(argv)
    cards = args.model or [MODELS / "affect.toml"]
    if len(cards) > 1 and (args.card or args.page or args.pictures):
        parser.error("--card, --page and --pictures are of one model: give one --model, or leave them out.")
    try:
        models = [load(path, threads=1) for path in cards]
        model = Ensemble(models) if len(models) > 1 else models[0]
        if args.set != "fer":
            test = sets.part(args.set, args.data, "test", RUNS / "cache")
            print("\n".join(lines({"test_set": sets.NAMES[args.set], **report.other(model, test)})))
            return 0
        if args.smoke:
            private, old = made_up(24), made_up(16).take(made_up(16).labels < 7)
            counts = np.rint(10 * private.votes).astype(int)
            ballots = fer.Ballots(np.arange(len(private)).astype(str), counts, fer.COLUMNS)
        else:
            private = fer.load("PrivateTest", args.data, RUNS / "cache")
            old = fer.load("PrivateTest", args.data, RUNS / "cache", old_labels=True)
            ballots = fer.ballots("PrivateTest", args.data)
    except (ModelError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    figures, probs = report.measure(model, private, ballots.agreed(), old)
    table = {
        "command": " ".join(["python -m export.evaluate affect", *argv]),
        "test_set": "FER+ PrivateTest, majority vote of 8, without pictures that also stand in Training",
        "unit": "percent; RMSE, CCC and CC are of numbers in -1..1",
        "valence_arousal": SOURCE,
        **figures,
    }
    print("\n".join(lines(table)))
    faces, ballots = private.take(~private.repeated), ballots.take(~private.repeated)
    out = RUNS / f"evaluate-{model.card.name}"
    written: list[Path] = []
    if args.pictures:
        written += pictures.draw(model, faces, probs, out)
    if args.card and not args.smoke:
        card.write(cards[0], card.read(cards[0]) | {"measured": table})
    if args.page:
        to = out if args.smoke else cards[0].parent
        written += page.write(model, faces, ballots, probs, table, to)
    for path in written:
        print(path)
    return 0
