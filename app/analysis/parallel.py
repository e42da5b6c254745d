"""Many files at once, each analysed in one of several processes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import active_children, get_context

from tqdm import tqdm

from app.analysis.analyze import analyze_one, read, report_failures
from app.analysis.lines import failed
from app.analysis.options import AnalysisOptions, LoadPipeline
from app.sources.address import Place
from app.sources.source import SourceError
from app.system.interruption import Interruption, signals_blocked, unblock_signals

FILES_A_PROCESS = 25  # then fresh processes take over: whatever a library leaks does not add up
LOOK_EVERY = 0.1  # s between two looks whether a signal came


def analyze_in_parallel(
    files: Sequence[Place], options: AnalysisOptions, processes: int, load: LoadPipeline | None = None,
    interruption: Interruption | None = None,
) -> int:  # fmt: skip
    """As `analyze`, with `processes` at the same time; `load` must be something that can be pickled."""
    interruption = interruption or Interruption()
    failed: list[Place] = []
    batch = FILES_A_PROCESS * processes
    with tqdm(total=len(files), unit=" files", mininterval=0.5) as bar, interruption.busy():
        for first in range(0, len(files), batch):
            pool = _Batch(options, load, bar.update, interruption)
            left = pool.analyze(files[first : first + batch], processes)
            while left:  # in a single process, which works on the first of those that are left
                left = pool.analyze(left, 1)
                if left:
                    pool.set_aside(left.pop(0))
            failed += pool.failed
    return report_failures(sorted(failed, key=str), len(files), options.spooled)


class _Batch:
    """Analyses files in fresh processes; `failed` are those that could not be read.

    A pool could renew its processes by itself (max_tasks_per_child), but from Python 3.11 on it may then wait
    without end, for a process that it never starts: https://github.com/python/cpython/issues/115634
    """

    def __init__(
        self, options: AnalysisOptions, load: LoadPipeline | None, advance: Callable[[], object],
        interruption: Interruption,
    ) -> None:  # fmt: skip
        """`advance` is called after each file."""
        self.failed: list[Place] = []
        self._options, self._load, self._advance = options, load, advance
        self._interruption = interruption

    def analyze(self, files: Sequence[Place], processes: int) -> list[Place]:
        """Gives the files that were not done since a process was ended: one of them, or something else."""
        left: set[Place] = set()
        pool = ProcessPoolExecutor(min(processes, len(files)), get_context("spawn"), initializer=_begin)
        try:
            with signals_blocked():  # a process that just begins knows no handlers yet
                futures: dict[Future[str], Place] = {
                    pool.submit(_analyze_one, path, self._options, self._load): path for path in files
                }
            while futures:
                done = wait(futures, LOOK_EVERY, FIRST_COMPLETED).done
                if self._interruption.came:
                    raise KeyboardInterrupt
                for future in done:
                    path = futures.pop(future)  # nothing of a file that is done is kept
                    self._take(path, future, left)
        except KeyboardInterrupt:
            for process in active_children():
                process.terminate()  # each closes the file that it works on
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        return [path for path in files if path in left]

    def set_aside(self, path: Place) -> None:
        """Names a file that ends each process which reads it."""
        tqdm.write(
            f"{path.name}: it ended its process, perhaps because memory ran out, and is left out: try it "
            "alone, or get another copy.", file=sys.stderr,
        )  # fmt: skip
        self.failed.append(path)
        self._advance()

    def _take(self, path: Place, future: Future[str], left: set[Place]) -> None:
        try:
            tqdm.write(future.result())
        except SourceError as error:
            tqdm.write(str(error), file=sys.stderr)
            if self._options.json:
                tqdm.write(failed(path.name, str(error)))
            self.failed.append(path)
        except BrokenProcessPool:
            left.add(path)
            return
        self._advance()


def _begin() -> None:
    """What each process does first: a signal ends it, once the file that it works on is closed."""
    Interruption().install()
    unblock_signals()


@cache
def _pipelines(options: AnalysisOptions) -> LoadPipeline:
    """What gives the pipelines of this process, whose networks are loaded once."""
    return options.pipelines()


def _analyze_one(path: Place, options: AnalysisOptions, load: LoadPipeline | None) -> str:
    interruption = signal.getsignal(signal.SIGINT)
    assert isinstance(interruption, Interruption)
    try:
        with interruption.busy():
            return analyze_one(
                path, options, load or _pipelines(options), frames=read, interruption=interruption
            )
    finally:
        if interruption.came:  # else it would wait for another file, and whoever ended it, for its end
            os._exit(interruption.exit_code)
