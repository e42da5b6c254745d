"""Makes faces with other expressions on a thread of its own: of each who asks only the newest question."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from app.stages.synthesis import CARD, MISSING, Synthesizer
from app.system import paths
from app.system.errors import UserError
from app.ui.flows.worker import Tasks

Job = Callable[[Synthesizer], None]


class SynthesisThread:
    """The network is loaded with the first question.

    Nothing that is made here goes to a recorder or a stream: those are sinks of the engine and get its
    results, which nobody here changes.
    """

    def __init__(self) -> None:
        self._tasks = Tasks("synthesis")
        self._waiting: dict[object, Job] = {}
        self._lock = threading.Lock()
        self._synthesizer: tuple[Path, Synthesizer] | None = None  # of the folder that it came from

    @property
    def installed(self) -> bool:
        """Whether there is a network that makes faces."""
        return (paths.models() / CARD).exists()

    def submit(self, owner: object, job: Job, failed: Callable[[str], None]) -> None:
        """Runs `job` there, in place of one of the same `owner` that has not begun.

        `failed` is called there with a sentence where it raises.
        """
        with self._lock:
            waits = owner in self._waiting
            self._waiting[owner] = job
        if not waits:
            self._tasks.submit(lambda: self._run(owner), failed)

    def close(self) -> None:
        """Takes no more questions; nobody waits for an answer."""
        self._tasks.close(wait=False)

    def _run(self, owner: object) -> None:
        with self._lock:
            job = self._waiting.pop(owner)
        job(self._loaded())

    def _loaded(self) -> Synthesizer:
        folder = paths.models()
        if self._synthesizer is None or self._synthesizer[0] != folder:
            found = Synthesizer.load(folder)
            if found is None:
                raise UserError(MISSING)
            self._synthesizer = folder, found
        return self._synthesizer[1]
