"""Measures the eye centres of networks: `python -m export.evaluate eye-centres [--model CARD] ...`.

Needs: the net_7876 data (docs/data.md), or with --data another database's files. Writes tables, curves and
plots to runs/evaluate-eye-centres-NAME/; with --card the figures on the cards, with --page models/NAME.md and
its plots.

  python -m export.evaluate eye-centres
  python -m export.evaluate eye-centres --checks --card --page
  python -m export.evaluate eye-centres --data bioid FOLDER

The labels lie a little to the right of the eyes, by as much as a network's card says, and the app takes that
off: the row "whole picture" puts it back, the row "whole picture as reported" does not.

One run measures every named network, from the database's face boxes if it has them and on the whole picture,
and MediaPipe's iris centres beside them. A picture in which no face is found counts as an error at every
threshold. Of several faces the one nearest the labels is taken.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from app.stages.detect import iris_centres
from app.stages.eyelids import CLOSED, openness, visible_confidence
from app.stages.eyes import EyeLocator
from app.stages.models import Model, load
from app.types import Detection
from export.data import bioid, gi4e, net7876
from export.data.arrays import Crops, EyesOfFaces, Floats, Heatmaps
from export.data.detector import app_detector
from export.data.errors import DataError
from export.data.net7876 import Faces
from export.data.places import DATA, MODELS, RUNS
from export.eyes import causes, checks, face_box, page, report
from export.eyes.errors import as_labelled, locate, nearest
from export.eyes.report import Row
from export.shipping import card
from export.training import outcome
from export.training.arguments import parser as new_parser
from export.training.arguments import positive


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What the detector found in each picture: None where it found no face."""

    faces: tuple[Detection | None, ...]
    ms: float  # median time of a picture


def detect(faces: Faces) -> Found:
    """The detected face nearest each label; every picture is taken as unrelated to the one before."""
    detector = app_detector(still=True)
    found, times = [], []
    for index in tqdm(range(len(faces)), desc="faces", unit="picture"):
        picture = faces.colour(index)
        start = time.perf_counter()
        candidates = detector.detect(picture)
        times.append(time.perf_counter() - start)
        found.append(nearest(candidates, faces.eyes[index]))
    detector.close()
    return Found(tuple(found), 1000 * float(np.median(times)))


def from_pictures(model: Model, faces: Faces, found: Found) -> tuple[EyesOfFaces, Floats]:
    """Centres (n, 2, 2), in pixels, and confidence (n, 2), as the app's pipeline gives them; NaN without a
    face."""
    locator = EyeLocator(model)
    centres, confidence = np.full((len(faces), 2, 2), np.nan), np.zeros((len(faces), 2))
    for index, detection in enumerate(tqdm(found.faces, desc=f"{model.card.name}, pictures", unit="picture")):
        if detection is not None:
            answer, sure = locator.locate(faces.colour(index), (detection,))
            centres[index], confidence[index] = (
                answer[0],
                visible_confidence(sure[0], openness(detection.landmarks)),
            )
    return centres, confidence


def from_boxes(model: Model, faces: Faces) -> list[tuple[str, EyesOfFaces, int]]:
    """Centres (n, 2, 2) from the database's face boxes in two ways, each with its name and its number of
    crops.

    The first uses two views: a crop around the place where eyes are in a box on average, and one around its
    answer. The second uses the views of `face_box`.
    """
    pictures = [faces.grey(index) for index in range(len(faces))]

    def run(crops: Crops) -> Heatmaps:
        return np.asarray(model.run(crops)[0])

    first, _ = locate(run, model.card.crop, pictures, faces.guesses())
    second, _ = locate(run, model.card.crop, pictures, first)
    many, _ = face_box.find(run, model.card.crop, pictures, faces.guesses())
    views = face_box.VIEWS
    return [("face box in 2 views", second, 2), (f"face box in {views} views", many, views)]


def lids(found: Found, confidence: Floats) -> dict[str, float]:
    """How many eyes the app takes for open and for closed, and the median of their `confidence` (n, 2)."""
    seen = [(sure, openness(f.landmarks)) for sure, f in zip(confidence, found.faces, strict=True) if f]
    sure, wide = (np.ravel(part) for part in zip(*seen, strict=True))
    table: dict[str, float] = {}
    for name, eyes in (("open", sure[wide >= CLOSED]), ("closed", sure[wide < CLOSED])):
        table |= {name: len(eyes), f"{name}_median": float(np.median(eyes)) if len(eyes) else np.nan}
    return table


def title(model: Model) -> str:
    """The network's name, with a note if less than half of its training was run."""
    training = card.read(model.card.path).get("training", {})
    at, of = training.get("best_epoch", 1), training.get("epochs", 1)
    return model.card.name if 2 * at >= of else f"{model.card.name} (short run, {at} of {of} epochs)"


