"""The workers of a Dask cluster, on this computer or on many: each measures one file at a time."""

from __future__ import annotations

import errno
import importlib.util
import os
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from tqdm import tqdm

from app.analysis.options import AnalysisOptions
from app.runs import far, unfinished
from app.runs.far import Passport
from app.runs.once import cannot_write, failed, shown_name
from app.runs.processes import ATTEMPTS, ended_its_process
from app.runs.task import Outcome, Task
from app.sessions.recorder import RecordError
from app.sources.address import Place
from app.system import paths
from app.system.errors import UserError
from app.system.extras import need
from app.system.interruption import Interruption

LOOK_EVERY = 0.5  # s between two looks at workers and signals
ANSWER = 15  # s in which a scheduler answers
PATIENCE = 60.0  # s without a worker, after which the run ends
GATHER = 5.0  # s for which files wait for workers that have just been asked what they are
AHEAD = 2  # files that each thread of a worker has been given, so that it never waits for the next


class ClusterError(UserError):
    """There is no cluster that can do the work; the text is one sentence."""


class Cluster:
    """The workers of the scheduler at an address; or of one that is started here."""

    bar = True

    def __init__(
        self, options: AnalysisOptions, where: str, processes: int | None, interruption: Interruption
    ) -> None:
        """`where` is an address, or local: then as many workers are started as `processes` says.

        Raises MissingExtra.
        """
        self._dask = need("distributed", "--cluster")
        self._options = replace(options, out=options.out.absolute())
        self._where, self._processes, self._interruption = where, processes, interruption

    def outcomes(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """As `Workers`. Raises ClusterError where nobody works."""
        if not tasks:
            return
        with self._interruption.busy(), self._client() as client, self._seen() as seen:
            yield from _Round(self._dask, client, self._options, seen, self._interruption).outcomes(tasks)

    @contextmanager
    def _client(self) -> Iterator[Any]:
        """The connection to the scheduler."""
        if self._where == "local":
            count = self._processes or len(_processors())
            with (
                self._dask.LocalCluster(
                    n_workers=count, threads_per_worker=1, host="127.0.0.1", silence_logs=50,
                    dashboard_address="127.0.0.1:0",
                ) as cluster,
                self._dask.Client(cluster) as client,
            ):  # fmt: skip
                if importlib.util.find_spec("bokeh") is not None:
                    tqdm.write(f"The dashboard of the cluster is {client.dashboard_link}")
                yield client
            return
        try:
            client = self._dask.Client(self._where, timeout=ANSWER)
        except (OSError, ValueError) as error:
            raise ClusterError(
                f"No scheduler answers at {self._where} ({type(error).__name__}): start one with dask "
                "scheduler, or check the address."
            ) from None
        with client:
            tqdm.write(f"The dashboard of the cluster is {client.dashboard_link}")
            yield client

    @contextmanager
    def _seen(self) -> Iterator[Path]:
        """A file in the folder of the run, which every worker must see."""
        folder = unfinished.folder_of(self._options.out)
        try:
            with _file_in(folder) as file:
                yield Path(file.name)
        except OSError as error:
            raise cannot_write(self._options.out, error) from error
        with suppress(OSError):
            folder.rmdir()


@dataclass(frozen=True, slots=True)
class _Given:
    """A file that has been given to workers."""

    task: Task
    workers: dict[str, int]  # threads of each that may measure it, by its address


class _Question:
    """What a worker is, asked on a thread of its own, since nobody knows when it answers."""

    def __init__(self, client: Any, options: AnalysisOptions, seen: Path, address: str) -> None:
        self._client, self._options, self._seen, self._address = client, options, seen, address
        self._since = time.monotonic()
        self.answer: object = None  # None: not yet
        threading.Thread(target=self._ask, name="worker-question", daemon=True).start()

    @property
    def age(self) -> float:
        """Seconds since it was asked."""
        return time.monotonic() - self._since

    def _ask(self) -> None:
        try:
            found = self._client.run(
                far.passport, self._options, self._seen, workers=[self._address], on_error="return"
            )
            self.answer = found[self._address]
        except Exception as error:  # the worker or the scheduler is gone: Dask has an error for each
            self.answer = error


class _Round:
    """Files given to the workers, and what came of them."""

    def __init__(
        self, dask: Any, client: Any, options: AnalysisOptions, seen: Path, interruption: Interruption
    ) -> None:
        self._dask, self._client, self._options, self._seen = dask, client, options, seen
        self._interruption = interruption
        mine = far.passport(replace(options, models=paths.models()), seen)
        if isinstance(mine, UserError):
            raise mine
        self._mine: Passport = mine
        self._good: dict[str, int] = {}  # threads of each worker that may be given files, by its address
        self._bad: set[str] = set()  # addresses of others
        self._asked: dict[str, _Question] = {}  # by the address of a worker that is not known yet
        self._attempts: Counter[Place] = Counter()
        self._alone_since = time.monotonic()  # s, since when there is no good worker

    def outcomes(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """As `Workers`."""
        waiting, given = deque(tasks), dict[Any, _Given]()
        try:
            while waiting or given:
                if self._interruption.came:
                    raise KeyboardInterrupt
                yield from self._recovered(given, waiting, self._look_at_workers())
                while waiting and not self._gathers and len(given) < AHEAD * sum(self._good.values()):
                    task = waiting.popleft()
                    given[self._submit(task)] = _Given(task, dict(self._good))
                if not given:
                    time.sleep(LOOK_EVERY)
                    continue
                for future in self._ready(given):
                    task = given.pop(future).task
                    outcome = self._taken(task, future)
                    if outcome is None:
                        waiting.append(task)
                    else:
                        yield outcome
        finally:
            with suppress(Exception):  # the scheduler may be gone
                self._client.cancel(list(given), reason="the run was stopped")

    def _submit(self, task: Task) -> Any:
        return self._client.submit(
            far.measure_far, task, self._options, workers=list(self._good), pure=False, retries=0
        )

    def _recovered(
        self, given: dict[Any, _Given], waiting: deque[Task], present: Mapping[str, object]
    ) -> Iterator[Outcome]:
        """Takes back the files whose workers are all gone: others wait for them for ever.

        A worker measures in the order in which it was given files. So of those, the first, one a thread, may
        have been its end; they are outcomes where that has happened too often.
        """
        lost = [future for future, each in given.items() if not present.keys() & each.workers.keys()]
        if not lost:
            return
        self._client.cancel(lost, force=True, reason="its worker is gone")
        begun = Counter[str]()
        for future in lost:
            each = given.pop(future)
            free = [address for address, threads in each.workers.items() if begun[address] < threads]
            begun.update(free[:1])
            outcome = self._died(each.task, "its worker was lost") if free else None
            if outcome is None:
                waiting.append(each.task)
            else:
                yield outcome

    @property
    def _gathers(self) -> bool:
        return any(question.age < GATHER for question in self._asked.values())

    def _ready(self, given: Mapping[Any, _Given]) -> list[Any]:
        with suppress(TimeoutError, self._dask.TimeoutError):
            self._dask.wait(list(given), timeout=LOOK_EVERY, return_when="FIRST_COMPLETED")
        if self._client.status not in ("running", "connecting"):
            raise ClusterError(
                f"The scheduler of the cluster is gone ({self._client.status}): start it again, then the "
                "same command."
            )
        return [future for future in given if future.done()]

    def _taken(self, task: Task, future: Any) -> Outcome | None:
        """What came of a file; None where it is to be tried again, on another worker if need be."""
        try:
            answer = future.result(timeout=ANSWER)
        except UserError as error:
            answer = error
        except Exception as error:  # the worker died, or cannot run Mien: Dask has an error for each
            return self._died(task, f"its worker was lost ({type(error).__name__})")
        if isinstance(answer, Outcome):
            return replace(answer, task=replace(answer.task, place=task.place))
        if isinstance(answer, RecordError):
            self._set_aside(self._worker_of(future), str(answer))
            return None
        if isinstance(answer, UserError):
            raise answer
        return self._died(task, "")

    def _died(self, task: Task, why: str) -> Outcome | None:
        self._attempts[task.place] += 1
        if self._attempts[task.place] < ATTEMPTS:
            return None
        name = shown_name(task, self._options)
        return failed(
            task, self._options, f"{name}: {why}: try it again." if why else ended_its_process(name)
        )

    def _worker_of(self, future: Any) -> str:
        found = self._client.who_has([future])
        return next((address for holders in found.values() for address in holders), "")

    def _set_aside(self, address: str, why: str) -> None:
        if address in self._bad:
            return
        self._good.pop(address, None)
        self._bad.add(address)
        tqdm.write(f"The worker {address} is left out: {why}", file=sys.stderr)

    def _look_at_workers(self) -> Mapping[str, object]:
        """Those that are there, by address. Raises ClusterError where none has been there for long."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        for gone in set(self._good) - set(workers):
            del self._good[gone]
        for address in workers:
            if address not in self._good and address not in self._bad and address not in self._asked:
                self._asked[address] = _Question(self._client, self._options, self._seen, address)
        for address, question in list(self._asked.items()):
            if question.answer is None and question.age < PATIENCE and address in workers:
                continue
            del self._asked[address]
            if address not in workers:
                continue
            if why := self._differs(question.answer):
                self._set_aside(address, why)
            else:
                self._good[address] = workers[address]["nthreads"]
        if self._good or self._asked:
            self._alone_since = time.monotonic()
        elif workers and len(self._bad & set(workers)) == len(workers):
            raise ClusterError("No worker of the cluster can do the work: each was left out.")
        elif time.monotonic() - self._alone_since > PATIENCE:
            raise ClusterError(
                f"No worker has joined the cluster for {PATIENCE:.0f} s: start some with dask worker."
            )
        return dict(workers)

    def _differs(self, theirs: object) -> str:
        """One sentence where a worker must not work; "" where it may."""
        mine = self._mine
        if theirs is None:
            return f"it has not answered for {PATIENCE:.0f} s: start it again."
        if isinstance(theirs, UserError):
            return str(theirs)
        if not isinstance(theirs, Passport):
            return f"Mien does not run there ({type(theirs).__name__}): install the same version of it."
        if theirs.version != mine.version:
            return f"it has Mien {theirs.version} and not {mine.version}: install the same version."
        if theirs.models != mine.models:
            return "it has other networks: install the same Mien there."
        if not theirs.sees:
            return f"it does not see {self._options.out}: give it the same files under the same paths."
        return ""


def _file_in(folder: Path) -> Any:
    """A file in `folder`, which is made; another run that ends may remove it while it is empty."""
    for _ in range(unfinished.TRIES):
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            return NamedTemporaryFile(dir=folder, prefix="seen-by-all-")
    raise FileNotFoundError(errno.ENOENT, "it is removed again and again", str(folder))


def _processors() -> Sequence[int]:
    """Those that this process may use."""
    if sys.platform == "linux":
        return sorted(os.sched_getaffinity(0))
    return range(os.cpu_count() or 1)
