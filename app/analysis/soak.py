"""A long recording as a person would make it: does memory stay flat, and what does recording cost a frame?"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from app.playing.engine import Engine
from app.sessions.header import SessionHeader
from app.sessions.recorder import Recorder
from app.sessions.video_recorder import VideoKind
from app.sources.video import VideoFile
from app.stages.pipeline import Pipeline
from app.types import DEFAULT_SMOOTHING, Result

SETTLING = 60.0  # s after which memory is compared: caches, threads and pools are filled by then
LOOK = 5.0  # s between two looks at the memory


class _Clocked:
    """A recorder as a sink, with the milliseconds that each frame takes."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.took: list[float] = []

    def __call__(self, result: Result) -> None:
        begun = time.perf_counter()
        self._recorder.append(result)
        self.took.append((time.perf_counter() - begun) * 1e3)


def soak(path: Path, pipeline: Pipeline, minutes: float, video: VideoKind | None = None) -> str:
    """Plays `path` in a loop at its real rate for `minutes`, records it, and says what it cost.

    Raises SourceError, ModelError and RecordError.
    """
    source, process = VideoFile(path), psutil.Process()
    with tempfile.TemporaryDirectory() as folder:
        source.open()
        session = SessionHeader(path.name, False, source.mode, pipeline.cards, 4, DEFAULT_SMOOTHING)
        source.close()
        recorder = Recorder(Path(folder), session, video=video)
        clocked = _Clocked(recorder)
        engine = Engine(source, pipeline.process, sinks=(clocked,), loop=True)
        begun, memory, handles = time.perf_counter(), [], []
        engine.start()
        while (now := time.perf_counter() - begun) < 60 * minutes and engine.running:
            memory.append((now, process.memory_info().rss / 1e6))
            handles.append(open_handles(process))
            time.sleep(min(LOOK, max(0.0, 60 * minutes - now)))
        engine.stop()
        recorder.close()
        for error in (engine.error, engine.failure(clocked)):
            if error is not None:
                raise error
        written = recorder.csv.stat().st_size
        dropped = recorder.video.dropped if recorder.video else 0
    after = SETTLING if 60 * minutes > 2 * SETTLING else 30 * minutes
    settled = np.array([size for at, size in memory if at >= after] or [memory[-1][1]])
    first, last = settled[: max(1, len(settled) // 10)].mean(), settled[-max(1, len(settled) // 10) :].mean()
    lines = [
        f"{path.name} in a loop, recorded for {minutes:g} minutes: {len(clocked.took)} frames, "
        f"{written / 1e6:.1f} MB of rows" + (f", video with {dropped} frames dropped" if video else ""),
        f"recording   {np.median(clocked.took):.3f} ms a frame in the median, "
        f"{np.percentile(clocked.took, 95):.3f} ms p95",
        f"memory      {first:.0f} MB after {after:.0f} s, {last:.0f} MB at the end: {last - first:+.1f} MB "
        f"(between {settled.min():.0f} and {settled.max():.0f} MB)",
        f"open files  {handles[0]} at the start, {handles[-1]} at the end",
    ]
    return "\n".join(lines)


def open_handles(process: psutil.Process) -> int:
    """Files, pipes and sockets that `process` holds; on Windows all of its handles."""
    count = getattr(process, "num_handles", None) or process.num_fds
    return int(count())
