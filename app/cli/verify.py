"""`mien verify`: is a session what was recorded?"""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.command import Command, Example
from app.cli.for_each_session import for_each_session


class Arguments(argparse.Namespace):
    """What the options say."""

    sessions: list[Path]


def add(parser: argparse.ArgumentParser) -> None:
    """Adds the options."""
    parser.add_argument("sessions", nargs="+", type=Path, metavar="SESSION", help="session folders")


def run(arguments: Arguments) -> int:
    """Prints a line for each finding, as soon as it is known."""
    from app.analysis.verify import verify
    from app.system import paths

    def check(session: Path) -> bool:
        good = True
        print(session)
        for finding in verify(session, paths.models()):
            good &= finding.good
            print(f"  {finding.word:<7}  {finding.text}", flush=True)
        return good

    return for_each_session(arguments.sessions, check)


COMMAND = Command(
    "verify",
    "check that a session is what was recorded",
    "Compares the hashes of the rows, the networks and the analysed file with those kept in session.json. "
    "Computes the rows again from the analysed file, or from a clean video.mkv. The exit code is 1 when "
    "anything differs. A note says what was not checked, and why.",
    (Example("mien verify sessions/S1", "prints ok, DIFFERS or note for each check"),),
    add,
    run,
)
