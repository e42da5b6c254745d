"""Measures a generator of faces: `python -m export.evaluate synthesis [--model CARD] [--judge CARD]`.

Needs: the FER+ data (docs/data.md), and an exported generator. Prints the figures; with --card it writes them
on the card, with --sheet a contact sheet of test faces to runs/evaluate-NAME/, and with --page one of the
face of the sample clip, which is no real person's, beside the card.

  python -m export.evaluate synthesis
  python -m export.evaluate synthesis --model runs/lgp_gan/lgp_gan.toml --sheet

Test faces are those of FER+ PrivateTest whose expression has at least half of the votes. A made face counts
as read as wanted when the judge, an expression network that had no part in the training, names the wanted
expression; faces that have it already are left out. The Frechet distance and the inception score are taken in
the judge's features and answers, so they cannot be compared with published ones: compare them with their rows
"real" and "unchanged".
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from app.stages.align import CropShape
from app.stages.crops import crop_faces
from app.stages.models import load
from app.system import paths
from app.types import EXPRESSIONS
from export.data import fer
from export.data.detector import app_detector
from export.data.faces import Faces, made_up
from export.data.places import DATA, MODELS, RUNS
from export.shipping import card
from export.synthesis.gan.maker import Maker
from export.synthesis.gan.pictures import Pictures, clear
from export.synthesis.gan.report import Judge, measure
from export.synthesis.gan.sheet import contact_sheet
from export.synthesis.sample_clip import clearest
from export.training import outcome
from export.training.arguments import parser as new_parser

LEARNT = 4000  # faces that the embedding is fitted to


def main(argv: list[str]) -> int:
    """0 when it is measured; 2 where something it needs is missing or wrong, with one sentence."""
    parser = new_parser("evaluate synthesis", __doc__)
    parser.add_argument(
        "--model",
        type=Path,
        default=MODELS / "synthesis.toml",
        help="a card, models/synthesis.toml if not given",
    )
    parser.add_argument(
        "--judge",
        type=Path,
        default=MODELS / "affect.toml",
        help="the card of an affect network, which judges",
    )
    parser.add_argument("--card", action="store_true", help="write the figures on the card")
    parser.add_argument("--sheet", action="store_true", help="draw made faces of the test set, into runs/")
    parser.add_argument("--page", action="store_true", help="draw the sample clip's face beside the card")
    parser.add_argument("--smoke", action="store_true", help="measure a few drawn faces, not the test set")
    args = parser.parse_args(argv)
    return outcome.run(lambda: _evaluate(args, argv), "nothing more is written.")


def _evaluate(args: argparse.Namespace, argv: list[str]) -> None:
    judge = Judge(load(args.judge, "affect", threads=1))
    maker = Maker(args.model)
    learn, test = faces(args.smoke)
    crops, learnt = (part.crops(maker.crop)[:, None] for part in (test, learn))
    table = {
        "command": " ".join(["python -m export.evaluate synthesis", *argv]),
        "test_set": "FER+ PrivateTest without pictures that are also in Training, at least half of the votes",
        "judge": judge.model.card.name,
        "unit": "percent of the made faces; distances and scores in the judge's features",
        **measure(maker, judge, crops, test.labels, learnt),
    }
    print("\n".join(lines(table)))
    if args.card and not args.smoke:
        card.write(args.model, card.read(args.model) | {"measured": table})
    if args.sheet:
        shown = np.concatenate([np.flatnonzero(test.labels == number)[:1] for number in range(8)])
        print(contact_sheet(maker, crops[shown], RUNS / f"evaluate-{maker.card['name']}" / "sheet.png"))
    if args.page:
        name = f"{args.model.stem}-sheet.jpg"
        print(contact_sheet(maker, sample_faces(maker.crop), args.model.parent / name))


def faces(smoke: bool) -> tuple[Faces, Faces]:
    """The first LEARNT faces of Training, and those of PrivateTest; with `smoke` drawn ones.

    Raises FileNotFoundError and DataError.
    """
    if smoke:
        return made_up(96), made_up(64, seed=1)
    test = fer.load("PrivateTest", DATA, RUNS / "cache")
    learn = clear(fer.load("Training", DATA, RUNS / "cache")).faces
    return learn.take(np.arange(min(LEARNT, len(learn)))), clear(test.take(~test.repeated)).faces


def sample_faces(shape: CropShape) -> Pictures:
    """(8, 1, size, size): the face of the sample clip with each expression, in the order of EXPRESSIONS."""
    detector, clip = app_detector(1, still=True), cv2.VideoCapture(str(paths.sample_clip()))
    crops = []
    for name in EXPRESSIONS:
        clip.set(cv2.CAP_PROP_POS_MSEC, 1000 * clearest(name))
        _, frame = clip.read()
        (face,) = detector.detect(np.asarray(frame, np.uint8))
        crops.append(crop_faces(np.asarray(frame, np.uint8), [face.eyes], shape).batch)
    clip.release()
    detector.close()
    return np.concatenate(crops)


def lines(table: dict[str, Any], place: str = "") -> list[str]:
    """The figures of `table` as a line each; those of inner tables follow the name of their table."""
    found: list[str] = []
    for name, value in table.items():
        if isinstance(value, dict):
            found += lines(value, f"{place}{name} ")
        else:
            found.append(f"{place}{name}: {f'{value:.4g}' if isinstance(value, float) else value}")
    return found
