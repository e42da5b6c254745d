"""One file measured once, whoever else has it in mind: claimed, measured beside, put in place when whole."""

from __future__ import annotations

import logging
import os
import shutil
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING

from app.analysis import lines
from app.analysis.analyze import (
    analyze_one,
    header_of,
    open_whole,
    read,
    record,
    say_stopped,
    shown,
    stop_if,
    video_at,
)
from app.analysis.options import AnalysisOptions, LoadPipeline
from app.analysis.strongest_moments import StrongestMoments
from app.analysis.summary import AnalysisSummary
from app.runs import claim, fetch, unfinished
from app.runs.names import session_name, settings_key
from app.runs.task import Outcome, Sighting, Stamp, Status, Task
from app.sessions.describe_again import describe_again
from app.sessions.header import NO_DETAILS, STDIN, SessionHeader, SourceFile
from app.sessions.info import SessionError, read_info
from app.sessions.recorder import Recorder, RecordError
from app.sessions.schema.files import INFO_FILE, ROWS_FILE
from app.sources.address import Address
from app.sources.selection import SelectedFrames
from app.sources.source import SourceError
from app.system import paths
from app.system.errors import UserError
from app.system.interruption import Interruption

if TYPE_CHECKING:
    from app.stages.cards import UsedCard
    from app.stages.pipeline import Pipeline


class LostError(Exception):
    """Another worker has taken the file over, since this one was silent for too long."""


def measure_once(
    task: Task, options: AnalysisOptions, load: LoadPipeline, *, progress: bool, interruption: Interruption
) -> Outcome:
    """Measures the file of `task` into its session, unless that is there or another worker makes it.

    `load` gives a pipeline. With `progress` it is shown how far the file is. A file that fails is an outcome.
    Raises what concerns every file: RecordError when `options.out` cannot be written, ModelError when a
    network cannot be used, UserError. Raises KeyboardInterrupt after a signal that `interruption` noted.
    """
    name = shown_name(task, options)
    try:
        if isinstance(task.place, Address):
            return _from_address(task, task.place, options, load, progress, interruption)
        measuring = _Measuring(task, task.place, options, load, progress, interruption)
        return replace(measuring.outcome(), worker=worker())
    except SourceError as error:
        return failed(task, options, str(error))
    except (UserError, KeyboardInterrupt):
        raise
    except Exception as error:  # a fault of Mien or of a library at this file: it is named, the others go on
        logging.getLogger(__name__).exception("%s cannot be measured", name)
        why = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        text = f"{name} cannot be measured ({why}): please report it with {paths.log_file()}."
        return failed(task, options, text)


def failed(task: Task, options: AnalysisOptions, error: str) -> Outcome:
    """That the file of `task` failed, for the reason that the sentence `error` gives."""
    text = lines.failed(shown_name(task, options), error) if options.json else ""
    return Outcome(task, Status.FAILED, text, error, worker=worker(), stamp=stamp_of(task))


def shown_name(task: Task, options: AnalysisOptions) -> str:
    """What the file of `task` is called in what is printed."""
    return task.place.name or str(task.place) if task.place != options.spooled else "stdin"


def stamp_of(task: Task) -> Stamp:
    """How the file of `task` looks from outside; unknown where it is none."""
    if not isinstance(task.place, Path):
        return Stamp()
    try:
        found = task.place.stat()
    except (OSError, ValueError):
        return Stamp()
    if task.place.is_dir():  # its time says nothing of what is in its files
        return Stamp()
    return Stamp(found.st_size, str(found.st_mtime_ns))


def worker() -> str:
    """The computer and the process that calls this."""
    return f"{socket.gethostname()}:{os.getpid()}"


def models_of(cards: Sequence[UsedCard]) -> tuple[str, ...]:
    """SHA-256 of each network, and of what the actions are made of."""
    return tuple(card.sha256 for card in cards)


