"""Measures expression, valence and arousal: `python -m export.evaluate affect [--model CARD] [--card]
[--pictures]`.

The test set is FER+ PrivateTest, majority vote of the 8 expressions, without the pictures that also stand in
Training. Every figure is of the ONNX file itself, on crops made by the app's own alignment.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from app.stages.models import ModelError, load
from export import affect_pictures, affect_report, card
from export.data import fer
from export.data.circumplex import SOURCE
from export.data.faces import made_up
from export.places import DATA, MODELS, RUNS


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
    parser.add_argument("--model", type=Path, default=MODELS / "affect.toml", help="the card of the model")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the FER+ files")
    parser.add_argument("--card", action="store_true", help="write the figures on the card")
    parser.add_argument("--pictures", action="store_true", help="draw where it fails, into runs/")
    parser.add_argument("--smoke", action="store_true", help="a few drawn faces instead of the test set")
    args = parser.parse_args(argv)
    try:
        model = load(args.model, threads=1)
        if args.smoke:
            private, old = made_up(24), made_up(16).take(made_up(16).labels < 7)
        else:
            private = fer.load("PrivateTest", args.data, RUNS / "cache")
            old = fer.load("PrivateTest", args.data, RUNS / "cache", old_labels=True)
    except (ModelError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    table = {
        "command": " ".join(["python -m export.evaluate affect", *argv]),
        "test_set": "FER+ PrivateTest, majority vote of 8, without pictures that also stand in Training",
        "unit": "percent; RMSE, CCC and CC are of numbers in -1..1",
        "valence_arousal": SOURCE,
        **affect_report.measure(model, private, old),
    }
    print("\n".join(lines(table)))
    if args.pictures:
        fresh = private.take(~private.repeated)
        probs, _ = affect_report.read(model, fresh, "pictures")
        for path in affect_pictures.draw(model, fresh, probs, RUNS / f"evaluate-{model.card.name}"):
            print(path)
    if args.card and not args.smoke:
        card.write(args.model, card.read(args.model) | {"measured": table})
    return 0
