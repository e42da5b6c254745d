"""How a command of export/ ends: with one sentence that says what to do, never a traceback, and an exit
code."""

from __future__ import annotations

import sys
from collections.abc import Callable

from app.system.errors import UserError


def run(work: Callable[[], None], goes_on: str = "the same command resumes.") -> int:
    """0 when `work` is done; 2 where something it needs is missing or wrong; 130 after Ctrl-C.

    It prints the sentence of a UserError or FileNotFoundError; `goes_on` says what happens after Ctrl-C.
    """
    try:
        work()
    except (UserError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"Stopped; {goes_on}", file=sys.stderr)
        return 130
    return 0
