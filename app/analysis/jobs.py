"""Many files at once: each analysed in a process of its own, and those left out that are done already."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from tqdm import tqdm

from app.analysis.analyze import Load, analyze_one, say_failures
from app.analysis.explain import FOLDER
from app.sessions.header import SourceFile
from app.sessions.info import SessionError, SessionInfo, read_info
from app.sessions.recover import recover, unfinished
from app.sources.source import SourceError
from app.stages.models import Card, read_card
from app.system.errors import UserError

FILES_A_PROCESS = 25  # then a fresh one takes over: whatever a library leaks does not add up


@dataclass(frozen=True, slots=True)
class Done:
    """What an analysis depends on: two with the same of it give the same rows."""

    file: str  # sha256 of the video
    models: tuple[str, ...]  # sha256 of each
    max_faces: int

    @classmethod
    def of(cls, about: SessionInfo) -> Done | None:
        """None for a session that is no whole analysis of a file."""
        file = about.whole.get("file")
        if not isinstance(file, dict) or not file.get("sha256") or about.ended_by != "end of file":
            return None
        models = tuple(model.sha256 for model in about.models)
        return cls(str(file["sha256"]), models, int(about.settings.get("max_faces", 0)))


def close_unfinished(out: Path) -> None:
    """Recovers what an earlier analysis into `out` left when it was killed, and says so."""
    for folder in unfinished(out):
        try:
            print(recover(folder).sentence(), file=sys.stderr)
        except SessionError as error:  # it is none of those that are wanted now
            print(error, file=sys.stderr)


def not_done(
    files: Sequence[Path], out: Path, models: Path, max_faces: int, affect: str = "affect", *,
    explained: bool = False,
) -> list[Path]:  # fmt: skip
    """The `files` that have no whole session in `out` with the same content, models and settings.

    With `explained` it must have its pictures, too.
    """
    known: dict[Done, Path] = {}
    for path in out.glob("*/session.json"):
        try:
            done = Done.of(read_info(path))
        except (SessionError, TypeError, ValueError):  # somebody edited it
            continue
        if done is not None and (not explained or (path.parent / FOLDER).is_dir()):
            known[done] = path.parent
    hashes = tuple(card.sha256 for card in _cards(models, affect))
    left = []
    for path in files:
        try:
            file = SourceFile.of(path, hashed=True)
        except OSError:  # the analysis says what is wrong with it
            left.append(path)
            continue
        folder = known.get(Done(file.sha256, hashes, max_faces))
        if folder is None:
            left.append(path)
        else:
            print(f"{path.name}: analysed already, see {folder}")
    return left


def analyze_at_once(
    files: Sequence[Path], out: Path, load: Load, max_faces: int, jobs: int, *, explained: bool = False
) -> int:
    """As `analyze.analyze`, with `jobs` processes; `load` must be a function that can be pickled."""
    failed: list[Path] = []
    with ProcessPoolExecutor(
        jobs, get_context("spawn"), initializer=_begin, max_tasks_per_child=FILES_A_PROCESS
    ) as pool:
        futures: dict[Future[str], Path] = {
            pool.submit(_analyze, path, out, load, max_faces, explained): path for path in files
        }
        try:
            for future in tqdm(as_completed(futures), total=len(futures), unit=" files", mininterval=0.5):
                path = futures.pop(future)  # nothing of a file that is done is kept
                try:
                    tqdm.write(future.result())
                except SourceError as error:
                    tqdm.write(str(error), file=sys.stderr)
                    failed.append(path)
                except BrokenProcessPool:
                    tqdm.write(
                        f"{path.name}: its process was ended, perhaps for want of memory: use fewer --jobs, "
                        "and --resume for the rest.", file=sys.stderr,
                    )  # fmt: skip
                    failed.append(path)
        except (KeyboardInterrupt, UserError):  # what concerns all files is said once
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return say_failures(sorted(failed), len(files))


def _begin() -> None:
    """What each process of the pool does first."""
    signal.signal(signal.SIGINT, _Interrupts())


class _Interrupts:
    """Ctrl-C in a process of the pool: the file that it works on is closed, and no other is begun.

    It must not die of it, neither while it works nor while it waits: the pool would kill the others.
    """

    def __init__(self) -> None:
        self.came = False

    def __call__(self, number: int, frame: object) -> None:
        """The handler of the signal."""
        self.came = True


def _analyze(path: Path, out: Path, load: Load, max_faces: int, explained: bool) -> str:
    interrupts = signal.getsignal(signal.SIGINT)
    assert isinstance(interrupts, _Interrupts)
    return analyze_one(
        path, out, load, max_faces, progress=False, explained=explained,
        interrupted=lambda: interrupts.came,
    )  # fmt: skip


def _cards(models: Path, affect: str) -> list[Card]:
    """In the order in which a pipeline names them."""
    return [read_card(models / f"{name}.toml") for name in ("eyes", affect)]