def _from_address(
    task: Task, address: Address, options: AnalysisOptions, load: LoadPipeline, progress: bool,
    interruption: Interruption,
) -> Outcome:  # fmt: skip
    if not fetch.is_fetched(address):
        return _stream(task, options, load, progress, interruption)
    with interruption.busy():
        try:
            remote = fetch.Remote(address)
        except fetch.EndlessError:
            return _stream(task, options, load, progress, interruption)
        known = task.known
        same = known is not None and known.stamp == remote.stamp and bool(remote.stamp.changed)
        if known is not None and same and unfinished.is_done(options.out / known.session):
            _describe(options.out / known.session, task)
            text = lines.skipped(shown_name(task, options), options.out / known.session, options)
            return Outcome(
                task, Status.ALREADY, text, session=known.session, models=known.models,
                settings=known.settings, stamp=known.stamp, worker=known.worker,
            )  # fmt: skip
        with remote.on_disk(interruption) as path:
            outcome = _Measuring(task, path, options, load, progress, interruption).outcome()
    return replace(outcome, stamp=remote.stamp, worker=worker())


def _stream(
    task: Task, options: AnalysisOptions, load: LoadPipeline, progress: bool, interruption: Interruption
) -> Outcome:
    """What comes from an address is another thing each time, so its session is named after the time."""
    folder, summary = analyze_one(
        task.place,
        options,
        load,
        frames=None if progress else read,
        interruption=interruption,
        details=task.details,
    )
    text = lines.done(task.place.name, folder / ROWS_FILE, summary, options)
    return Outcome(
        task, Status.DONE, text, session=folder.name, frames=summary.frames, seconds=summary.seconds,
        ok_share=summary.ok_share, worker=worker(),
    )  # fmt: skip


