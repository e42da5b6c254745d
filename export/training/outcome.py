"""How a command that trains ends: with what to do in a sentence rather than a traceback, and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable

from app.stages.models import ModelError
from export.training.task import RecipeError


def run(work: Callable[[], None], goes_on: str = "the same command goes on.") -> int:
    """0 when `work` is done; 2 where something it needs is missing or wrong; 130 after Ctrl-C."""
    try:
        work()
    except (RecipeError, ModelError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"Stopped; {goes_on}", file=sys.stderr)
        return 130
    return 0
