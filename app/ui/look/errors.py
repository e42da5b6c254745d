"""The one place that turns an error into the sentence a user reads."""

from __future__ import annotations

from app.system.errors import UserError


def error_sentence(error: BaseException) -> str:
    """A UserError speaks for itself; any other error is ours, and says what to do about it."""
    if isinstance(error, UserError):
        return str(error)
    what = f"{type(error).__name__}: {error}"
    return f"Mien ran into an internal error ({what}): try again, and report it if it happens again."
