"""`mien report`: one HTML page of a session, of several that are compared, or of a study."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.cli.command import Command, Example


class Arguments(argparse.Namespace):
    """What the options say."""

    sessions: list[str]  # FOLDER or NAME=FOLDER
    out: Path | None
    study: bool
    event: str | None
    signal: str | None
    window: list[float] | None
    baseline: list[float] | None
    doubtful: bool


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
    parser.add_argument(
        "--study", action="store_true", help="SESSION is the folder of a study: averages around its events"
    )
    parser.add_argument(
        "--event", metavar="NAME", help="of a study: a stimulus or a marker (default: every stimulus)"
    )
    parser.add_argument("--signal", metavar="COLUMN", help="of a study: what is averaged (default: valence)")
    parser.add_argument(
        "--window", nargs=2, type=float, metavar=("FROM", "TO"),
        help="of a study: seconds from the event (default: -1 4)",
    )  # fmt: skip
    parser.add_argument(
        "--baseline", nargs=2, type=float, metavar=("FROM", "TO"),
        help="of a study: seconds from the event that values are counted from (default: -1 0)",
    )  # fmt: skip
    parser.add_argument(
        "--doubtful", action="store_true", help="of a study: draw and compare doubtful rows too"
    )


def run(arguments: Arguments) -> int:
    """Writes the page and prints its path."""
    if arguments.study:
        return _study(arguments)
    from app.exports.report.write import write

    print(write(arguments.sessions, arguments.out, lambda sentence: print(sentence, file=sys.stderr)))
    return 0


def _study(arguments: Arguments) -> int:
    from app.study.averages import Question
    from app.study.folder import StudyFolder
    from app.study.report import write_report

    start, end = arguments.window or (-1.0, 4.0)
    base_start, base_end = arguments.baseline or (max(start, -1.0), 0.0)
    question = Question(
        arguments.signal or "valence", arguments.event or "", start, end, base_start, base_end,
        arguments.doubtful,
    )  # fmt: skip
    said: list[str] = []
    path = write_report(StudyFolder(Path(arguments.sessions[0])), question, arguments.out, said.append)
    for sentence in said:
        print(sentence, file=sys.stderr)
    print(path)
    return 1 if said else 0


def check(arguments: Arguments) -> str:
    """One sentence about options that do not go together, or ""."""
    of_study = (arguments.event, arguments.signal, arguments.window, arguments.baseline, arguments.doubtful)
    if not arguments.study and any(of_study):
        return "--event, --signal, --window, --baseline and --doubtful are for a study: add --study"
    if arguments.study and len(arguments.sessions) > 1:
        return "a page has one study: name one folder"
    return ""


COMMAND = Command(
    "report",
    "write one HTML page of a session, or one that compares several",
    "Writes one HTML page, which needs no network, and prints its path. A page of several sessions compares "
    "them by condition: the one given as NAME=FOLDER, or else the one in the session's details. With "
    "--study it is the page of a study: curves around an event by condition, tables and comparisons.",
    (
        Example("mien report sessions/S1", "writes sessions/S1/report.html"),
        Example("mien report calm=S1 calm=S2 tense=S3", "compares two conditions"),
        Example("mien report --study STUDY --signal au12_left", "averages around each stimulus"),
    ),
    add,
    run,
    check,
)
