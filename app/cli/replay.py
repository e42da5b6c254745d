"""`mien replay`: a recorded session in the window."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.cli.command import Command, Example
from app.cli.window import add_screenshot, load_settings, load_window


class Arguments(argparse.Namespace):
    """What the options say."""

    session: Path
    screenshot: Path | None
    after: float


def add(parser: argparse.ArgumentParser) -> None:
    """Adds the options."""
    parser.add_argument("session", type=Path, metavar="SESSION", help="session folder")
    add_screenshot(parser)


def run(arguments: Arguments) -> int:
    """Opens the window on the session, until it is closed. Raises UserError where it cannot be opened."""
    from app.playing.first_source import has_display
    from app.sessions.reading import RecordedSession
    from app.sessions.schema.files import INFO_FILE, VIDEO_FILE
    from app.system.errors import UserError
    from app.system.plain_file import is_there

    if not has_display():
        raise UserError("A replay needs the window, and there is no display: use mien report SESSION.")
    chosen, notice = load_settings()
    recorded = RecordedSession(arguments.session)  # what is wrong with it is said here, not in the window
    if recorded.info.file is not None and not is_there(recorded.folder / VIDEO_FILE):
        print(f"The picture is read from {recorded.info.file.path}, as {INFO_FILE} says.", file=sys.stderr)
    open_window = load_window()
    return open_window(None, notice, chosen, arguments.screenshot, arguments.after, session=arguments.session)


COMMAND = Command(
    "replay",
    "play a recorded session in the window",
    "Opens the window on a recorded session, with its picture where one was kept: play, pause, step, seek, "
    "from a quarter of the recorded speed to four times it. Markers that you add are kept apart from the "
    "recorded ones, in events-added.csv.",
    (Example("mien replay sessions/S1", "plays what was recorded"),),
    add,
    run,
    shares=frozenset({"screenshot", "after"}),
)
