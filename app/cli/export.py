"""`mien export`: sessions in the formats of other programs."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.command import Command, Example
from app.cli.for_each_session import for_each_session

FORMATS = ("parquet", "bids", "xdf", "elan")  # the keys of app.exports.export.WRITERS, which loads slowly


class Arguments(argparse.Namespace):
    """What the options say."""

    sessions: list[Path]
    format: str
    out: Path | None


def add(parser: argparse.ArgumentParser) -> None:
    """Adds the options."""
    parser.add_argument("sessions", nargs="+", type=Path, metavar="SESSION", help="session folders")
    parser.add_argument(
        "--format", required=True, choices=FORMATS,
        help="a Parquet table; a BIDS data set; an XDF file as LabRecorder writes it; an ELAN file of "
        "markers and people. Parquet and ELAN need further libraries",
    )  # fmt: skip
    parser.add_argument(
        "-o", "--out", type=Path, metavar="DIR",
        help="folder for the files (default: the one that holds the session folder)",
    )  # fmt: skip


def run(arguments: Arguments) -> int:
    """Writes the files and prints their paths."""
    from app.exports.export import export
    from app.sessions.reading import RecordedSession

    def write(session: Path) -> bool:
        for path in export(RecordedSession(session), arguments.format, arguments.out):
            print(path)
        return True

    return for_each_session(arguments.sessions, write)


COMMAND = Command(
    "export",
    "write sessions in the format of another program",
    "Writes each session in the format of another program and prints the paths of the files. The session "
    "itself stays as it is. The exit code is 1 when one of several sessions cannot be read.",
    (
        Example("mien export sessions/S1 --format bids -o study", "a BIDS data set"),
        Example("mien export S1 S2 --format parquet", "a table for each"),
    ),
    add,
    run,
)
