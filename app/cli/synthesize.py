"""`mien synthesize`: a picture in which faces have another expression."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.cli.command import Command, Example
from app.cli.values import share
from app.types import EXPRESSIONS

EVERY = "every"


class Arguments(argparse.Namespace):
    """What the options say."""

    picture: Path
    expression: str
    strength: float
    out: Path | None


def add(parser: argparse.ArgumentParser) -> None:
    """Adds the options."""
    parser.add_argument("picture", type=Path, metavar="PICTURE", help="a picture of faces")
    parser.add_argument(
        "--expression", choices=(*EXPRESSIONS, EVERY), required=True, metavar="WORD",
        help=f"what the faces shall show: {', '.join(EXPRESSIONS)}; or {EVERY}, a sheet of the largest face",
    )  # fmt: skip
    parser.add_argument(
        "--strength", type=share, default=1.0, metavar="S",
        help="how much of it, from 0 (the face as it is) to 1 (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "-o", "--out", type=Path, metavar="FILE",
        help="the picture to write, .png or .jpg (default: PICTURE-EXPRESSION.png in this folder)",
    )  # fmt: skip


def run(arguments: Arguments) -> int:
    """Writes the picture and prints its path."""
    from app.analysis.made_picture import make_picture
    from app.system import paths

    out = arguments.out or Path(f"{arguments.picture.stem}-{arguments.expression}.png")
    made = make_picture(
        arguments.picture, arguments.expression, arguments.strength, out, paths.models(),
        lambda sentence: print(sentence, file=sys.stderr),
    )  # fmt: skip
    print(made)
    return 0


COMMAND = Command(
    "synthesize",
    "make a picture in which faces have another expression",
    'Makes up another expression for each face of a picture, and writes the words "made up" on it. The '
    "network changes small grey faces; only that change is enlarged, so the skin stays sharp. It does best "
    "on faces that look ahead with the mouth closed: open mouths are rarely closed, contempt fails, and "
    "fear, disgust and contempt smear.",
    (
        Example("mien synthesize portrait.jpg --expression happy", "writes portrait-happy.png"),
        Example(
            "mien synthesize portrait.jpg --expression sad --strength 0.5 -o out.png", "half as sad as can be"
        ),
        Example("mien synthesize portrait.jpg --expression every", "a sheet of all eight"),
    ),
    add,
    run,
)
