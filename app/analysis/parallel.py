"""Many files at once, each analysed in one of several processes."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from tqdm import tqdm

from app.analysis.analyze import analyze_one, report_failures
from app.analysis.options import AnalysisOptions, LoadPipeline
from app.sources.source import SourceError
from app.system.errors import UserError

FILES_A_PROCESS = 25  # then fresh processes take over: whatever a library leaks does not add up


def analyze_in_parallel(
    files: Sequence[Path], options: AnalysisOptions, processes: int, load: LoadPipeline | None = None
) -> int:
    """As `analyze`, with `processes` at the same time; `load` must be something that can be pickled."""
    failed: list[Path] = []
    batch = FILES_A_PROCESS * processes
    with tqdm(total=len(files), unit=" files", mininterval=0.5) as bar:
        for first in range(0, len(files), batch):
            failed += _analyze_batch(files[first : first + batch], options, processes, load, bar.update)
    return report_failures(sorted(failed), len(files))


def _analyze_batch(
    files: Sequence[Path], options: AnalysisOptions, processes: int, load: LoadPipeline | None,
    advance: Callable[[], object],
) -> list[Path]:  # fmt: skip
    """Analyses files in fresh processes; gives those that failed. `advance` is called after each.

    A pool could renew its processes by itself (max_tasks_per_child), but from Python 3.11 on it may then wait
    without end, for a process that it never starts: https://github.com/python/cpython/issues/115634
    """
    failed: list[Path] = []
    with ProcessPoolExecutor(min(processes, len(files)), get_context("spawn"), initializer=_begin) as pool:
        futures: dict[Future[str], Path] = {
            pool.submit(_analyze_one, path, options, load): path for path in files
        }
        try:
            for future in as_completed(futures):
                path = futures.pop(future)  # nothing of a file that is done is kept
                try:
                    tqdm.write(future.result())
                except SourceError as error:
                    tqdm.write(str(error), file=sys.stderr)
                    failed.append(path)
                except BrokenProcessPool:
                    tqdm.write(
                        f"{path.name}: its process was ended, perhaps because memory ran out: use fewer "
                        "--jobs, and --resume for the rest.", file=sys.stderr,
                    )  # fmt: skip
                    failed.append(path)
                advance()
        except (KeyboardInterrupt, UserError):  # what concerns all files is said once
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return failed


def _begin() -> None:
    """What each process does first."""
    signal.signal(signal.SIGINT, InterruptFlag())


class InterruptFlag:
    """Notes Ctrl-C in a process of the pool: the file that it works on is closed, and no other is begun.

    The process must not die of it, neither while it works nor while it waits: the pool would kill the others.
    """

    def __init__(self) -> None:
        self.came = False

    def __call__(self, number: int, frame: object) -> None:
        """The handler of the signal."""
        self.came = True


def _analyze_one(path: Path, options: AnalysisOptions, load: LoadPipeline | None) -> str:
    flag = signal.getsignal(signal.SIGINT)
    assert isinstance(flag, InterruptFlag)
    return analyze_one(path, options, load, progress=False, interrupted=lambda: flag.came)
