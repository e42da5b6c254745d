"""Sessions that are being made: in a folder beside, from where each takes its place once it is whole."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from app.runs import claim
from app.sessions.info import SessionError, read_whole
from app.sessions.recover_all import recover_all
from app.sessions.schema.files import INFO_FILE, LOCK_FILE, ROWS_FILE, UNFINISHED_FOLDER
from app.system.atomic import sync_folder

TRIES, PAUSE = 10, 0.2  # s; on Windows a scanner may have a file of the folder open for a moment


def folder_of(out: Path) -> Path:
    """Where claims lie, and sessions that are being made."""
    return out / UNFINISHED_FOLDER


def draft(out: Path, name: str, token: str) -> Path:
    """Where the owner of `token` makes the session `name`."""
    return folder_of(out) / f"{name}.{token}"


def is_done(session: Path) -> bool:
    """Whether a file was measured into `session` from its beginning to its end."""
    try:
        said = read_whole(session / INFO_FILE)
    except SessionError:
        return False
    ended = said.get("finished") is True and said.get("ended_by") == "end of file"
    return ended and (session / ROWS_FILE).is_file()


def put_in_place(made: Path, session: Path) -> bool:
    """Gives the draft `made` the name `session`; what was there before goes, unless it is a whole analysis.

    Gives whether it did: if not, another worker was faster, and its rows are the same. Raises OSError.
    """
    aside = made.with_name(f"{made.name}-old")
    for turn in range(TRIES):
        if is_done(session):
            shutil.rmtree(made, ignore_errors=True)
            return False
        try:
            made.stat()  # where another worker has removed it, what was there before stays
            if os.path.lexists(session):
                session.rename(aside)
            made.rename(session)
            break
        except OSError:
            if turn == TRIES - 1 or not made.exists():
                raise
            time.sleep(PAUSE)
    shutil.rmtree(aside, ignore_errors=True)
    sync_folder(session.parent)
    return True


def remove_others(out: Path, name: str, token: str) -> None:
    """Removes what dead workers have left of the session `name`; `token` is that of the living one."""
    for left in folder_of(out).glob(f"{_literal(name)}.*"):
        if not left.name.startswith(f"{name}.{token}") and not left.name.startswith(f"{name}{claim.SUFFIX}"):
            shutil.rmtree(left, ignore_errors=True)


def sweep(out: Path) -> None:
    """Removes what is left of workers that died on this computer, and the folder if it is empty then."""
    folder = folder_of(out)
    for name in claim.names(folder):
        claim.remove_dead(folder, name, done=is_done(out / name))
    try:
        left = [path for path in folder.iterdir() if path.is_dir()]
    except OSError:
        return
    for path in left:
        name = path.name.rpartition(".")[0]
        if name not in claim.names(folder):
            shutil.rmtree(path, ignore_errors=True)
    with suppress(OSError):
        folder.rmdir()


def close_interrupted(out: Path) -> list[str]:
    """Closes recordings in `out` that were interrupted, such as of a stream; gives a sentence for each."""
    try:
        begun = [
            Path(entry.path) for entry in os.scandir(out) if os.path.lexists(Path(entry.path) / LOCK_FILE)
        ]
    except OSError:  # it is not there yet, or may not be read: whoever writes into it is told
        return []
    return [done.sentence() for done in recover_all(out, only=begun)] if begun else []


def _literal(name: str) -> str:
    """`name` as a pattern that matches nothing else."""
    return "".join(f"[{letter}]" if letter in "[]*?" else letter for letter in name)
