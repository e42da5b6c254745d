"""The work thread: its state is its own, tasks keep their order, and an error becomes a sentence."""

from __future__ import annotations

import threading

import pytest

from app.system.errors import UserError
from app.ui.flows.worker import Tasks, Worker
from app.ui.look.errors import error_sentence


def test_tasks_run_one_after_the_other_on_one_thread_with_the_state() -> None:
    worker, threads = Worker("live", list[int]()), set[str]()

    def add(state: list[int], number: int) -> None:
        threads.add(threading.current_thread().name)
        state.append(number)

    seen: list[int] = []
    for number in range(20):
        worker.submit(lambda state, number=number: add(state, number), pytest.fail)
    worker.submit(lambda state: seen.extend(state), pytest.fail)
    worker.close()
    assert seen == list(range(20))
    assert threads == {"live_0"}


def test_an_error_is_one_sentence_and_the_next_task_runs() -> None:
    tasks, said = Tasks("some"), list[str]()

    def refuse() -> None:
        raise UserError("The disk is full: make room.")

    tasks.submit(refuse, said.append)
    tasks.submit(lambda: [][1], said.append)
    tasks.submit(lambda: said.append("done"), pytest.fail)
    tasks.close(wait=True)
    assert said[0] == "The disk is full: make room."
    assert said[1].startswith("Mien ran into an internal error (IndexError: list index out of range):")
    assert said[2] == "done"


def test_our_own_errors_speak_for_themselves() -> None:
    assert error_sentence(UserError("Plug it in.")) == "Plug it in."
    assert "try again, and report it" in error_sentence(ValueError("x"))


def test_what_is_asked_for_after_the_end_is_left() -> None:
    worker, done = Worker("live", list[int]()), list[str]()
    worker.submit(lambda _: done.append("before"), pytest.fail)
    worker.close()
    worker.submit(lambda _: done.append("after"), pytest.fail)
    assert done == ["before"]
