"""`mien report`: one HTML page of a session, or one that compares several."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.cli.command import Command, Example


class Arguments(argparse.Namespace):
    """What the options say."""

    sessions: list[str]  # FOLDER or NAME=FOLDER
    out: Path | None


def add(parser: argparse.ArgumentParser) -> None:
    """Adds the options."""
    parser.add_argument(
        "sessions", nargs="+", metavar="SESSION",
        help="session folder; NAME=FOLDER gives it the condition NAME in a comparison",
    )  # fmt: skip
    parser.add_argument(
        "-o", "--out", type=Path, metavar="FILE.html",
        help="default: report.html in the session folder, or comparison.html beside the first of several",
    )  # fmt: skip


def run(arguments: Arguments) -> int:
    """Writes the page and prints its path."""
    from app.exports.report.write import write

    print(write(arguments.sessions, arguments.out, lambda sentence: print(sentence, file=sys.stderr)))
    return 0


COMMAND = Command(
    "report",
    "write one HTML page of a session, or one that compares several",
    "Writes one HTML page, which needs no network, and prints its path. A page of several sessions compares "
    "them by condition: the one given as NAME=FOLDER, or else the one in the session's details.",
    (
        Example("mien report sessions/S1", "writes sessions/S1/report.html"),
        Example("mien report calm=S1 calm=S2 tense=S3", "compares two conditions"),
    ),
    add,
    run,
)
