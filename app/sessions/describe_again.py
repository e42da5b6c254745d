"""What a list of files says of a file, brought into a session that was measured before."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from app.sessions.header import NO_DETAILS, Details
from app.sessions.info import read_info, read_whole
from app.sessions.schema.files import INFO_FILE
from app.system.atomic import replace_text


def describe_again(session: Path, details: Details) -> None:
    """Makes `session.json` of a finished analysis say `details`; the rows stay. Raises SessionError, OSError.

    Nothing is written where it says so already, nor where `details` says nothing.
    """
    path = session / INFO_FILE
    if details == NO_DETAILS or details == read_info(path).details:
        return
    said = read_whole(path) | asdict(details) | {"listed": dict(details.listed)}
    replace_text(path, json.dumps(said, indent=2, ensure_ascii=False) + "\n", private=True)
