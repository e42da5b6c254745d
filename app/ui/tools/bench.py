"""How the real window holds up while a clip plays at its real rate: latency, stalls, processor, memory."""

from __future__ import annotations

import csv
import tempfile
from array import array
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from app.analysis.long_recording import open_handles
from app.playing.protocols import LivePipeline
from app.sessions.schema.files import ROWS_FILE
from app.sources.source import Source
from app.sources.video import VideoFile
from app.stages.detectors import DEFAULT_DETECTOR
from app.stages.precision import CARDS
from app.system import clock, paths
from app.system.errors import UserError
from app.system.settings import Settings
from app.types import AUTOMATIC, Result
from app.ui.flows.live import Live
from app.ui.flows.running import Measurement, Running
from app.ui.tools.mosaic import Mosaic
from app.ui.window import USUAL_SIZE, Window

BEAT = 10  # ms between two signs of life of the window's thread
WARM_UP = 5.0  # s from the first picture with a face until figures count: caches and the tuner settle
FLAT = 0.03  # share by which memory and handles may change and still count as flat
CHECK_EVERY = 1.0  # s between two checks of memory and handles
LONGEST_WAIT = 60.0  # s for the first face


@dataclass(slots=True)
class LiveFigures:
    """What was seen from the end of the warm-up on; times in ms."""

    # ms from capture to paint, of each picture painted; a list of an hour would be 3 MB of what is measured
    latency: array[float] = field(default_factory=lambda: array("d"))
    stall: float = 0.0  # the longest that a beat was late
    seconds: float = 0.0
    processor: float = 0.0  # s of processor time, over all threads
    memory: list[float] = field(default_factory=list)  # MB
    handles: list[int] = field(default_factory=list)
    frames: int = 0  # that the engine processed
    last: int = -1  # index up to which all had reached the recorder by the last check
    faces: int = 0  # in those that were painted
    dropped: int = 0
    changes: int = 0  # of what is done for each frame
    workload: str = ""  # what was done at the end, and why
    rows_lost: int | None = None  # frames processed while recording without a row; None: not recorded


class LiveWatch(QObject):
    """Watches `window` while it plays, and closes it after `seconds` that count, or when it fails.

    `_begun` is stored once on the window's thread and read on the engine's; `figures.frames` and `_newest`
    are stored on the engine's thread alone and read on the window's.
    """

    def __init__(self, window: Window, live: Live, seconds: float) -> None:
        super().__init__(window)
        self._window, self._live, self._seconds = window, live, seconds
        self._process = psutil.Process()
        self._opened = self._last = clock.now()
        self._begun: float | None = None  # when figures begin to count
        self._busy = 0.0
        self._checked, self._newest = 0.0, 0  # when it checked last; index of the newest frame that counts
        self._running: Running | None = None
        self.figures, self.problem = LiveFigures(), ""
        window.player.failed.connect(self._fail)
        window.panels.picture.painted.connect(self._painted)
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._beat)
        self._clock.start(BEAT)

        live.playback.started.connect(self._started)

    def _started(self, running: Running) -> None:
        assert isinstance(running, Measurement)
        self._running = running
        self._live.playback.networks_changed.connect(self._changed)  # what it begins with is no change
        running.playback.add_sink(self._count)

    def _changed(self) -> None:
        self.figures.changes += 1

    def _count(self, result: Result) -> None:
        """On the engine's thread."""
        if self._counts(clock.now()):
            self.figures.frames += 1
            self._newest = result.frame.index

    def _counts(self, now: float) -> bool:
        return self._begun is not None and now >= self._begun

    def _painted(self, result: Result) -> None:
        now = clock.now()
        if self._begun is None and result.faces:
            self._begun = now + WARM_UP
        if self._counts(now):
            self.figures.latency.append((now - result.frame.captured) * 1e3)
            self.figures.faces += len(result.faces)

    def _beat(self) -> None:
        now, seen = clock.now(), self.figures
        late, self._last = (now - self._last) * 1e3 - BEAT, now
        if self._begun is None:
            if now - self._opened > LONGEST_WAIT:
                self._fail(f"No face was shown within {LONGEST_WAIT:.0f} s: choose a video with a face.")
            return
        if now < self._begun:
            times = self._process.cpu_times()
            self._busy = times.user + times.system
            return
        seen.seconds = now - self._begun
        seen.stall = max(seen.stall, late)
        if now - self._checked >= CHECK_EVERY or seen.seconds >= self._seconds:
            self._checked = now
            self._check()
        if seen.seconds >= self._seconds:
            self._clock.stop()
            self._window.close()

    def _check(self) -> None:
        times = self._process.cpu_times()
        self.figures.processor = times.user + times.system - self._busy
        self.figures.memory.append(self._process.memory_info().rss / 1e6)
        self.figures.handles.append(open_handles(self._process))
        if self._running is not None:
            self.figures.dropped = self._running.playback.dropped
            self.figures.workload = self._running.workload
        self.figures.last = self._newest - 1  # the newest may still be on its way to the recorder

    def _fail(self, why: str) -> None:
        self.problem = why
        self._window.close()


