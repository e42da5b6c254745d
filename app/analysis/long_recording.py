"""`mien bench --soak`: a long recording, which shows whether memory stays flat and what recording costs."""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from app.playing.engine import Engine
from app.sessions.header import SessionHeader
from app.sessions.recorder import Recorder
from app.sessions.video_recorder import VideoKind
from app.sources.video import VideoFile
from app.stages.pipeline import Pipeline
from app.types import DEFAULT_MAX_FACES, DEFAULT_SMOOTHING, Result

SETTLING = 60.0  # s after which memory is compared: caches, threads and pools are filled by then
INTERVAL = 5.0  # s between two looks at the memory


@dataclass(frozen=True, slots=True)
class Sample:
    """What the process holds at one moment."""

    time: float  # s since the start
    memory: float  # MB
    handles: int  # open files, pipes and sockets


@dataclass(frozen=True, slots=True)
class LongRecording:
    """What a long recording cost."""

    name: str  # of the file that was played
    minutes: float  # that it was asked to take
    milliseconds: tuple[float, ...]  # that recording took, of each frame
    rows_size: int  # bytes of faces.csv
    video_dropped: int | None  # frames that the video left out; None: without video
    samples: tuple[Sample, ...]  # one or more

    @property
    def settling(self) -> float:
        """Seconds from the start after which memory counts: a minute, or half of a short recording."""
        return SETTLING if 60 * self.minutes > 2 * SETTLING else 30 * self.minutes

    def text(self) -> str:
        """A few lines for the terminal."""
        counted = [sample.memory for sample in self.samples if sample.time >= self.settling]
        memory = np.array(counted or [self.samples[-1].memory])
        tenth = max(1, len(memory) // 10)
        first, last = memory[:tenth].mean(), memory[-tenth:].mean()
        video = "" if self.video_dropped is None else f", video with {self.video_dropped} frames dropped"
        lines = [
            f"{self.name} in a loop, recorded for {self.minutes:g} minutes: {len(self.milliseconds)} frames, "
            f"{self.rows_size / 1e6:.1f} MB of rows{video}",
            f"recording   median {np.median(self.milliseconds):.3f} ms a frame, "
            f"p95 {np.percentile(self.milliseconds, 95):.3f} ms",
            f"memory      {first:.0f} MB after {self.settling:.0f} s, {last:.0f} MB at the end: "
            f"{last - first:+.1f} MB (between {memory.min():.0f} and {memory.max():.0f} MB)",
            f"open files  {self.samples[0].handles} at the start, {self.samples[-1].handles} at the end",
        ]
        return "\n".join(lines)


class _TimedRecorder:
    """A recorder as a sink of the engine, with the milliseconds that each frame takes."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.milliseconds: list[float] = []

    def __call__(self, result: Result) -> None:
        begun = time.perf_counter()
        self._recorder.append(result)
        self.milliseconds.append((time.perf_counter() - begun) * 1e3)


def record_long(
    path: Path, pipeline: Pipeline, minutes: float, video: VideoKind | None = None
) -> LongRecording:
    """Plays the file `path` in a loop at its own rate for `minutes` and records it, as the window would.

    The session goes to a temporary folder, which is deleted in the end; `video` says whether it keeps the
    picture. Raises SourceError, ModelError and RecordError.
    """
    source, process = VideoFile(path), psutil.Process()
    with tempfile.TemporaryDirectory() as folder:
        source.open()
        header = SessionHeader(
            path.name, False, source.mode, pipeline.cards, DEFAULT_MAX_FACES, DEFAULT_SMOOTHING
        )
        source.close()
        recorder = Recorder(Path(folder), header, video=video)
        timed = _TimedRecorder(recorder)
        engine = Engine(source, pipeline.process, sinks=(timed,), loop=True)
        begun, samples = time.perf_counter(), list[Sample]()
        engine.start()
        while (now := time.perf_counter() - begun) < 60 * minutes and engine.running:
            samples.append(Sample(now, process.memory_info().rss / 1e6, open_handles(process)))
            time.sleep(min(INTERVAL, max(0.0, 60 * minutes - now)))
        engine.stop()
        recorder.close()
        for error in (engine.error, engine.failure(timed)):
            if error is not None:
                raise error
        return LongRecording(
            path.name, minutes, tuple(timed.milliseconds), recorder.csv.stat().st_size,
            recorder.video.dropped if recorder.video else None, tuple(samples),
        )  # fmt: skip


def open_handles(process: psutil.Process) -> int:
    """The files, pipes and sockets that `process` has open; on Windows all of its handles."""
    if sys.platform == "win32":
        return process.num_handles()
    return process.num_fds()
