"""A text file that only grows, and of which a crash loses at most the last second."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
import time
from pathlib import Path

from app.system.plain_file import NEW, open_plain

EVERY = 0.5  # s between two writes


class RowFile:
    """Takes whole lines from any thread and writes them on its own, so that a slow disk delays nobody.

    Once writing fails, the file is cut back to its last whole line and every further call raises that error.
    """

    def __init__(self, path: Path, header: str) -> None:
        """Creates the file `path` with its first line, `header`; never overwrites one. Raises OSError.

        It is readable by its owner alone.
        """
        self._handle = open_plain(path, NEW)
        self._pending = [header]
        self._whole = 0  # bytes up to the end of the last line that was written wholly
        self._hash = hashlib.sha256()
        self._writing_since: float | None = None  # s, time.perf_counter()
        self._error: OSError | None = None
        self._lock = threading.Lock()
        self._closing = threading.Event()
        try:
            self._write()
        except OSError:
            os.close(self._handle)
            path.unlink(missing_ok=True)
            raise
        self._thread = threading.Thread(target=self._run, name="rows", daemon=True)
        self._thread.start()

    @property
    def sha256(self) -> str:
        """The SHA-256 of all that was written so far: of the whole file once it is closed."""
        return self._hash.hexdigest()

    @property
    def stuck(self) -> float:
        """Seconds that the write in progress has taken so far; 0 when there is none."""
        since = self._writing_since
        return 0.0 if since is None else time.perf_counter() - since

    def append(self, lines: str) -> None:
        """Adds `lines`, which end with a line break; they are on the disk within a second. Raises OSError."""
        with self._lock:
            if self._error is not None:
                raise self._error
            self._pending.append(lines)

    def close(self) -> None:
        """Writes what is left and closes the file. Safe to call twice.

        Raises OSError when anything was not written.
        """
        self._closing.set()
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            while not self._closing.wait(EVERY):
                self._write()
            self._write()
        except OSError as error:
            with self._lock:
                self._error = error
        finally:
            os.close(self._handle)

    def _write(self) -> None:
        with self._lock:
            data, self._pending = "".join(self._pending).encode(), []
        if not data:
            return
        if os.name == "posix" and os.fstat(self._handle).st_nlink == 0:
            raise OSError(errno.ENOENT, "the file was deleted")  # writing on would seem to work
        left = memoryview(data)
        self._writing_since = time.perf_counter()
        try:
            while left:
                left = left[os.write(self._handle, left) :]
            os.fsync(self._handle)
        except OSError:
            whole = data[: data.rfind(b"\n", 0, len(data) - len(left)) + 1]
            self._hash.update(whole)
            self._whole += len(whole)
            os.ftruncate(self._handle, self._whole)
            raise
        finally:
            self._writing_since = None
        self._hash.update(data)
        self._whole += len(data)
