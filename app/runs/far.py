"""What a worker of a cluster does: it says what it is, and has files measured by a child process.

A worker that holds the interpreter's lock for minutes is taken for dead by the scheduler, and a file may end
the process that reads it. So a worker itself measures nothing.
"""

from __future__ import annotations

import multiprocessing
import socket
import threading
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from pathlib import Path

from app import __version__
from app.analysis.options import AnalysisOptions
from app.runs.child import Answer, Child
from app.runs.names import expected_models
from app.runs.task import Task
from app.stages.detectors import require_detector
from app.system import paths
from app.system.errors import UserError

IDLE = 60.0  # s after the last file, after which a child with its networks ends


@dataclass(frozen=True, slots=True)
class Passport:
    """What must be the same on every worker, so that it does not matter which of them measures a file."""

    host: str
    version: str  # of Mien
    models: tuple[str, ...]  # sha256 of the networks that the options ask for
    sees: bool  # whether the folder of the run is there, with the file that was put there for this


def passport(options: AnalysisOptions, seen: Path) -> Passport | UserError:
    """That of this process, which has networks of its own; `seen` is a file in the folder of the run."""
    try:
        require_detector(options.detector)
        models = expected_models(here(options))
        return Passport(socket.gethostname(), __version__, models, seen.is_file())
    except UserError as error:
        return error


def measure_far(task: Task, options: AnalysisOptions) -> Answer | None:
    """What comes of `task`, measured in a child process of this thread; None where that died of it."""
    return _mine.place.measure(task, options)


def here(options: AnalysisOptions) -> AnalysisOptions:
    """`options` with the folder of the networks of this computer."""
    return replace(options, models=paths.models())


class _Place:
    """Where one thread of a worker has files measured: a child, which ends when no file comes for a while."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._options: AnalysisOptions | None = None
        self._files = 0  # that were given to children
        self._rest: threading.Timer | None = None

    def measure(self, task: Task, options: AnalysisOptions) -> Answer | None:
        """As `measure_far`."""
        with self._lock:
            self._files += 1
            if self._rest is not None:
                self._rest.cancel()
            if self._options != options:  # of an earlier run
                self._end()
            child = self._child = self._child or _new_child(options)
            self._options = options
            child.begin(task)
            wait(child.handles)
            answer = child.answer()
            if answer is None or child.has_grown:
                self._end()
            else:
                self._rest = threading.Timer(IDLE, self._end_after, (self._files,))
                self._rest.daemon, self._rest.name = True, "idle-child"
                self._rest.start()
            return answer

    def _end_after(self, files: int) -> None:
        with self._lock:
            if files == self._files:  # no further one came
                self._end()

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


def _new_child(options: AnalysisOptions) -> Child:
    multiprocessing.current_process().daemon = False  # the scheduler's nanny lets only such have children
    return Child(here(options), None)


class _Mine(threading.local):
    """The place of each thread on which a worker works."""

    def __init__(self) -> None:
        self.place = _Place()


_mine = _Mine()
