"""Files and folders that appear whole or not at all, also when the program crashes or the power fails."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.system.errors import UserError
from app.system.plain_file import NEW, SAFE


class WriteError(UserError):
    """A file that the user asked for cannot be written; the message is one sentence that says what to do."""


@contextmanager
def replacing(path: Path, *, private: bool = False) -> Iterator[Path]:
    """Gives an empty draft beside `path`; when the block ends well, the draft takes the place of `path`.

    The block fills the draft. When the block fails, the draft is deleted and what `path` held stays; a link
    at `path` is replaced itself, never followed. A `private` file is readable by its owner alone. The folder
    of `path` must exist. Raises OSError.
    """
    draft = _draft(path)
    # A new file under a name that nobody can guess: a link that lay there would lead elsewhere.
    os.close(os.open(draft, NEW | SAFE, 0o600 if private else 0o666))
    try:
        yield draft
        with draft.open("r+b") as file:  # Windows flushes only what is open for writing
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


@contextmanager
def replacing_folder(folder: Path) -> Iterator[Path]:
    """As `replacing`, for a folder: gives an empty one beside it, to be filled. Raises OSError.

    An old folder of that name is deleted just before the new one takes its name; in between there is none.
    """
    draft = _draft(folder)
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir()
        yield draft
        if folder.is_dir():
            shutil.rmtree(folder)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    sync_folder(folder.parent)


def replace_text(path: Path, text: str, *, private: bool = False) -> None:
    """Puts `text`, as UTF-8 with its line ends as they are, in place of what `path` held. Raises OSError.

    A `private` file is readable by its owner alone.
    """
    with replacing(path, private=private) as draft:
        draft.write_text(text, encoding="utf-8", newline="")


@contextmanager
def output_file(path: Path) -> Iterator[Path]:
    """As `replacing`, for a file that the user named with -o; makes its folder too. Raises WriteError.

    It is readable by its owner alone, as the session that it was made from.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path, private=True) as draft:
            yield draft
    except OSError as error:
        raise WriteError(
            f"{path} cannot be written ({error.strerror or error}): choose another place with -o."
        ) from error


def sync_folder(folder: Path) -> None:
    """Makes the names in `folder` survive a power cut; Windows does that by itself. Raises OSError."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _draft(path: Path) -> Path:
    """Drafts end in .tmp, by which `app.sessions.recover` knows those of a process that died."""
    return path.with_name(f"{path.name[:60]}.{secrets.token_hex(4)}.tmp")
