"""One command on several recorded sessions, one after the other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path


def for_each_session(sessions: Sequence[Path], work: Callable[[Path], bool]) -> int:
    """Does `work` on each session; gives the exit code.

    That is 1 when `work` is False for a session, or when one of several cannot be read, which is said on
    stderr. Raises SessionError where there is only one.
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
