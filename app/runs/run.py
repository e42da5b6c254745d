"""A run: all files that are not done yet, given to workers; each line of run.csv; and the exit code."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from tqdm import tqdm

from app.analysis import lines
from app.analysis.analyze import stop_if
from app.analysis.options import AnalysisOptions, LoadPipeline
from app.runs import claim, ledger, unfinished
from app.runs.files import Shard
from app.runs.names import expected_models, settings_key
from app.runs.once import cannot_write, measure_once, shown_name, stamp_of
from app.runs.task import Known, Outcome, Sighting, Status, Task
from app.sessions.header import NO_DETAILS
from app.sources.address import Address
from app.system.counted import counted
from app.system.interruption import Interruption

LOOK_EVERY = 1.0  # s between two looks at the claims of others
NAMED = 20  # failed files that are named at the end; run.csv has all


class Workers(Protocol):
    """Whoever measures: this process, several of this computer, or those of a cluster.

    Attribute: `bar`, whether the bar counts files, since many are measured at once.
    """

    bar: bool

    def outcomes(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """What comes of each task, as it comes. Raises as `measure_once`."""
        ...


class InTurn:
    """This process measures one file after the other."""

    bar = False

    def __init__(
        self, options: AnalysisOptions, load: LoadPipeline | None, interruption: Interruption
    ) -> None:
        """`load` gives the pipelines instead of `options.pipelines`."""
        self._options, self._load, self._interruption = options, load or options.pipelines(), interruption

    def outcomes(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """As `Workers`."""
        for task in tasks:
            yield measure_once(
                task, self._options, self._load, progress=True, interruption=self._interruption
            )


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to do."""

    tasks: Sequence[Task]
    options: AnalysisOptions
    shard: Shard | None = None
    made_up: bool = False  # the pipelines are not those of the networks in `options.models`, as in a test

    @property
    def table(self) -> str:
        """The name of the table of this run."""
        return "run.csv" if self.shard is None else f"run-{self.shard.number}-of-{self.shard.of}.csv"


def run(plan: Plan, workers: Workers, interruption: Interruption) -> int:
    """Has every file of `plan` measured that is not done yet; gives the exit code.

    That is 0 when all are done, also before, and 1 when a file failed. Raises RecordError when
    `options.out` cannot be written, ModelError when a network cannot be used, UserError, and
    KeyboardInterrupt: then it has been said where the rows up to there are.
    """
    options = plan.options
    for sentence in unfinished.close_interrupted(options.out):
        print(sentence, file=sys.stderr)
    unfinished.sweep(options.out)
    key = "" if plan.made_up else settings_key(expected_models(options), options)
    known = ledger.known_lines(options.out)
    tasks, done = _left(plan, key, known)
    for task, line in done:
        print(lines.skipped(shown_name(task, options), options.out / line["session"], options))
    try:
        kept = _kept(plan, key, tasks, done)
        table = ledger.Ledger(options.out, plan.table, kept, known, options.spooled)
    except OSError as error:
        raise cannot_write(options.out, error) from error
    run_of = _Run(options, key, len(tasks), len(tasks) + len(done), bar=workers.bar)
    try:
        with run_of.bar:
            _all(tasks, workers, run_of, table, options, interruption)
    finally:
        table.close()
        unfinished.sweep(options.out)
    return run_of.exit_code(table.path)


class _Run:
    """Counts what came of the files, and says it. Attribute: `bar`, that of the files."""

    def __init__(self, options: AnalysisOptions, key: str, left: int, files: int, *, bar: bool) -> None:
        """`left` of `files` are still to be measured."""
        self._options, self._key, self._files = options, key, files
        self._failed: list[str] = []
        self.bar = tqdm(total=left, unit=" files", mininterval=0.5, smoothing=0.05, disable=not bar)

    def settle(self, outcome: Outcome) -> Outcome:
        """Prints what came of a file, for good; gives the outcome for the table."""
        if outcome.text:
            self.bar.write(outcome.text)
        if outcome.status is Status.FAILED:
            self.bar.write(outcome.error, file=sys.stderr)
            place = outcome.task.place
            self._failed.append("stdin" if place == self._options.spooled else str(place))
            outcome = replace(outcome, settings=outcome.settings or self._key)
        self.bar.update()
        return outcome

    def say(self, text: str) -> None:
        """Prints a sentence on stderr."""
        self.bar.write(text, file=sys.stderr)

    def exit_code(self, table: Path) -> int:
        """Names what failed, last of all so that it is seen."""
        if not self._failed:
            return 0
        names = sorted(self._failed)
        more = f" and {len(names) - NAMED} others" if len(names) > NAMED else ""
        said = f"{len(names)} of {counted(self._files, 'file')} failed: {', '.join(names[:NAMED])}{more}"
        print(f"{said}; {table} says why.", file=sys.stderr)
        return 1


