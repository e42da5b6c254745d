"""Analyses files without a window: a session folder for each, the same bytes for the same file every time."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from app.analysis import lines
from app.analysis.options import AnalysisOptions, LoadPipeline
from app.analysis.strongest_moments import FOLDER, StrongestMoments
from app.analysis.summary import AnalysisSummary
from app.sessions.header import STDIN, SessionHeader, SourceFile
from app.sessions.recorder import Recorder
from app.sources.address import Address, Place
from app.sources.network_video import NetworkVideo
from app.sources.selection import SelectedFrames
from app.sources.source import Source, SourceError
from app.sources.video import VideoFile
from app.system.errors import UserError
from app.system.interruption import Interruption
from app.types import DEFAULT_SMOOTHING, Frame

if TYPE_CHECKING:
    from app.stages.pipeline import Pipeline

Frames = Callable[[Source], Iterator[Frame]]  # reads an open file to its end


def analyze(
    files: Sequence[Place], options: AnalysisOptions, load: LoadPipeline | None = None,
    interruption: Interruption | None = None,
) -> int:  # fmt: skip
    """Analyses `files` one after the other and prints what was found; gives the exit code.

    That is 0, or 1 when a file failed; the others are analysed all the same. `load` gives the pipelines
    instead of `options.pipelines`. Raises RecordError when `options.out` cannot be written, ModelError
    when a network cannot be used, UserError when it cannot be explained, and KeyboardInterrupt: then the rows
    up to there are whole, and it has been said where they are.
    """
    failed: list[Place] = []
    load = load or options.pipelines()
    for path in files:
        try:
            print(analyze_one(path, options, load, interruption=interruption))
        except SourceError as error:
            print(error, file=sys.stderr)
            if options.json:
                print(lines.failed(path.name, str(error)))
            failed.append(path)
    return report_failures(failed, len(files), options.spooled)


def report_failures(failed: Sequence[Place], files: int, spooled: Path | None) -> int:
    """Names what failed, last of all so that it is seen; gives the exit code, 1 when anything did.

    `spooled` is the file that holds standard input, which goes by its name alone.
    """
    if failed:
        names = ", ".join(path.name if path == spooled else str(path) for path in failed)
        print(f"{len(failed)} of {files} files failed: {names}", file=sys.stderr)
    return 1 if failed else 0


def analyze_one(
    path: Place, options: AnalysisOptions, load: LoadPipeline, *,
    frames: Frames | None = None, interruption: Interruption | None = None,
) -> str:  # fmt: skip
    """Analyses one file; gives a few lines about what was found.

    `load` gives a pipeline. `frames` reads the open file and may say how far it is; without it the time left
    is shown as `options` want it. A signal that `interruption` noted raises KeyboardInterrupt before the next
    frame. Raises SourceError also when the file stops before its
    end: its rows are kept. Otherwise as `analyze`.
    """
    interruption = interruption or Interruption()
    source = SelectedFrames(video := _video(path, options, interruption), options.selection)
    try:
        stop_if(interruption)
        source.open()
        if video.live and not options.selection.seconds:
            raise SourceError(f"{path} is a stream that does not end by itself: say how long with --seconds.")
        file = SourceFile.at(path) if isinstance(path, Address) else SourceFile.of(path, hashed=True)
        if path == options.spooled:
            file = replace(file, path=STDIN)
        pipeline = load(video.frames == 1)  # a fresh one remembers no face of the file before
        with interruption.busy():
            return _into_session(source, video, file, pipeline, options, frames, interruption)
    finally:
        source.close()


def _video(path: Place, options: AnalysisOptions, interruption: Interruption) -> VideoFile | NetworkVideo:
    if isinstance(path, Address):
        return NetworkVideo(path, lambda: interruption.came, lambda said: print(said, file=sys.stderr))
    return VideoFile(path, options.selection.as_clip)


def stop_if(interruption: Interruption) -> None:
    """Raises KeyboardInterrupt where a signal came."""
    if interruption.came:
        raise KeyboardInterrupt


def _into_session(
    source: Source, video: VideoFile | NetworkVideo, file: SourceFile, pipeline: Pipeline,
    options: AnalysisOptions, frames: Frames | None, interruption: Interruption,
) -> str:  # fmt: skip
    """Measures the open `source`, frames of `video`, and writes its session; says what was found."""
    try:
        moments = StrongestMoments(pipeline.affect.model.card) if options.explain else None
        header = SessionHeader(
            source.name, False, source.mode, pipeline.cards, options.max_faces, DEFAULT_SMOOTHING,
            file=file, detector=pipeline.detector, selection=options.selection,
        )  # fmt: skip
        recorder = Recorder(options.out, header, latency=False)
    except UserError:
        pipeline.close()
        raise
    show = lines.with_progress_lines if options.json else with_progress_bar
    summary = _record((frames or show)(source), pipeline, recorder, moments, interruption)
    summary.note = video.note
    if moments is not None:  # also where nobody was seen: the folder shows that this is done
        count = moments.write(pipeline.affect, recorder.folder / FOLDER)
        summary.explained = f"{count} picture{'s' * (count != 1)} in {recorder.folder / FOLDER}"
    return lines.done(source.name, recorder.csv, summary, options)


def _record(
    frames: Iterator[Frame], pipeline: Pipeline, recorder: Recorder, moments: StrongestMoments | None,
    interruption: Interruption,
) -> AnalysisSummary:  # fmt: skip
    """Measures and records all frames; closes the pipeline and the recorder, whatever happens."""
    summary, ended_by, begun = AnalysisSummary(), "stop", time.perf_counter()
    try:
        for frame in frames:
            stop_if(interruption)
            result = pipeline.process(frame)
            recorder.append(result)
            summary.add(result)
            if moments is not None:
                moments.add(result)
        ended_by = "end of file"
    except UserError as error:
        ended_by = str(error)
        raise
    except KeyboardInterrupt:
        print(
            f"Stopped. The rows of the first {summary.frames} frames are in {recorder.csv}", file=sys.stderr
        )
        raise
    finally:
        pipeline.close()
        recorder.close(ended_by)
    summary.seconds = time.perf_counter() - begun
    return summary


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
