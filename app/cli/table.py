"""`mien table`: the table of a study for statistics, with its codebook."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.cli.command import Command, Example


class Arguments(argparse.Namespace):
    """What the options say."""

    study: Path
    out: Path
    wide: bool
    doubtful: bool


def add(parser: argparse.ArgumentParser) -> None:
    """Adds the options."""
    parser.add_argument("study", type=Path, metavar="STUDY", help="folder of a study, which holds study.toml")
    parser.add_argument(
        "-o", "--out", type=Path, default=Path("study.csv"), metavar="FILE.csv",
        help="default: %(default)s; the codebook and a program for SPSS go beside it",
    )  # fmt: skip
    parser.add_argument(
        "--wide", action="store_true", help="one row a participant instead of one for each stimulus"
    )
    parser.add_argument(
        "--doubtful",
        action="store_true",
        help="use rows whose status is not ok too (default: only count them)",
    )


def run(arguments: Arguments) -> int:
    """Writes the files and prints their paths."""
    from app.study.folder import StudyFolder
    from app.study.measures import measure
    from app.study.table import long_table, wide_table, write_table

    folder = StudyFolder(arguments.study)
    study = folder.read()
    said: list[str] = []
    measured = measure(folder, study, doubtful=arguments.doubtful, say=said.append)
    for sentence in said:
        print(sentence, file=sys.stderr)
    table = (wide_table if arguments.wide else long_table)(study, measured)
    for path in write_table(study, table, arguments.out, doubtful=arguments.doubtful):
        print(path)
    return 1 if said else 0


COMMAND = Command(
    "table",
    "write the table of a study for statistics, with its codebook",
    "Writes one row a participant and stimulus: number and share of good rows, and of every signal and "
    "action mean, standard deviation, greatest and least value, and the ratings. Beside it go a codebook "
    "and a program that reads the table into SPSS with all labels. The exit code is 1 when a session was "
    "left out, which is said.",
    (
        Example("mien table STUDY -o study.csv", "one row a participant and stimulus"),
        Example("mien table STUDY -o wide.csv --wide", "one row a participant"),
    ),
    add,
    run,
)
