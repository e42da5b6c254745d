"""The page beside an affect model's card, models/<name>.md.

It says what the network confuses, whether its probabilities can be believed, and which places of a face speak
for an expression. It shows no test picture: those are named, and the maps are drawn on the sample clip.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from app.stages.affect import AffectReader
from app.stages.crops import crop_faces
from app.stages.models import Model
from app.system import paths
from app.types import EXPRESSIONS
from export.affect import pictures
from export.data.arrays import Labels, Probs
from export.data.detector import app_detector
from export.data.faces import Faces
from export.data.fer import Ballots
from export.synthesis.sample_clip import clearest

WEAK = 50.0  # percent of recall below which the page warns of an expression
WORST = 16  # mistakes by name


PAGE = """\
# {name}: what it gets right, and where it fails

Written by `{command}`. All figures are also on the card, `{name}.toml`.
Test set: {test_set}, {faces:,} faces.

## What it confuses

Faces: the majority of the votes down, the answer across.

{confusion}

{weaknesses}

## Whether its probabilities can be believed

The size of a dot shows how many faces. The expected calibration error, in 15 bins, is
{calibration_error:.1f} %.

![Share of right answers over the probability of the answer]({name}-reliability.svg)
{maps}
## Its worst mistakes

The wrong answers with the highest probabilities, by the pictures' names in FER+; `--pictures` draws them.

{mistakes}
"""
MAPS = """
## Which places of a face speak for an expression

Warm speaks for the expression, blue against it (class activation maps, Zhou et al., CVPR 2016), drawn as the
app draws them. The face is from the clip that comes with Mien, and is no real person's. Below each is the
expression's probability.
{misread}

![A map for each expression]({name}-maps.jpg)
"""


def write(
    model: Model, faces: Faces, ballots: Ballots, probs: Probs, table: dict[str, Any], to: Path
) -> list[Path]:
    """Writes the page, its reliability plot and, if the model has maps, those, into `to`; gives their paths.

    `probs` (n, 8) are the model's answers to the n `faces`, whose votes are `ballots`; `table` has the
    figures of the card under `measured`.
    """
    name = model.card.name
    page, plot, drawn = (to / f"{name}{end}" for end in (".md", "-reliability.svg", "-maps.jpg"))
    pictures.reliability(probs, faces.labels, plot)
    seen = "maps" in model.card.outputs
    page.write_text(
        PAGE.format(
            name=name,
            command=table["command"],
            test_set=table["test_set"],
            faces=len(faces),
            confusion=confusion(table),
            weaknesses=weaknesses(table),
            calibration_error=table["calibration_error"],
            maps=MAPS.format(name=name, misread=maps(model, drawn)) if seen else "",
            mistakes=mistakes(faces.labels, ballots, probs),
        ),
        "utf-8",
    )
    return [page, plot, drawn] if seen else [page, plot]


def confusion(figures: dict[str, Any]) -> str:
    """The confusion counts and the recall of each expression, as a Markdown table, from the card's
    figures."""
    lines = [f"| | {' | '.join(EXPRESSIONS)} | recall |", f"| --- |{' ---: |' * (len(EXPRESSIONS) + 1)}"]
    for name in EXPRESSIONS:
        counts = " | ".join(f"{count:,}" for count in figures["confusion"][name])
        lines.append(f"| **{name}** | {counts} | {figures['recall'][name]:.0f} % |")
    return "\n".join(lines)


def weaknesses(figures: dict[str, Any]) -> str:
    """Which expressions not to rely on, and the most frequent mistakes, in words, from the card's figures."""
    weak = sorted((recall, name) for name, recall in figures["recall"].items() if recall < WEAK)
    words = ", ".join(f"{name} (finds {recall:.0f} %)" for recall, name in weak)
    pairs = []
    for name, counts in figures["confusion"].items():
        for other, count in zip(EXPRESSIONS, counts, strict=True):
            if other != name and count:
                pairs.append((count / sum(counts), count, sum(counts), name, other))
    often = [
        f"- {name} taken for {other}: {count} of {faces} ({share:.0%})"
        for share, count, faces, name, other in sorted(pairs, reverse=True)[:6]
    ]
    warning = f"**Do not rely on it for {words}.** " if weak else ""
    return "\n".join([f"{warning}The largest shares of an expression\nthat go to another:\n", *often])


def mistakes(labels: Labels, ballots: Ballots, probs: Probs) -> str:
    """The wrong answers with the highest probabilities, as a Markdown table of names, votes and answers."""
    wrong = np.flatnonzero(probs.argmax(1) != labels)
    rows = wrong[np.argsort(-probs[wrong].max(1), kind="stable")][:WORST]
    lines = ["| picture | votes | answer |", "| --- | --- | --- |"]
    for row in rows:
        answer = f"{EXPRESSIONS[probs[row].argmax()]} {probs[row].max():.2f}"
        lines.append(f"| {ballots.names[row]} | {ballots.words(row)} | {answer} |")
    return "\n".join(lines)


def maps(model: Model, path: Path) -> str:
    """Writes to `path` the clip's face in each expression under that expression's map; says what is
    misread."""
    reader, detector, shape = AffectReader(model), app_detector(1, still=True), model.card.crop
    clip = cv2.VideoCapture(str(paths.sample_clip()))
    tiles, misread = [], []
    for k, name in enumerate(EXPRESSIONS):
        clip.set(cv2.CAP_PROP_POS_MSEC, 1000 * clearest(name))
        frame = np.asarray(clip.read()[1], np.uint8)
        (face,) = detector.detect(frame)
        named = reader.answer(frame, (face,))
        probs = named["probs"][0]
        ((crop,),) = crop_faces(frame, [face.eyes], shape).batch
        tiles.append(pictures.captioned(pictures.heat(reader, crop, k), name, f"{probs[k]:.2f}"))
        if probs.argmax() != k:
            misread.append(f"{name} as {EXPRESSIONS[probs.argmax()]}")
    clip.release()
    detector.close()
    pictures.sheet(tiles, len(EXPRESSIONS) // 2, path)
    return f"Here it reads {', '.join(misread)}." if misread else ""
