"""`mien analyze`: video files and pictures measured without a window."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.command import Command, Example
from app.cli.values import at_least
from app.stages.precision import CARDS
from app.types import DEFAULT_PRECISION


class Arguments(argparse.Namespace):
    """What the options say."""

    files: list[Path]
    out: Path
    faces: int
    jobs: int
    resume: bool
    precision: str
    explain: bool


def add(parser: argparse.ArgumentParser) -> None:
    """Adds the options."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="videos or pictures")
    parser.add_argument(
        "-o", "--out", type=Path, default=Path("sessions"), metavar="DIR",
        help="folder in which each file gets a session folder (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--faces", type=at_least(1), default=4, metavar="N",
        help="how many faces of a frame are measured, at most (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--jobs", type=at_least(1), default=1, metavar="N",
        help="how many files are analysed at the same time (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--resume", action="store_true",
        help="skip files whose whole analysis with the same networks and options is in DIR already",
    )  # fmt: skip
    parser.add_argument(
        "--precision", choices=tuple(CARDS), default=DEFAULT_PRECISION,
        help="how the affect network computes; float32 takes three times as long (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--explain", action="store_true",
        help="also save a heat map of each person's strongest moment: what in the face speaks for the "
        "expression, and what for the runner-up (in the folder explain of the session)",
    )  # fmt: skip


def run(arguments: Arguments) -> int:
    """Analyses the files. Settings of the window play no part: the same command gives the same rows."""
    return analyze(
        arguments.files, arguments.out, arguments.faces, arguments.jobs,
        resume=arguments.resume, affect=CARDS[arguments.precision], explained=arguments.explain,
    )  # fmt: skip


def analyze(
    files: list[Path], out: Path, max_faces: int, jobs: int = 1, *, resume: bool = False,
    affect: str = CARDS[DEFAULT_PRECISION], explained: bool = False,
) -> int:  # fmt: skip
    """Closes what an interrupted analysis left in `out`, then analyses `files`; gives the exit code."""
    from app.analysis.analyze import Loader
    from app.analysis.analyze import analyze as analyze_in_turn
    from app.analysis.jobs import analyze_at_once, close_unfinished, not_done
    from app.system import paths

    close_unfinished(out)
    if resume:
        files = not_done(files, out, paths.models(), max_faces, affect, explained=explained)
    load = Loader(paths.models(), max_faces, affect)
    if jobs == 1:
        return analyze_in_turn(files, out, load, max_faces, explained=explained)
    return analyze_at_once(files, out, load, max_faces, jobs, explained=explained)


COMMAND = Command(
    "analyze",
    "analyse videos and pictures without a window",
    "Writes a session folder for each file: faces.csv with a row for each face in each frame, events.csv, "
    "and session.json, which describes every column. The same file always gives the same bytes. The exit "
    "code is 1 when a file fails or shows no face; the other files are analysed all the same.",
    (
        Example("mien analyze a.mp4 b.mp4 -o out", "a folder for each in out"),
        Example("mien analyze *.mp4 --jobs 4 --resume", "goes on with many files"),
        Example("mien analyze a.mp4 --explain", "with heat maps"),
    ),
    add,
    run,
)
