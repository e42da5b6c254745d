"""More of the command line: `mien report`, `mien export`, and the streams of the window."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.streams.streams import StreamOptions

FORMATS = ("parquet", "bids", "xdf", "elan")


def add_commands(commands: Any) -> None:
    """Adds the parsers to what add_subparsers gave; each sets `run`, which gives the exit code."""
    report = commands.add_parser(
        "report", help="make one HTML page of a session, or one that compares several",
        description="Writes one HTML page that needs no network and prints where it lies. Of several "
        "sessions it compares the conditions, which are those of their details unless NAME= says otherwise.",
    )  # fmt: skip
    report.add_argument(
        "sessions", nargs="+", metavar="SESSION",
        help="session folder; NAME=FOLDER puts it under the condition NAME of a comparison",
    )  # fmt: skip
    report.add_argument(
        "-o", "--out", type=Path, metavar="FILE.html",
        help="default: report.html in the folder, or comparison.html beside the first of several",
    )  # fmt: skip
    report.set_defaults(run=_report)
    export = commands.add_parser(
        "export", help="write sessions in the format of other programs",
        description="Writes each session once more, for other programs, and prints the files: a Parquet "
        "table, a BIDS data set, an XDF file as of LabRecorder, or an ELAN file of markers and people.",
    )  # fmt: skip
    export.add_argument("sessions", nargs="+", type=Path, metavar="SESSION", help="session folders")
    export.add_argument(
        "--format", required=True, choices=FORMATS, help="parquet and elan need `make extras`"
    )
    export.add_argument(
        "-o", "--out", type=Path, metavar="DIR", help="where to write (default: beside each session)"
    )
    export.set_defaults(run=_export)
    verify = commands.add_parser(
        "verify", help="check whether a session is what was recorded",
        description="Compares the hashes of the rows, the models and the video with those that were kept, "
        "and computes the rows again from the video where there is one. Exit code 1 when anything differs.",
    )  # fmt: skip
    verify.add_argument("sessions", nargs="+", type=Path, metavar="SESSION", help="session folders")
    verify.set_defaults(run=_verify)


def add_streams(parser: argparse.ArgumentParser) -> None:
    """Adds the options for what leaves the window and what comes in; all of it is off by default."""
    group = parser.add_argument_group("streams of the window")
    group.add_argument(
        "--lsl", action="store_true",
        help="send Mien-Affect and Mien-Markers by Lab Streaming Layer, and receive the markers of others",
    )  # fmt: skip
    group.add_argument("--osc", type=_address, metavar="[HOST:]PORT", help="send OSC; HOST is this computer")
    group.add_argument(
        "--udp-markers",
        type=_port,
        metavar="PORT",
        help="each line sent to this local port is a marker",
    )


def wanted(arguments: argparse.Namespace) -> StreamOptions:
    """What `add_streams` read."""
    from app.streams.streams import Address, StreamOptions

    osc = Address(arguments.osc[1], arguments.osc[0]) if arguments.osc else None
    return StreamOptions(arguments.lsl, osc, arguments.udp_markers)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.strip("[]") or "127.0.0.1", _port(port)


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 1 to 65535")
    return int(text)


def _report(arguments: argparse.Namespace) -> int:
    from app.report.write import write

    print(write(arguments.sessions, arguments.out))
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    from app.analysis.verify import verify
    from app.system import paths

    def check(session: Path) -> bool:
        good = True
        print(session)
        for finding in verify(session, paths.models()):
            good &= finding.good
            print(f"  {'ok     ' if finding.good else 'DIFFERS'}  {finding.text}", flush=True)
        return good

    return _each(arguments.sessions, check)


def _export(arguments: argparse.Namespace) -> int:
    from app.exports.export import export
    from app.sessions.reading import RecordedSession

    def write(session: Path) -> bool:
        for path in export(RecordedSession(session), arguments.format, arguments.out):
            print(path)
        return True

    return _each(arguments.sessions, write)


def _each(sessions: Sequence[Path], work: Callable[[Path], bool]) -> int:
    """The exit code: 1 when `work` says False of a session, or one of several cannot be read, which is said.

    Raises SessionError where there is only one.
    """
    from app.sessions.info import SessionError

    good = True
    for session in sessions:
        try:
            good &= work(session)
        except SessionError as error:
            if len(sessions) == 1:
                raise
            print(error, file=sys.stderr)
            good = False
    return 0 if good else 1
