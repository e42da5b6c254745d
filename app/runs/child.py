"""A process of its own that measures files: whatever a file does to it, its parent goes on."""

from __future__ import annotations

import os
import signal
import sys
import threading
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from typing import Any, NoReturn

import psutil

from app.analysis.options import AnalysisOptions, LoadPipeline
from app.runs.once import measure_once
from app.runs.task import Outcome, Task
from app.system.errors import UserError
from app.system.interruption import Interruption, signals_blocked, unblock_signals

GROWTH = 400e6  # bytes by which a child may grow: whatever a library leaks does not add up over many files
PATIENCE = 10.0  # s in which a child that is to end closes its file
Answer = Outcome | UserError


class Child:
    """A child process, which measures one file after the other.

    Attribute: `handles`, one of which is ready when there is an answer, or when the child is dead.
    """

    def __init__(self, options: AnalysisOptions, load: LoadPipeline | None) -> None:
        """Starts it. `load`, which can be pickled, gives the pipelines instead of `options.pipelines`."""
        context = get_context("spawn")
        self._near, far = context.Pipe()
        self._process = context.Process(target=_serve, args=(far, options, load), daemon=True)
        with signals_blocked():  # a process that just begins knows no handlers yet
            self._process.start()
        far.close()
        self.handles: tuple[Any, ...] = (self._near, self._process.sentinel)
        self._first = self._now = 0  # bytes of memory after the first file, and after the last

    @property
    def has_grown(self) -> bool:
        """Whether a fresh one should take over."""
        return self._now - self._first > GROWTH

    def begin(self, task: Task) -> None:
        """Gives it a file. If it is dead, `answer` says so."""
        try:
            self._near.send(task)
        except OSError:
            return

    def answer(self) -> Answer | None:
        """What came of the file, once a handle is ready; None where the file has ended the process."""
        try:
            answer, memory = self._near.recv()
        except (EOFError, OSError):
            return None
        self._now = memory
        self._first = self._first or memory
        if not isinstance(answer, Outcome | UserError):
            raise TypeError(f"a child process gave {type(answer).__name__}")
        return answer

    def ask_to_end(self) -> None:
        """Sends it a signal, and does not wait."""
        self._process.terminate()

    def end(self) -> None:
        """Ends it; a file that it works on is closed. Safe to call twice."""
        self.ask_to_end()
        self._process.join(PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._near.close()


def _serve(connection: Connection, options: AnalysisOptions, load: LoadPipeline | None) -> None:
    """What the child does, until its parent is gone or ends it."""
    interruption = Interruption()
    interruption.install()
    unblock_signals()
    threading.Thread(target=_end_with_parent, args=(interruption,), name="parent", daemon=True).start()
    own = psutil.Process()
    pipelines: LoadPipeline | None = load
    while True:
        try:
            task = connection.recv()
        except (EOFError, OSError):
            return
        try:
            pipelines = pipelines or options.pipelines()
            answer: Answer = measure_once(task, options, pipelines, progress=False, interruption=interruption)
        except UserError as error:
            answer = error
        except KeyboardInterrupt:
            _leave(interruption)
        try:
            with interruption.busy():
                connection.send((answer, own.memory_info().rss))
        except (
            KeyboardInterrupt,
            OSError,
        ):  # a signal that came with the last frame, or a parent that is gone
            _leave(interruption)
        if interruption.came:
            _leave(interruption)


def _leave(interruption: Interruption) -> NoReturn:
    sys.stderr.flush()
    os._exit(interruption.exit_code)


def _end_with_parent(interruption: Interruption) -> None:
    """A child whose parent was killed closes its file: nobody would take what it measures."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        interruption(signal.SIGTERM, None)