class _Measuring:
    """One file on its way into a session."""

    def __init__(
        self, task: Task, path: Path, options: AnalysisOptions, load: LoadPipeline, progress: bool,
        interruption: Interruption,
    ) -> None:  # fmt: skip
        """`path` is where the file lies now."""
        self._task, self._path, self._options, self._load = task, path, options, load
        self._progress, self._interruption = progress, interruption
        self._video = video_at(path, options, interruption)
        self._source = SelectedFrames(self._video, options.selection)
        self._summary = AnalysisSummary()

    def outcome(self) -> Outcome:
        """Does it. Raises SourceError, and as `measure_once`."""
        try:
            stop_if(self._interruption)
            stamp = stamp_of(self._task)  # before it is read: whoever changes it meanwhile changes this
            open_whole(self._source, self._interruption)
            file = self._file()
            pipeline = self._load(self._video.frames == 1)  # a fresh one remembers no face of another file
            with self._interruption.busy():
                return replace(self._claimed(file, pipeline), stamp=stamp)
        finally:
            self._source.close()

    def _file(self) -> SourceFile:
        """What the session says of the file. Raises SourceError."""
        try:
            file = SourceFile.of(self._path, hashed=True)
        except OSError as error:
            raise SourceError(
                f"{self._path} cannot be read to its end ({error.strerror}): get another copy of it."
            ) from error
        if self._task.place == self._options.spooled:
            return replace(file, path=STDIN)
        return file if self._task.place == self._path else replace(file, path=str(self._task.place))

    def _claimed(self, file: SourceFile, pipeline: Pipeline) -> Outcome:
        models = models_of(pipeline.cards)
        key = settings_key(models, self._options)
        name = session_name(self._named(), file.sha256, key)
        out, folder = self._options.out, unfinished.folder_of(self._options.out)
        outcome = Outcome(self._task, Status.BUSY, session=name, models=models, settings=key)
        begun = False
        try:
            if unfinished.is_done(out / name) and not self._other_details(out / name):
                return self._already(outcome)
            try:
                folder.mkdir(parents=True, exist_ok=True)
                taken = claim.take(folder, name, self._task.presumed_dead)
            except OSError as error:
                raise cannot_write(out, error) from error
            if isinstance(taken, Sighting):
                return replace(outcome, seen=taken)
            with taken:
                if unfinished.is_done(out / name):
                    _describe(out / name, self._task)
                    return self._already(outcome)
                unfinished.remove_others(out, name, taken.token)
                begun = True
                return self._measure(outcome, file, pipeline, taken)
        finally:
            if not begun:
                pipeline.close()

    def _named(self) -> PurePath:
        """The path whose last two parts are in the session's name."""
        place = self._task.place
        if isinstance(place, Address):
            return PurePosixPath(str(place).partition("://")[2])
        return PurePath("stdin") if place == self._options.spooled else place.absolute()

    def _other_details(self, session: Path) -> bool:
        try:
            return self._task.details not in (NO_DETAILS, read_info(session / INFO_FILE).details)
        except SessionError:
            return True

    def _already(self, outcome: Outcome) -> Outcome:
        session = self._options.out / outcome.session
        text = lines.skipped(shown_name(self._task, self._options), session, self._options)
        return replace(outcome, status=Status.ALREADY, text=text)

    def _measure(self, outcome: Outcome, file: SourceFile, pipeline: Pipeline, taken: claim.Claim) -> Outcome:
        """Measures into a draft, and puts that in place."""
        options, out = self._options, self._options.out
        draft = unfinished.draft(out, outcome.session, taken.token)
        try:
            header = header_of(self._source, file, pipeline, options, self._task.details)
            moments = StrongestMoments(pipeline.affect.model.card) if options.explain else None
            recorder = self._recorder(header, draft)
        except UserError:
            pipeline.close()
            raise

        def check() -> None:
            stop_if(self._interruption)
            if taken.lost:
                raise LostError

        final = out / outcome.session
        frames = shown(self._source, options, progress=self._progress)
        try:
            record(frames, pipeline, recorder, moments, self._summary, check)
        except KeyboardInterrupt:
            with suppress(LostError):  # then the rows are in what the other worker makes
                self._place(draft, final)
                say_stopped(self._summary, final / ROWS_FILE)
            raise
        except LostError:
            return _lost(outcome, draft)
        except (SourceError, RecordError) as error:
            if taken.lost and isinstance(error, RecordError):
                return _lost(outcome, draft)
            try:
                self._place(draft, final)
            except LostError:
                return _lost(outcome, draft)
            if isinstance(error, SourceError):
                raise
            raise RecordError(str(error).replace(str(draft), str(final))) from error
        try:
            if not self._place(draft, final):
                return self._already(outcome)
        except LostError:
            return _lost(outcome, draft)
        summary = self._summary
        summary.note = self._video.note
        text = lines.done(self._source.name, final / ROWS_FILE, summary, options)
        return replace(
            outcome, status=Status.DONE, text=text, frames=summary.frames, seconds=summary.seconds,
            ok_share=summary.ok_share,
        )  # fmt: skip

    def _recorder(self, header: SessionHeader, draft: Path) -> Recorder:
        return Recorder(self._options.out, header, latency=False, folder=draft)

    def _place(self, draft: Path, final: Path) -> bool:
        """As `unfinished.put_in_place`. Raises RecordError, and LostError where another removed the draft."""
        try:
            return unfinished.put_in_place(draft, final)
        except OSError as error:
            if isinstance(error, FileNotFoundError) and not draft.exists():
                raise LostError from error
            raise cannot_write(final.parent, error) from error


def _lost(outcome: Outcome, draft: Path) -> Outcome:
    """That another worker makes the session now."""
    shutil.rmtree(draft, ignore_errors=True)
    return replace(outcome, seen=claim.look(draft.parent, outcome.session))


def _describe(session: Path, task: Task) -> None:
    """Makes a session say what the list says of its file now. Raises SessionError, RecordError."""
    try:
        describe_again(session, task.details)
    except OSError as error:
        raise cannot_write(session.parent, error) from error


def cannot_write(out: Path, error: OSError) -> RecordError:
    """That nothing can be written into the folder `out`."""
    return RecordError(f"Nothing can be recorded in {out} ({error.strerror}): choose another folder.")