def milliseconds(model: Model, repeats: int = 200) -> float:
    """Milliseconds of processor time for one crop on one thread; other programs hardly change them."""
    size = model.card.crop.size
    crop = np.random.default_rng(0).integers(0, 256, (1, 1, size, size), np.uint8)
    return checks.thread_milliseconds(lambda: model.run(crop), repeats)


def read_faces(data: list[str]) -> Faces:
    """The test faces of the words of `--data NAME [DIR]`. Raises FileNotFoundError or DataError, in one
    sentence."""
    name, folder = data[0], Path(data[1]) if len(data) > 1 else None
    if name == "net7876":
        return net7876.load(folder or DATA, "test")
    loaders = {"bioid": bioid.load, "gi4e": gi4e.load}
    if name not in loaders:
        raise DataError(f"There is no database {name}; choose net7876, bioid or gi4e.")
    if folder is None:
        raise DataError(f"Name the folder with the database: --data {name} DIR.")
    return loaders[name](folder)


def main(argv: list[str]) -> int:
    """0 when it is measured; 2 where something it needs is missing or wrong, with one sentence."""
    parser = new_parser("evaluate eye-centres", __doc__)
    parser.add_argument("--model", type=Path, action="append", help="a card; models/eyes.toml if not given")
    parser.add_argument(
        "--data",
        nargs="+",
        default=["net7876"],
        metavar=("NAME", "DIR"),
        help="net7876, bioid or gi4e, and the folder with its files; net7876 if not given",
    )
    parser.add_argument("--limit", type=positive, help="take only so many pictures, spread over the database")
    parser.add_argument(
        "--checks", action="store_true", help="also size, rotation, noise and the worst faces"
    )
    parser.add_argument(
        "--thesis", action="store_true", help="also time the eye-centre thesis' network; needs torch"
    )
    parser.add_argument("--card", action="store_true", help="write the figures on each network's card")
    parser.add_argument("--page", action="store_true", help="write <name>.md and its plots beside each card")
    args = parser.parse_args(argv)
    return outcome.run(lambda: _evaluate(args, argv), "the same command begins anew.")


def _evaluate(args: argparse.Namespace, argv: list[str]) -> None:
    models = [load(path) for path in args.model or [MODELS / "eyes.toml"]]
    faces = read_faces(args.data)
    if args.limit:
        faces = faces.part(np.linspace(0, len(faces) - 1, min(args.limit, len(faces))).astype(int))
    out = RUNS / f"evaluate-eye-centres-{args.data[0]}"
    found = detect(faces)
    iris = np.stack([np.full((2, 2), np.nan) if f is None else iris_centres(f) for f in found.faces])
    command = " ".join(["python -m export.evaluate eye-centres", *argv])
    measured: dict[Model, dict[str, Any]] = {}
    rows = [Row("MediaPipe iris", "whole picture", iris, faces.eyes, found.ms)]
    for model in models:
        name, ms = title(model), milliseconds(model)
        if faces.boxes is not None:
            for source, centres, views in from_boxes(model, faces):
                rows.append(Row(name, source, centres, faces.eyes, views * ms))
        centres, confidence = from_pictures(model, faces, found)
        rows.append(Row(name, "whole picture as reported", centres, faces.eyes, ms))
        rows.append(Row(name, "whole picture", as_labelled(centres, model.card), faces.eyes, ms))
        figures = report.figures([row for row in rows if row.network == name])
        figures["confidence"] = report.confidence(
            rows[-1], confidence, out / f"{model.card.name}-confidence.png"
        )
        figures["lids"] = lids(found, confidence)
        if args.thesis:
            figures["ms_over_thesis"] = ms / checks.thesis_milliseconds()
        if args.checks:
            names = checks.worst(faces, rows[-1], confidence, out / f"{model.card.name}-worst.png")
            figures["worst"] = causes.count(names)
            figures["size"] = checks.by_size(model, faces)
            figures["rotation"] = checks.by_rotation(model, faces)
            figures["noise"] = checks.stillness([model], faces)[0]
        for line in report.lines(figures):
            print(line)
        measured[model] = {"pictures": len(faces), "command": command} | figures
        if args.card:
            path = model.card.path
            card.write(path, card.read(path) | {"measured": measured[model]})
    table = report.write(rows, out)
    if args.page:
        for model, figures in measured.items():
            print(
                page.write(
                    model.card.name, figures, table, out, model.card.path.parent, model.card.too_far_right
                )
            )
    print(table)
    print(f"The table, the curve and the plots are in {out}.")
