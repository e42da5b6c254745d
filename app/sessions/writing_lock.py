"""Whether a session is being written: its writer holds a lock on a file in its folder.

The system gives the lock back when the writer ends, also when it crashes. So a session that is not finished
and whose lock is free was interrupted, whatever clocks, process numbers and names of computers say.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from app.sessions.schema.files import LOCK_FILE
from app.system.lock import FileLock, LockedError
from app.system.plain_file import is_there


class WritingLock:
    """That this process writes the session in a folder, until `release`."""

    def __init__(self, folder: Path, *, needed: bool = True) -> None:
        """Takes the lock of the session in `folder`, whether it is new or was interrupted.

        Where it is not `needed`, a disk that knows no locks goes without. Raises LockedError while somebody
        else writes the session, and OSError.
        """
        self._path = folder / LOCK_FILE
        self._lock: FileLock | None = None
        self._held = True
        try:
            self._lock = FileLock(self._path, new=not is_there(self._path))
        except FileExistsError as error:  # another process was faster
            raise LockedError from error
        except OSError:
            if needed or not self._path.is_file():
                raise

    def release(self) -> None:
        """The session is closed: gives back the lock and removes its file. Safe to call twice."""
        if self._lock is not None:
            self._lock.release()
        if self._held:
            self._held = False
            with contextlib.suppress(OSError):
                self._path.unlink()


def is_written(folder: Path) -> bool:
    """Whether somebody writes the session in `folder` now. Raises OSError where its disk does not tell."""
    path = folder / LOCK_FILE
    if not is_there(path):
        return False
    try:
        FileLock(path).release()
    except LockedError:
        return True
    return False
