"""Holds valence and arousal of networks against ratings: `python -m export.affect.rated.report`.

Needs: the FER+ data and va-ratings.csv (docs/data.md). Prints how they agree on the rated faces of a part of
FER+, and accuracy and mean recall on all its faces.

  python -m export.affect.rated.report
  python -m export.affect.rated.report --model models/affect.toml --model models/affect-float32.toml

The part is PublicTest when none is named: by that one chooses. `export.evaluate affect` gives the same
figures on PrivateTest. Every figure is of the ONNX file itself, on crops made by the app's own alignment.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.stages.models import Model, load
from export.affect import figures
from export.affect import report as affect_report
from export.affect.rated import figures as rated_figures
from export.data import fer, rated, ratings
from export.data.faces import Faces
from export.data.places import DATA, MODELS, RUNS
from export.training import outcome
from export.training.arguments import parser as new_parser


def table(model: Model, faces: Faces) -> dict[str, Any]:
    """What a card says of `model` on the rated `faces`: how many, whose ratings, how both values agree.

    Raises ModelError.
    """
    _, va = affect_report.read(model, faces, "rated faces")
    found = rated_figures.measure(va, faces)
    agreement = {name: dataclasses.asdict(one) for name, one in found.items()}
    return {"faces": len(faces), "ratings": ratings.SOURCE, **agreement}


def main(argv: list[str] | None = None) -> int:
    """0 when it is measured; 2 where something it needs is missing or wrong, with one sentence."""
    parser = new_parser("affect.rated.report", __doc__)
    parser.add_argument("--model", type=Path, action="append", help="a card; models/affect.toml if not given")
    parser.add_argument("--part", choices=("PublicTest", "PrivateTest"), default="PublicTest", help="of FER+")
    parser.add_argument(
        "--data",
        type=Path,
        default=DATA,
        help="the folder of FER+ and of the ratings; $MIEN_DATA if not given",
    )
    args = parser.parse_args(argv)
    cards = args.model or [MODELS / "affect.toml"]
    return outcome.run(lambda: _report(cards, args.part, args.data), "nothing is written.")


def _report(cards: Sequence[Path], part: fer.Part, data: Path) -> None:
    models = [load(card, threads=1) for card in cards]
    faces = rated.test(data, part, RUNS / "cache")
    voted = fer.load(part, data, RUNS / "cache")
    voted = voted.take(~voted.repeated)
    best = ", ".join(f"{value:.3f}" for value in rated_figures.ceiling(faces.va))
    print(f"The ratings' own noise leaves a CCC of at most {best} for valence and arousal.")
    for model in models:
        _, va = affect_report.read(model, faces, "rated faces")
        probs, _ = affect_report.read(model, voted, part)
        recall = float(np.nanmean(figures.recalls(probs, voted.labels)))
        print(f"{model.card.path}, {part}: {len(faces)} rated faces, {len(voted)} with votes")
        print("\n".join(rated_figures.lines(rated_figures.measure(va, faces))))
        print(f"accuracy {figures.accuracy(probs, voted.labels):.2f} %, mean recall {recall:.2f} %")


if __name__ == "__main__":
    sys.exit(main())
