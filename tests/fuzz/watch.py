"""Watches the process that tries mutants: what hangs, ends it, or takes too much memory, is found here."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
TRIAL = ("-m", "tests.fuzz.trial")
LOOK = 0.05  # s between two looks
READY = 600.0  # s for the start


@dataclass(frozen=True, slots=True)
class Limits:
    """What one mutant may cost."""

    processor: float = 20.0  # s of a processor, so that it is no fault of it where a machine is busy
    silence: float = 200.0  # s without an answer, whatever it does
    memory: float = 500e6  # bytes more than before


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a mutant ended: "read" or "sentence", which are good, or "fault"."""

    number: int
    what: str  # the file that was damaged
    end: str
    fault: str  # in words; "" for none


LIMITS = Limits()


class Watched:
    """A process that tries mutants of one `seed`; it is started when needed, also after it was ended."""

    def __init__(
        self, seed: int, work: Path, limits: Limits = LIMITS, program: Sequence[str] = TRIAL
    ) -> None:
        """`work` is an empty folder for its files; `program` are the arguments of Python that start it."""
        self._seed, self._work, self._limits, self._program = seed, work, limits, program
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[str] = queue.Queue()

    @property
    def mutant(self) -> Path | None:
        """The folder of the mutant that was tried last."""
        return next(self._work.glob("tried/*/mutant"), None)

    def run(self, number: int) -> Outcome:
        """Tries mutant `number`."""
        process = self._process or self._start()
        about = psutil.Process(process.pid)
        before, begun, used = about.memory_info().rss, time.monotonic(), _used(about)
        assert process.stdin is not None
        print(number, file=process.stdin, flush=True)
        while True:
            try:
                answer = self._answers.get(timeout=LOOK)
            except queue.Empty:
                answer = None
            if answer == "":
                return self._end(number, f"the process ended with {process.wait()}\n{self._said()}")
            if answer is not None:
                return Outcome(**json.loads(answer))
            if (seen := _look(about)) is None:  # the answer "" is on its way
                continue
            memory, spent = seen[0] - before, seen[1] - used
            if memory > self._limits.memory:
                return self._end(number, f"{memory / 1e6:.0f} MB more memory")
            if spent > self._limits.processor or time.monotonic() - begun > self._limits.silence:
                return self._end(number, f"no answer after {spent:.0f} s of a processor")

    def close(self) -> None:
        """Ends it."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _end(self, number: int, fault: str) -> Outcome:
        self.close()
        return Outcome(number, "", "fault", fault)

    def _start(self) -> subprocess.Popen[str]:
        home = self._work / "home"  # settings and log of a user who is nobody
        tried = self._work / "tried"
        shutil.rmtree(tried, ignore_errors=True)  # of the process before
        tried.mkdir()
        own = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")}
        self._answers = queue.Queue()
        with self._errors.open("w") as errors:
            process = subprocess.Popen(
                [sys.executable, *self._program, str(self._seed), str(tried)], cwd=ROOT,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
                env=os.environ | own | {"QT_QPA_PLATFORM": "offscreen", "TQDM_DISABLE": "1"},
            )  # fmt: skip
        threading.Thread(target=_hand_on, args=(process, self._answers), daemon=True).start()
        self._process = process
        if not self._answers.get(timeout=READY):
            raise RuntimeError(f"the process does not start\n{self._said()}")
        return process

    @property
    def _errors(self) -> Path:
        return self._work / "stderr.txt"

    def _said(self) -> str:
        return self._errors.read_text(errors="replace")[-3000:]


def _hand_on(process: subprocess.Popen[str], answers: queue.Queue[str]) -> None:
    assert process.stdout is not None
    with contextlib.suppress(ValueError):  # it was closed, after its end
        for line in process.stdout:
            answers.put(line)
    answers.put("")  # it ended


def _look(about: psutil.Process) -> tuple[int, float] | None:
    """Bytes in memory, and s on a processor; None where the process has ended."""
    try:
        return about.memory_info().rss, _used(about)
    except psutil.NoSuchProcess:
        return None


def _used(about: psutil.Process) -> float:
    times = about.cpu_times()
    return float(times.user + times.system)
