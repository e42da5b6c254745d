"""`mien recover`: an interrupted session closed by hand."""

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
    """Prints a sentence for each session."""
    from app.sessions.reading import RecordedSession
    from app.sessions.recover import is_whole, recover

    def close(session: Path) -> bool:
        if not is_whole(session):
            print(recover(session).sentence())
        elif lacking := RecordedSession(session).lacking(used=False):
            print(f"The session in {session} is finished, so that nothing can be recovered. {lacking}")
            return False
        else:
            print(f"The session in {session} is whole already: there is nothing to recover.")
        return True

    return for_each_session(arguments.sessions, close)


COMMAND = Command(
    "recover",
    "close a session that a crash or a power cut left open",
    "Cuts the rows, the events and the video of an interrupted session back to what is whole, and marks the "
    "session as finished. What lies after damage is kept beside it, in files whose names end in -rest. A "
    "session.json that is missing or damaged is made anew from the rows, and the damaged one is kept. The "
    "start of Mien does the same for the folder of recordings, except that it leaves a damaged session.json "
    "as it is.",
    (Example("mien recover sessions/S1", "closes the session, and says what was recovered"),),
    add,
    run,
)
