"""A file appears whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.system.errors import UserError


class WriteError(UserError):
    """A file cannot be written; the message is one sentence for the user."""


@contextmanager
def fresh(path: Path) -> Iterator[Path]:
    """A name to write to; the file takes the place of `path` at the end. Raises WriteError."""
    draft = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield draft
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise WriteError(
            f"{path} cannot be written ({error.strerror or error}): choose another place with -o."
        ) from error
