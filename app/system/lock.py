"""A lock that a process holds on a file: when the process ends, however it ends, the system takes it away.

It needs no clock and no number of a process, which another computer or container may use too.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.system.plain_file import CHANGE, NEW, open_plain


class LockedError(Exception):
    """Another process, or this one, holds the lock."""


class FileLock:
    """A lock on a file, held from its making to `release`."""

    def __init__(self, path: Path, *, new: bool = False) -> None:
        """Takes the lock on the plain file `path`, which is made where it is `new`.

        Raises LockedError while somebody holds it. Raises OSError where the file cannot be opened or its
        disk knows no locks.
        """
        self._handle: int | None = open_plain(path, NEW if new else CHANGE)
        try:
            _take(self._handle)
        except (LockedError, OSError):
            os.close(self._handle)
            raise

    def release(self) -> None:
        """Lets it go; the file stays. Safe to call twice."""
        if self._handle is not None:
            os.close(self._handle)  # which gives the lock back
            self._handle = None


def _take(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise LockedError from error
    else:
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # of this opening of the file, not the process
        except BlockingIOError as error:
            raise LockedError from error
