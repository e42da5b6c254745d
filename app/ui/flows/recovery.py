"""Closing what a crash or a power cut left open, behind the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.sessions.info import SessionError
from app.sessions.recover import interrupted_sessions, recover
from app.ui.flows.running import WorkState
from app.ui.flows.worker import Worker


class Recovery(QObject):
    """Interrupted sessions are closed on the work thread, before anything else is recorded."""

    recovered = Signal(str)  # one sentence: an interrupted session is whole again
    failed = Signal(str)  # one sentence: one is not

    def __init__(self, worker: Worker[WorkState]) -> None:
        super().__init__()
        self._worker = worker

    def start(self, sessions: Path) -> None:
        """Recovers every interrupted session in `sessions`."""
        self._worker.submit(lambda _: self._recover(sessions), self.failed.emit)

    def _recover(self, sessions: Path) -> None:
        for folder in interrupted_sessions(sessions):
            try:
                self.recovered.emit(recover(folder).sentence())
            except SessionError as error:
                self.failed.emit(str(error))
