"""All interrupted sessions in a folder, each within a time limit: one bad one never keeps another waiting."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.sessions.info import NewerError, SessionError
from app.sessions.rebuild import is_lost, row_columns
from app.sessions.recover import Recovered, is_interrupted, recover
from app.sessions.schema.files import INFO_FILE

PATIENCE = 60.0  # s for one session
ANSWER = 10.0  # s more, after which its disk is taken to answer no more


@dataclass(frozen=True, slots=True)
class NotRecovered:
    """A session that looks interrupted and was not closed."""

    folder: Path
    why: str  # one sentence that says what to do

    def sentence(self) -> str:
        """Why, and what to do, for the user."""
        return self.why


def recover_all(
    sessions: Path, seconds: float = PATIENCE, answer: float = ANSWER, *, only: Sequence[Path] | None = None
) -> Iterator[Recovered | NotRecovered]:
    """Closes every interrupted session in `sessions`; gives one after the other, as it is done.

    A folder that is no session, one whose session is whole, and one that is a link are left out. A session
    that takes longer than `seconds` is named, and left behind where its disk does not `answer` for so
    many more. Where some folders in `sessions` are named by `only`, no other is looked at. Never raises.
    """
    try:
        looked_at = sessions.iterdir() if only is None else only
        folders = sorted(path for path in looked_at if path.is_dir() and not path.is_symlink())
    except OSError:  # it is not there, or may not be read: whoever records in it is told
        return
    for folder in folders:
        if (done := _within(folder, seconds, answer)) is not None:
            yield done


def _within(folder: Path, seconds: float, answer: float) -> Recovered | NotRecovered | None:
    """On a thread of its own, since a disk may never answer."""
    found: list[Recovered | NotRecovered | None] = []
    thread = threading.Thread(
        target=lambda: found.append(_whatever_happens(folder, seconds)), name="recovery", daemon=True
    )
    thread.start()
    thread.join(seconds + answer)
    if found:
        return found[0]
    return NotRecovered(
        folder,
        f"The recording in {folder} is left as it is, since its disk does not answer: see to the disk, then "
        f"use mien recover {folder}.",
    )


def _whatever_happens(folder: Path, seconds: float) -> Recovered | NotRecovered | None:
    try:
        return _one(folder, seconds)
    except Exception as error:  # whatever is wrong with one folder, it is said, and the next is looked at
        why = getattr(error, "strerror", "") or f"{type(error).__name__}: {str(error)[:200]}"
        return NotRecovered(
            folder, f"{folder} cannot be recovered ({why}): put it right, or move it elsewhere."
        )


def _one(folder: Path, seconds: float) -> Recovered | NotRecovered | None:
    try:
        has_rows = bool(row_columns(folder))
        if not has_rows and not _was_begun(folder):
            return None
        lost = has_rows and is_lost(folder)
        if not lost and not is_interrupted(folder):
            return None
    except NewerError:
        return None
    except SessionError as error:
        return NotRecovered(folder, f"{error} Or use mien recover {folder}: it keeps the rows.")
    try:
        return recover(folder, seconds, rebuild=lost)
    except SessionError as error:
        return NotRecovered(folder, str(error))


def _was_begun(folder: Path) -> bool:
    """Whether it is an interrupted session without any row."""
    try:
        return (folder / INFO_FILE).is_file() and is_interrupted(folder)
    except (OSError, SessionError):
        return False
