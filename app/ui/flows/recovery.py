"""Closing what a crash or a power cut left open, behind the window."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.sessions.recover import Recovered
from app.sessions.recover_all import recover_all


class Recovery(QObject):
    """Interrupted sessions are closed on a thread of their own: a disk that hangs keeps nothing waiting.

    `_closed` changes under `_lock`, so that nothing is said once `close` has returned.
    """

    recovered = Signal(str)  # one sentence: an interrupted session is whole again
    failed = Signal(str)  # one sentence: one is not

    def __init__(self) -> None:
        super().__init__()
        self._lock, self._closed = threading.Lock(), False

    def start(self, sessions: Path) -> None:
        """Recovers every interrupted session in `sessions`."""
        threading.Thread(target=self._recover, args=(sessions,), name="recovery", daemon=True).start()

    def close(self) -> None:
        """Nothing more is said; nobody waits for a session that is just being closed: it is done again."""
        with self._lock:
            self._closed = True

    def _recover(self, sessions: Path) -> None:
        for done in recover_all(sessions):
            with self._lock:
                if self._closed:
                    return
                (self.recovered if isinstance(done, Recovered) else self.failed).emit(done.sentence())
