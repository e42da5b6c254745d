"""Measures expression, valence and arousal of a network: `python -m export.evaluate affect [--model CARD]`.

Needs: the FER+ data (docs/data.md), or with --set another set's files in --data. Prints the figures; with
--card it writes them on the card, with --page it writes models/NAME.md and its pictures, with --pictures
runs/evaluate-NAME/.

  python -m export.evaluate affect
  python -m export.evaluate affect --model models/affect-float32.toml --card
  python -m export.evaluate affect --set rafdb --data FOLDER

The test set is FER+ PrivateTest, majority vote of the 8 expressions, without the pictures that are also in
Training. Where the folder has va-ratings.csv, valence and arousal are held against its ratings; those of a
network that did not learn ratings are held against the values derived from the votes, too. Every figure is of
the ONNX file itself, on crops made by the app's own alignment.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from app.stages.models import load
from export.affect import page, pictures, report
from export.affect.ensemble import Ensemble
from export.affect.rated import report as rated_report
from export.data import fer, rated, ratings, sets
from export.data.circumplex import SOURCE
from export.data.faces import Faces, made_up
from export.data.places import DATA, MODELS, RUNS
from export.shipping import card
from export.training import outcome
from export.training.arguments import parser as new_parser


def lines(table: dict[str, Any], place: str = "") -> list[str]:
    """The figures of `table` as a line each; those of inner tables follow the name of their table."""
    found: list[str] = []
    for name, value in table.items():
        if isinstance(value, dict):
            found += lines(value, f"{place}{name} ")
        else:
            shown = f"{value:.4g}" if isinstance(value, float) else value
            found.append(f"{place}{name}: {shown}")
    return found


def main(argv: list[str]) -> int:
    """0 when it is measured; 2 where something it needs is missing or wrong, with one sentence."""
    parser = new_parser("evaluate affect", __doc__)
    parser.add_argument(
        "--model",
        type=Path,
        action="append",
        help="a card, models/affect.toml if not given; of several the mean answer is measured",
    )
    parser.add_argument(
        "--set", choices=sets.NAMES, default="fer", help="another set; prints its figures only"
    )
    parser.add_argument(
        "--data", type=Path, default=DATA, help="the folder of the set's files; $MIEN_DATA if not given"
    )
    parser.add_argument("--card", action="store_true", help="write the figures on the card")
    parser.add_argument(
        "--page", action="store_true", help="write <name>.md and its pictures beside the card"
    )
    parser.add_argument("--pictures", action="store_true", help="draw where it fails, into runs/")
    parser.add_argument(
        "--smoke", action="store_true", help="measure a few drawn faces instead of the test set"
    )
    args = parser.parse_args(argv)
    cards = args.model or [MODELS / "affect.toml"]
    if len(cards) > 1 and (args.card or args.page or args.pictures):
        parser.error("--card, --page and --pictures are for one model: give one --model, or leave them out.")
    return outcome.run(lambda: _evaluate(args, cards, argv), "nothing more is written.")


def _evaluate(args: argparse.Namespace, cards: list[Path], argv: list[str]) -> None:
    models = [load(path, threads=1) for path in cards]
    model = Ensemble(models) if len(models) > 1 else models[0]
    if args.set != "fer":
        test = sets.part(args.set, args.data, "test", RUNS / "cache")
        print("\n".join(lines({"test_set": sets.NAMES[args.set], **report.other(model, test)})))
        return
    judged: Faces | None = None
    if args.smoke:
        private, old = made_up(24), made_up(16).take(made_up(16).labels < 7)
        counts = np.rint(10 * private.votes).astype(int)
        ballots = fer.Ballots(np.arange(len(private)).astype(str), counts, fer.COLUMNS)
        judged = made_up(24, seed=2)
    else:
        private = fer.load("PrivateTest", args.data, RUNS / "cache")
        old = fer.load("PrivateTest", args.data, RUNS / "cache", old_labels=True)
        ballots = fer.ballots("PrivateTest", args.data)
        if (args.data / ratings.FILE).exists():
            judged = rated.test(args.data, "PrivateTest", RUNS / "cache")
    figures, probs = report.measure(model, private, ballots.agreed(), old)
    learnt = card.read(cards[0]).get("training", {}).get("valence_arousal", SOURCE)
    if learnt == ratings.SOURCE:  # derived values are not what it learnt
        figures = {name: value for name, value in figures.items() if name not in ("valence", "arousal")}
    table = {
        "command": " ".join(["python -m export.evaluate affect", *argv]),
        "test_set": "FER+ PrivateTest, majority vote of 8, without pictures that are also in Training",
        "unit": "percent; RMSE, CCC and CC are of numbers in -1..1",
        "valence_arousal": learnt,
        **figures,
        **({"rated": rated_report.table(model, judged)} if judged else {}),
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
