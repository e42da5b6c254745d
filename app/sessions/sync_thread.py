"""Makes the disk keep what was written, on a thread of its own: a slow disk needs seconds for it."""

from __future__ import annotations

import threading
from collections.abc import Callable


class SyncThread:
    """Calls `sync` when asked to, one call at a time, while the one who asks goes on writing.

    What is asked for during a call leads to one more call, however often. Nothing is held in memory for it.
    """

    def __init__(self, sync: Callable[[], None]) -> None:
        """`sync` waits until the disk has all that was written before, and raises OSError when it refuses."""
        self._sync = sync
        self._error: OSError | None = None
        self._asked = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._thread.start()

    def ask(self) -> None:
        """Has the disk keep what was written so far, soon; returns at once.

        Raises the OSError of a call before, which nobody has seen yet.
        """
        if self._error is not None:
            raise self._error
        self._asked.set()

    def close(self) -> None:
        """Waits for the call in progress; what is asked for and not begun is left to the caller.

        Raises OSError when a call failed.
        """
        self._closing = True
        self._asked.set()
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            while True:
                self._asked.wait()
                self._asked.clear()  # before the call: what is written during it needs another one
                if self._closing:
                    return
                self._sync()
        except OSError as error:
            self._error = error