def bench_live(
    path: Path, minutes: float, *, copies: int = 1, size: tuple[int, int] | None = None, record: bool = False,
    precision: str = AUTOMATIC, detector: str = DEFAULT_DETECTOR,
) -> str:  # fmt: skip
    """Plays `path` in a loop through the real window for `minutes`; what that cost, as text.

    With more than one of `copies`, or with `size` (width, height), the picture stands side by side with
    itself. `precision` is one of `PRECISION_CHOICES`, `detector` one of `DETECTORS`. Closing the window
    ends it early. Raises UserError.
    """
    from app.ui.run import application, mind  # it imports this package's window

    app = application()
    plain = copies == 1 and size is None
    source: Source = VideoFile(path) if plain else Mosaic(path, copies, size or (1280, 720))
    source.open()  # a file that is no video is an error here, not a notice in the window
    mode, platform = source.mode, QGuiApplication.platformName()
    source.close()

    def load() -> LivePipeline:
        from app.stages.pipeline import Pipeline

        return Pipeline.load(paths.models(), max(4, copies), affect=tuple(CARDS.values()), detector=detector)

    with tempfile.TemporaryDirectory() as folder:
        live = Live(load, max(4, copies))
        window = Window(Settings(sessions=folder, precision=precision), live)
        window.resize(*USUAL_SIZE)  # so that figures of two screens compare
        watch = LiveWatch(window, live, 60 * minutes)
        if record:
            single = Qt.ConnectionType.SingleShotConnection
            window.panels.picture.painted.connect(lambda _: window.user_actions.record.trigger(), single)
        window.player.play(source, loop=True)
        mind(window)
        window.show()
        app.exec()
        if watch.problem:
            raise UserError(watch.problem)
        if record:
            watch.figures.rows_lost = _lost(window.record_flow.recorded, watch.figures.last)
        ratio, shape = window.devicePixelRatioF(), window.size().toTuple()
        shiboken6.delete(window)  # as `app.ui.run` does, and for its reason
    what = f"{source.name}, {mode.width}x{mode.height}, {mode.rate:.3g}/s, in a loop through a window of "
    what += f"{shape[0]}x{shape[1]} at {ratio:g}, platform {platform}"
    if platform == "offscreen":
        what += " (no display: it is painted, and shown to nobody)"
    return table(what, watch.figures, mode.rate)


def table(what: str, seen: LiveFigures, rate: float) -> str:
    """The figures as lines; `rate` is that of the clip, in frames a second."""
    if not seen.latency or not seen.memory:
        raise UserError("The window was closed before anything could be measured: let it run on.")
    median, p95 = np.percentile(seen.latency, (50, 95))
    count = len(seen.latency)
    painted, measured = count / seen.seconds, seen.frames / seen.seconds
    # Memory and handles are compared from the first minute's end on: pools, caches and the curves are filled
    # by then, and a recording has opened its files. The last check comes before the window closes any.
    begin = min(60, len(seen.memory) // 4)
    tenth = max(1, (len(seen.memory) - begin) // 10)
    (first, last), (opened, open_) = (
        (float(np.mean(values[begin : begin + tenth])), float(np.mean(values[-tenth:])))
        for values in (seen.memory, seen.handles)
    )
    lines = [
        what,
        f"{seen.seconds:.0f} s that count, from {WARM_UP:g} s after the first face on; "
        f"{seen.faces / count:.1f} faces a picture",
        f"latency      {median:.1f} ms from capture to paint in the median, {p95:.1f} ms p95",
        f"stall        {seen.stall:.0f} ms at the longest, that the window's thread did not answer",
        f"processor    {100 * seen.processor / seen.seconds:.0f} % of one core, over all threads",
        f"pictures     {rate:.1f}/s wanted, {measured:.2f}/s measured, {painted:.2f}/s painted "
        f"({painted / max(measured, painted):.1%} of them)",
        f"memory       {first:.0f} MB after {begin} s, {last:.0f} MB at the end ({_drift(first, last)})",
        f"open files   {opened:.1f} after {begin} s, {open_:.1f} at the end ({_drift(opened, open_)})",
        f"dropped      {seen.dropped} frames"
        + ("" if seen.rows_lost is None else f", {seen.rows_lost} rows of the recording"),
    ]
    lines.append(f"workload     {seen.workload} {seen.changes} changes.")
    return "\n".join(lines)


def _drift(first: float, last: float) -> str:
    """How far `last` is from `first`, and whether that is flat."""
    drift = last / first - 1
    return f"{100 * drift:+.1f} %, {'flat' if abs(drift) <= FLAT else 'not flat'} to within {FLAT:.0%}"


def _lost(session: Path | None, last: int) -> int:
    """Frames from a recording's first row on, at least up to the one with index `last`, that have no row."""
    if session is None:
        raise UserError("Nothing was recorded: see what the window says with mien --record.")
    with (session / ROWS_FILE).open(encoding="utf-8", newline="") as file:
        frames = {int(row["frame"]) for row in csv.DictReader(file)}
    return max(last, *frames) - min(frames) + 1 - len(frames) if frames else last + 1
