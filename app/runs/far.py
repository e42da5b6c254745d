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
    if _mine.child is not None and _mine.options != options:  # of an earlier run
        _mine.child.end()
        _mine.child = None
    if _mine.child is None:
        multiprocessing.current_process().daemon = False  # the scheduler's nanny lets only such have children
        _mine.child = Child(here(options), None)
        _mine.options = options
    child = _mine.child
    child.begin(task)
    wait(child.handles)
    answer = child.answer()
    if answer is None or child.has_grown:
        child.end()
        _mine.child = None
    return answer


def here(options: AnalysisOptions) -> AnalysisOptions:
    """`options` with the folder of the networks of this computer."""
    return replace(options, models=paths.models())


class _Mine(threading.local):
    """The child of each thread on which a worker works."""

    child: Child | None = None
    options: AnalysisOptions | None = None


_mine = _Mine()