def _all(
    tasks: Sequence[Task], workers: Workers, said: _Run, table: ledger.Ledger, options: AnalysisOptions,
    interruption: Interruption,
) -> None:  # fmt: skip
    """Round after round, until no other worker has any of the files any more."""
    watched: list[_Watched] = []
    while tasks or watched:
        for outcome in workers.outcomes(tasks):
            if outcome.status is Status.BUSY:
                watched.append(_Watched(outcome.task, outcome.session, outcome.seen, time.monotonic()))
                continue
            settled = said.settle(outcome)
            try:
                table.add(settled)
            except OSError as error:
                raise cannot_write(options.out, error) from error
        if watched and tasks:
            hosts = ", ".join(sorted({each.seen.host for each in watched if each.seen and each.seen.host}))
            said.say(f"Waiting for {counted(len(watched), 'file')} that other workers measure ({hosts}).")
        tasks = _free(watched, unfinished.folder_of(options.out))
        if watched and not tasks:
            stop_if(interruption)
            time.sleep(LOOK_EVERY)


@dataclass(slots=True)
class _Watched:
    """A file that another worker has claimed."""

    task: Task
    session: str
    seen: Sighting | None  # how its claim looked last
    since: float  # s on this computer's clock, since when it looks like that


def _free(watched: list[_Watched], folder: Path) -> list[Task]:
    """Takes out of `watched` the files whose claim is gone or counts as left, to be tried again."""
    free, now = [], time.monotonic()
    for each in list(watched):
        try:
            seen = claim.look(folder, each.session)
        except OSError:  # the disk that all share is away for a moment
            continue
        if seen is None or (seen == each.seen and now - each.since > claim.DEAD):
            free.append(replace(each.task, presumed_dead=seen))
            watched.remove(each)
        elif seen != each.seen:
            each.seen, each.since = seen, now
    return free


def _left(
    plan: Plan, key: str, known: Mapping[ledger.Key, ledger.Line]
) -> tuple[list[Task], list[tuple[Task, ledger.Line]]]:
    """The tasks of `plan` that are to be done; and those that are done, with their line of a table.

    A file counts as done by its path, size and time, without being read, if its session is there. What is
    not known by them is looked at by whoever gets the task, since its content decides.
    """
    try:
        sessions = {entry.name for entry in os.scandir(plan.options.out)}
    except OSError:
        sessions = set()
    left: list[Task] = []
    done: list[tuple[Task, ledger.Line]] = []
    for task in plan.tasks:
        line = known.get(ledger.Key(ledger.file_of(task.place), key)) if key else None
        if line is None or line["status"] != Status.DONE or line["session"] not in sessions:
            left.append(task)
        elif isinstance(task.place, Address):
            left.append(replace(task, known=_known(line)))
        elif _is_unchanged(task, line):
            done.append((task, line))
        else:
            left.append(task)
    return left, done


def _known(line: ledger.Line) -> Known:
    return Known(
        ledger.stamp(line), line["session"], line["settings"], tuple(line["models"].split()), line["worker"]
    )


def _is_unchanged(task: Task, line: ledger.Line) -> bool:
    found = stamp_of(task)
    same_details = task.details == NO_DETAILS or line["details"] == ledger.hash_of(task.details)
    return bool(found.changed) and found == ledger.stamp(line) and same_details


def _kept(
    plan: Plan, key: str, tasks: Sequence[Task], done: Sequence[tuple[Task, ledger.Line]]
) -> list[ledger.Line]:
    """The lines with which the table begins: of files that are done, and of those of other runs in it."""
    again = {ledger.file_of(task.place) for task in tasks}
    before = [
        line for line in ledger.lines(plan.options.out / plan.table)
        if line["file"] not in again or line["settings"] not in ("", key)
    ]  # fmt: skip
    return ledger.merged([*before, *(line for _, line in done)])
