"""Analyses a file without a window: a session folder for it, the same bytes for the same file every time."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from app.analysis import lines
from app.analysis.options import AnalysisOptions, LoadPipeline
from app.analysis.strongest_moments import FOLDER, StrongestMoments
from app.analysis.summary import AnalysisSummary
from app.sessions.header import NO_DETAILS, STDIN, Details, SessionHeader, SourceFile
from app.sessions.recorder import Recorder
from app.sources.address import Address, Place
from app.sources.network_video import NetworkVideo
from app.sources.selection import SelectedFrames
from app.sources.source import Source, SourceError
from app.sources.video import VideoFile
from app.system.counted import counted
from app.system.errors import UserError
from app.system.interruption import Interruption
from app.types import DEFAULT_SMOOTHING, Frame

if TYPE_CHECKING:
    from app.stages.pipeline import Pipeline

Frames = Callable[[Source], Iterator[Frame]]  # reads an open file to its end
Check = Callable[[], None]  # called before each frame; raises what is to end the work


def analyze_one(
    path: Place, options: AnalysisOptions, load: LoadPipeline, *,
    frames: Frames | None = None, interruption: Interruption | None = None, details: Details = NO_DETAILS,
) -> tuple[Path, AnalysisSummary]:  # fmt: skip
    """Analyses one file into a session that is named after the time; gives its folder, and what was found.

    `load` gives a pipeline. `frames` reads the open file and may say how far it is; without it the time left
    is shown as `options` want it. A signal that `interruption` noted raises KeyboardInterrupt before the next
    frame; it has been said where the rows up to there are. Raises SourceError, also when the file stops
    before its end: its rows are kept. Raises RecordError when `options.out` cannot be written, ModelError
    when a network cannot be used.
    """
    interruption = interruption or Interruption()
    # What is downloaded lies in a temporary folder, which a process that ends at once would leave there.
    with interruption.busy() if isinstance(path, Address) else nullcontext():
        return _analyze(path, options, load, frames, interruption, details)


def _analyze(
    path: Place, options: AnalysisOptions, load: LoadPipeline, frames: Frames | None,
    interruption: Interruption, details: Details,
) -> tuple[Path, AnalysisSummary]:  # fmt: skip
    video = video_at(path, options, interruption)
    source = SelectedFrames(video, options.selection)
    try:
        open_whole(source, interruption)
        if video.live and not options.selection.seconds:
            raise SourceError(f"{path} is a stream that does not end by itself: say how long with --seconds.")
        file = SourceFile.at(path) if isinstance(path, Address) else SourceFile.of(path, hashed=True)
        if path == options.spooled:
            file = replace(file, path=STDIN)
        pipeline = load(video.frames == 1)  # a fresh one remembers no face of the file before
        with interruption.busy():
            try:
                moments = StrongestMoments(pipeline.affect.model.card) if options.explain else None
                header = header_of(source, file, pipeline, options, details)
                recorder = Recorder(options.out, header, latency=False)
            except UserError:
                pipeline.close()
                raise
            summary = AnalysisSummary()
            try:
                read_all = frames(source) if frames else shown(source, options, progress=True)
                record(read_all, pipeline, recorder, moments, summary, lambda: stop_if(interruption))
            except KeyboardInterrupt:
                say_stopped(summary, recorder.csv)
                raise
            summary.note = video.note
            return recorder.folder, summary
    finally:
        source.close()


def video_at(path: Place, options: AnalysisOptions, interruption: Interruption) -> VideoFile | NetworkVideo:
    """The video at `path`, not open yet. While a network is silent, `interruption` is looked at."""
    if isinstance(path, Address):
        return NetworkVideo(path, lambda: interruption.came, lambda said: print(said, file=sys.stderr))
    return VideoFile(path, options.selection.as_clip)


def open_whole(source: Source, interruption: Interruption) -> None:
    """Opens `source`, and removes what that needs for a while, before a signal ends anything.

    Raises SourceError and KeyboardInterrupt.
    """
    try:
        with interruption.busy():
            source.open()
    except SourceError:
        stop_if(interruption)  # else it is not the source that ended it
        raise
    stop_if(interruption)


def header_of(
    source: Source, file: SourceFile, pipeline: Pipeline, options: AnalysisOptions, details: Details
) -> SessionHeader:
    """What is known of the session before the first frame of the open `source`."""
    return SessionHeader(
        source.name, False, source.mode, pipeline.cards, options.max_faces, DEFAULT_SMOOTHING, details,
        file=file, detector=pipeline.detector, selection=options.selection,
    )  # fmt: skip


def stop_if(interruption: Interruption) -> None:
    """Raises KeyboardInterrupt where a signal came."""
    if interruption.came:
        raise KeyboardInterrupt


def say_stopped(summary: AnalysisSummary, csv: Path) -> None:
    """Says on stderr that the work was stopped, and where the rows up to there are."""
    print(f"Stopped. The rows of the first {counted(summary.frames, 'frame')} are in {csv}", file=sys.stderr)


def record(
    frames: Iterator[Frame], pipeline: Pipeline, recorder: Recorder, moments: StrongestMoments | None,
    summary: AnalysisSummary, check: Check,
) -> None:  # fmt: skip
    """Measures and records all frames, and counts them in `summary`; writes the heat maps of `moments`.

    Closes the pipeline and the recorder, whatever happens. Raises what `check` raises, SourceError and
    RecordError.
    """
    ended_by, begun = "stop", time.perf_counter()
    try:
        for frame in frames:
            check()
            result = pipeline.process(frame)
            recorder.append(result)
            summary.add(result)
            if moments is not None:
                moments.add(result)
        ended_by = "end of file"
    except UserError as error:
        ended_by = str(error)
        raise
    finally:
        if isinstance(frames, Generator):
            frames.close()  # whatever ended it, its bar goes
        pipeline.close()
        recorder.close(ended_by)
    summary.seconds = time.perf_counter() - begun
    if moments is not None:  # also where nobody was seen: the folder shows that this is done
        summary.explained = moments.write(pipeline.affect, recorder.folder / FOLDER)


def shown(source: Source, options: AnalysisOptions, *, progress: bool) -> Iterator[Frame]:
    """The frames of the open `source`; with `progress` it is shown how far they are. Raises SourceError."""
    if not progress:
        return read(source)
    return lines.with_progress_lines(source) if options.json else with_progress_bar(source)


def read(source: Source) -> Iterator[Frame]:
    """The frames of an open file up to its end. Raises SourceError."""
    while (frame := source.read()) is not None:
        yield frame


def with_progress_bar(source: Source) -> Iterator[Frame]:
    """As `read`, with a bar on stderr that shows the time left; in a log file it is seldom updated."""
    interval = 0.1 if sys.stderr.isatty() else 5.0  # s
    with tqdm(
        total=source.frames, desc=source.name, unit=" frames", mininterval=interval, dynamic_ncols=True
    ) as bar:
        for frame in read(source):
            yield frame
            bar.update()
        bar.total = bar.n  # containers promise a few frames too many
