"""Fits the actions of the face and writes `models/actions.json`: `python -m export.affect.actions.fit`.

Needs: the FER+ data (docs/data.md), in the folder that is named or in $MIEN_DATA. Finds the landmarks of FER+
Training (some 15 minutes on one core, kept in runs/cache), and from these the mesh, the weights of the
measures, and the scale: 0 is the median of the neutral faces, 1 the 95th percentile of all.

  python -m export.affect.actions.fit
  python -m export.evaluate actions
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from app.stages.actions.card import FILE
from app.stages.actions.measures import BY_NAME, MEASURES, landmarks_of
from app.stages.actions.names import BY_NAME as ACTION
from app.stages.actions.names import HONEST
from app.stages.actions.points import RIGID
from app.stages.actions.reader import ONE_SIDED
from export.affect.actions.faces import LandmarkedFaces, load
from export.affect.actions.measured import measured
from export.affect.actions.mesh import mean_mesh
from export.affect.actions.table import MADE, Made
from export.affect.actions.weights import fitted, one_sided, plain
from export.data.arrays import Floats
from export.data.places import DATA, MODELS, RUNS
from export.training import outcome
from export.training.arguments import parser as new_parser

STRONG = 95.0  # percentile of all faces that is 1
PLACE = {measure.name: place for place, measure in enumerate(MEASURES)}


def main(argv: list[str] | None = None) -> int:
    """0 when the card is written; 2 where the data or the network is missing, with one sentence."""
    parser = new_parser("affect.actions.fit", __doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DATA, help="of the FER+ data")
    args = parser.parse_args(argv)
    return outcome.run(lambda: _fit(args.folder), "nothing is written.")


def _fit(folder: Path) -> None:
    faces = load("Training", folder, RUNS / "cache")
    mesh = mean_mesh(faces.landmarks[faces.showing("neutral")]).round(4)
    weights, neutral, strong = scaled(faces, measured(faces.landmarks, mesh))
    needed = sorted({*RIGID, *landmarks_of([BY_NAME[m] for of in weights.values() for m in of])})
    whole = {
        "what": f"Actions of the face: {HONEST}.",
        "command": "python -m export.affect.actions.fit",
        "data": f"FER+ Training: {len(faces)} faces, {int(faces.showing('neutral').sum())} of them neutral",
        "mesh": {str(landmark): mesh[landmark].tolist() for landmark in needed},
        "weights": weights,
        "neutral": neutral,
        "strong": strong,
    }
    (MODELS / FILE).write_text(json.dumps(whole, indent=1) + "\n", "utf-8")
    print(f"{MODELS / FILE} is written; python -m export.evaluate actions measures it.")


def scaled(
    faces: LandmarkedFaces, measures: Floats
) -> tuple[dict[str, dict[str, float]], dict[str, float], dict[str, float]]:
    """Weights, neutral and strong of every action, from the `measures` (n, 2, m) of n faces."""
    weights: dict[str, dict[str, float]] = {}
    neutral: dict[str, float] = {}
    strong: dict[str, float] = {}
    for name, made in MADE.items():
        weights[name] = weighted(name, made, faces, measures)
        values = sides(name, weights[name], measures)
        neutral[name] = round(float(np.median(values[faces.showing("neutral")])), 5)
        strong[name] = round(float(np.percentile(values, STRONG)), 5)
    return weights, neutral, strong


def weighted(name: str, made: Made, faces: LandmarkedFaces, measures: Floats) -> dict[str, float]:
    """The weights of one action by measure; alike, in amount, where no expression tells them."""
    names = [measure for measure, _ in made.measures]
    signs = np.array([sign for _, sign in made.measures], float)
    these = measures[:, :, [PLACE[measure] for measure in names]]
    if not made.shown_by:
        return dict(zip(names, (signs / len(signs)).tolist(), strict=True))
    shows = faces.showing(*made.shown_by)
    found = one_sided(these, signs, shows) if name == ONE_SIDED else fitted(these.mean(1), signs, shows)
    return plain(dict(zip(names, found, strict=True)))


def sides(name: str, weights: dict[str, float], measures: Floats) -> Floats:
    """(n, 1) or (n, 2): the weighted sums of an action in n faces, of both sides or of their mean; of the
    one-sided action what each side has more than the other."""
    found = sum(weight * measures[:, :, PLACE[measure]] for measure, weight in weights.items())
    assert isinstance(found, np.ndarray)
    if name == ONE_SIDED:
        return found - found[:, ::-1]
    return found if ACTION[name].sided else found.mean(1, keepdims=True)


if __name__ == "__main__":
    sys.exit(main())
