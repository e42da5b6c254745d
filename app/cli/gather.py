"""`mien gather`: one Parquet data set of any number of sessions."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.cli.command import Command, Example
from app.system.counted import counted


class Arguments(argparse.Namespace):
    """What the options say."""

    places: list[Path]
    out: Path


def add(parser: argparse.ArgumentParser) -> None:
    """Adds the options."""
    parser.add_argument(
        "places",
        nargs="+",
        type=Path,
        metavar="DIR",
        help="session folders, or folders that hold some, however deep",
    )
    parser.add_argument(
        "-o", "--out", type=Path, default=Path("study.parquet"), metavar="DATASET",
        help="folder of the data set (default: %(default)s); the parts of an older one are replaced",
    )  # fmt: skip


def run(arguments: Arguments) -> int:
    """Writes the data set, and says how much it holds."""
    from tqdm import tqdm

    from app.exports.dataset import gather, sessions_in

    folders = sessions_in(arguments.places)
    with tqdm(total=len(folders), unit=" sessions", mininterval=0.5, disable=None) as bar:
        done = gather(folders, arguments.out, bar.update)
    for sentence in done.left_out:
        print(sentence, file=sys.stderr)
    print(f"{arguments.out}: {counted(done.rows, 'row')} of {counted(done.sessions, 'session')}")
    return 1 if done.left_out else 0


COMMAND = Command(
    "gather",
    "put any number of sessions into one data set",
    "Writes a Parquet data set with the rows of all sessions: a folder for each participant, and in each row "
    "participant, session, condition and source. DuckDB, Polars, pandas and R read it as one table. Beside "
    "it lies a file with all events. The exit code is 1 when a session was left out, which is said.",
    (
        Example("mien gather out -o study.parquet", "all sessions in the folder out"),
        Example("mien gather out1 out2 sessions/S1", "of several folders"),
    ),
    add,
    run,
)
