"""`mien export`: sessions in the formats of other programs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.cli.command import Command, Example
from app.cli.for_each_session import for_each_session

FORMATS = (
    "parquet",
    "bids",
    "xdf",
    "elan",
    "csv",
)  # the keys of app.exports.export.WRITERS, which loads slowly
SEPARATORS = {",": ",", ";": ";", "tab": "\t", "|": "|"}


class Arguments(argparse.Namespace):
    """What the options say."""

    sessions: list[Path]
    format: str
    decimal: str | None
    separator: str | None
    out: Path | None


def add(parser: argparse.ArgumentParser) -> None:
    """Adds the options."""
    parser.add_argument("sessions", nargs="+", type=Path, metavar="SESSION",
                        help="session folders, or for bids the folder of one study")  # fmt: skip
    parser.add_argument(
        "--format", required=True, choices=FORMATS,
        help="a Parquet table; a BIDS data set; an XDF file as LabRecorder writes it; an ELAN file of "
        "markers and people; CSV for spreadsheets. Parquet and ELAN need further libraries",
    )  # fmt: skip
    parser.add_argument("--decimal", choices=(".", ","), help="of csv: the decimal sign (default: .)")
    parser.add_argument(
        "--separator", choices=tuple(SEPARATORS), help="of csv: what stands between two cells (default: ,)"
    )
    parser.add_argument(
        "-o", "--out", type=Path, metavar="DIR",
        help="folder for the files (default: the one that holds the session folder)",
    )  # fmt: skip


def run(arguments: Arguments) -> int:
    """Writes the files and prints their paths."""
    from app.exports.export import export
    from app.exports.tables import TableStyle
    from app.sessions.reading import RecordedSession
    from app.study.folder import STUDY_FILE

    if len(arguments.sessions) == 1 and (arguments.sessions[0] / STUDY_FILE).is_file():
        return _study(arguments)
    style = TableStyle(arguments.decimal or ".", SEPARATORS[arguments.separator or ","])

    def write(session: Path) -> bool:
        recorded = RecordedSession(session)
        if lacking := recorded.lacking():
            print(lacking, file=sys.stderr)
        for path in export(recorded, arguments.format, arguments.out, style):
            print(path)
        return True

    return for_each_session(arguments.sessions, write)


def _study(arguments: Arguments) -> int:
    from app.study.bids import write_study
    from app.study.errors import StudyError
    from app.study.folder import StudyFolder

    folder = StudyFolder(arguments.sessions[0])
    if arguments.format != "bids":
        raise StudyError(f"A whole study is exported as bids: for {arguments.format} name its sessions.")
    root = arguments.out or folder.path.absolute().with_name(f"{folder.path.absolute().name}-bids")
    said: list[str] = []
    write_study(folder, root, said.append)
    for sentence in said:
        print(sentence, file=sys.stderr)
    print(root)
    return 1 if said else 0


def check(arguments: Arguments) -> str:
    """One sentence about options that do not go together, or ""."""
    if arguments.format != "csv" and (arguments.decimal or arguments.separator):
        return "--decimal and --separator are for --format csv: leave them out, or choose that format"
    if (arguments.decimal or ".") == (arguments.separator or ","):
        return 'a number with a decimal comma needs another separator: add --separator ";"'
    return ""


COMMAND = Command(
    "export",
    "write sessions in the format of another program",
    "Writes each session in the format of another program and prints the paths of the files. The session "
    "itself stays as it is. The exit code is 1 when one of several sessions cannot be read.",
    (
        Example("mien export sessions/S1 --format bids -o study", "a BIDS data set"),
        Example("mien export STUDY --format bids -o data", "one data set of a whole study"),
        Example("mien export S1 S2 --format parquet", "a table for each"),
        Example('mien export S1 --format csv --decimal , --separator ";"', "opens right in Excel in German"),
    ),
    add,
    run,
    check,
)
