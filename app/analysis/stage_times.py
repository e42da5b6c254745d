"""`mien bench`: how long a frame takes, stage by stage."""

from __future__ import annotations

import math
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np
import psutil

from app.sessions.header import SessionHeader
from app.sessions.recorder import Recorder
from app.sources.source import Mode
from app.sources.video import VideoFile
from app.stages.pipeline import Pipeline
from app.system import clock
from app.types import DEFAULT_SMOOTHING, Frame, Image, Result, StageTimes

WARM_UP = 15  # frames before the first that is counted: caches, threads and the tracker settle
BACKDROP = 128  # grey level beside a picture of other proportions


def stage_times(
    path: Path, pipeline: Pipeline, *, frames: int, size: tuple[int, int] | None = None, copies: int = 1,
    also: Mapping[str, Callable[[Result], object]] = MappingProxyType({}),
) -> str:  # fmt: skip
    """Times `frames` frames of the file `path`, played in a loop; gives a table as text.

    Before the clock starts each frame is scaled to fit `size` (width, height), by default its own, with
    `copies` of it side by side, which makes as many faces. `also` is what is done with each result, by its
    name in the table; it counts for the frames a second. Raises SourceError and ModelError.
    """
    process, memory = psutil.Process(), 0
    took: dict[str, list[float]] = defaultdict(list)  # ms of each frame
    faces, processor = 0, 0.0  # s of processor time in `process`, over all threads
    video = VideoFile(path)
    video.open()
    size = size or (video.mode.width, video.mode.height)
    with tempfile.TemporaryDirectory() as folder:
        session = SessionHeader(
            path.name, True, Mode(*size, video.mode.rate, ""), pipeline.cards, copies, DEFAULT_SMOOTHING
        )
        recorder = Recorder(Path(folder), session)
        for number in range(-WARM_UP, frames):
            begun = time.perf_counter()
            frame = _next(video)
            decoded = time.perf_counter()
            frame = replace(
                frame, index=number + WARM_UP, time=(number + WARM_UP) / video.mode.rate,
                image=mosaic(frame.image, size, copies), captured=clock.now(),
            )  # fmt: skip
            busy = time.process_time()
            result = pipeline.process(frame)
            busy, processed = time.process_time() - busy, time.perf_counter()
            recorder.append(result)
            recorded = time.perf_counter()
            spent = {name: _timed(use, result) for name, use in also.items()}
            if number < 0:
                continue
            took["read"].append((decoded - begun) * 1e3)
            for stage in fields(StageTimes):
                took[stage.name].append(getattr(result.times, stage.name))
            took["record"].append((recorded - processed) * 1e3)
            for name, ms in spent.items():
                took[name].append(ms)
            processor += busy
            faces += len(result.faces)
            memory = max(memory, process.memory_info().rss)
        recorder.close()
    video.close()
    what = f"{path.name}, {size[0]}x{size[1]}, {faces / frames:.1f} faces a frame, {frames} frames"
    models = [", ".join(part for part in (c.file, c.precision, c.figures) if part) for c in pipeline.cards]
    return _table(f"{what}\n{'; '.join(models)}", took, tuple(also), 1e3 * processor / frames, memory)


def _timed(use: Callable[[Result], object], result: Result) -> float:
    """The milliseconds that `use` takes."""
    begun = time.perf_counter()
    use(result)
    return (time.perf_counter() - begun) * 1e3


def mosaic(image: Image, size: tuple[int, int], copies: int) -> Image:
    """`copies` of a (height, width, 3) picture in a grid of `size` (width, height), proportions kept.

    Where the grid is wider or higher than the pictures it is grey.
    """
    width, height = size
    if copies == 1 and image.shape[:2] == (height, width):
        return image
    columns = math.ceil(math.sqrt(copies))
    lines = math.ceil(copies / columns)
    scale = min(width / columns / image.shape[1], height / lines / image.shape[0])
    small = cv2.resize(
        image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    )
    whole = np.full((height, width, 3), BACKDROP, np.uint8)
    for i in range(copies):
        x = (i % columns) * width // columns
        y = (i // columns) * height // lines
        part = whole[y : y + small.shape[0], x : x + small.shape[1]]
        part[:] = small[: part.shape[0], : part.shape[1]]
    return whole


def _next(video: VideoFile) -> Frame:
    frame = video.read()
    if frame is None:
        video.open()
        frame = video.read()
    assert frame is not None  # `open` has made sure of one
    return frame


def _table(
    what: str, took: dict[str, list[float]], also: tuple[str, ...], processor: float, memory: int
) -> str:
    lines = [what, f"{'ms a frame':<12}{'median':>9}{'p95':>9}"]
    lines += [f"{n:<12}{np.median(ms):9.2f}{np.percentile(ms, 95):9.2f}" for n, ms in took.items()]
    whole = np.sum([took[name] for name in ("total", "record", *also)], axis=0)
    parts = " and ".join(["all stages", "the recording", *also]) if also else "all stages and the recording"
    lines.append(f"{1e3 / whole.mean():.1f} frames/s ({parts}, without reading the file)")
    lines.append(f"{processor:.1f} ms of processor time a frame, over all threads")
    lines.append(f"{memory / 2**20:.0f} MiB of memory at most")
    return "\n".join(lines)
