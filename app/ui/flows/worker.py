"""Threads that work for the window, and the state that only one of them may touch."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from app.ui.look.errors import error_sentence

State = TypeVar("State")
Failed = Callable[[str], None]  # gets one sentence
log = logging.getLogger(__name__)


def guarded(task: Callable[[], None], failed: Failed) -> None:
    """Runs `task` here; where it raises, the log gets the error and `failed` one sentence."""
    try:
        task()
    except Exception as error:  # the boundary of the thread: the window shows it
        log.warning("What was asked for failed.", exc_info=True)
        failed(error_sentence(error))


class Tasks:
    """Runs tasks in the order asked for, on threads that nobody waits for."""

    def __init__(self, name: str, threads: int = 1) -> None:
        """`name` is that of the threads, for logs."""
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._closed, self._closing = False, threading.Lock()

    def submit(self, task: Callable[[], None], failed: Failed) -> None:
        """Runs `task` as soon as a thread is free; `failed` is called there with a sentence if it raises.

        Once closed it does nothing: a source that is just ending may still have something to say.
        """
        with self._closing:
            if not self._closed:
                self._pool.submit(guarded, task, failed)

    def close(self, *, wait: bool) -> None:
        """Takes no more tasks. With `wait` all are done on return; else those not begun are dropped."""
        with self._closing:
            self._closed = True
        self._pool.shutdown(wait=wait, cancel_futures=not wait)


class Worker(Generic[State]):
    """One thread that owns a state: each task gets it as its argument, and nothing else can reach it.

    So no field of it is ever read from two threads. What others need to know is handed over by signals, as
    objects that do not change any more.
    """

    def __init__(self, name: str, state: State) -> None:
        """Nobody may keep `state` but this worker."""
        self._tasks, self._state = Tasks(name), state

    def submit(self, task: Callable[[State], None], failed: Failed) -> None:
        """Runs `task` after all before it; may be called from any thread, also from a task."""
        self._tasks.submit(lambda: task(self._state), failed)

    def close(self) -> None:
        """Waits until every task is done."""
        self._tasks.close(wait=True)
