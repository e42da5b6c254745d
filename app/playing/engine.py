"""The engine: runs `source -> process -> sinks` on its own thread; the window looks into a mailbox."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from app.playing.measured import Measured
from app.playing.protocols import Markable, Seekable, Steerable
from app.playing.transport import POLL, Transport
from app.sources.source import Source
from app.system import clock
from app.system.mailbox import Mailbox
from app.types import Frame, Result

Sink = Callable[[Result], None]
# s that a file may lag and catch up again, as a camera catches up on frames that waited in its driver. A file
# that lags more plays on from where it is.
SLACK = 0.07
log = logging.getLogger(__name__)


class Engine:
    """A `Playback` that measures: from `start` to `stop` each frame is processed, then given to all sinks.

    A camera is read as fast as frames come; those that arrive meanwhile are dropped and counted. A file drops
    none: it plays at its own times, catches up after a frame that took too long, and plays slower where
    processing is always too slow. With `loop` it begins again at its end, and numbers and times go on.
    Without, its `transport` can pause it and seek in it; a frame to which it goes back is shown as it was
    measured before.

    Threads: once it runs, only the engine's thread sets `transport`, `error`, `ended` and `dropped`, each by
    one assignment; none is read together with another, so any thread may read them without a lock. So may
    `_paused`, which the window's thread sets, and `_measured`, which any thread may replace by an empty one,
    and only the engine's fills. `_sinks` and `_failures` are tuples that are replaced under
    `_sinks_changing`, and read without it.
    """

    measuring = True
    markable: Markable | None = None
    trouble = ""

    def __init__(
        self,
        source: Source,
        process: Callable[[Frame], Result],
        *,
        sinks: tuple[Sink, ...] = (),
        loop: bool = False,
        jumped: Callable[[], None] = lambda: None,
    ) -> None:
        """`jumped` is called after a seek, before a frame is measured that does not follow the one before."""
        self.transport: Transport | None = None  # of a video, once it is open
        self._jumped = jumped
        self.source = source
        self.results: Mailbox[Result] = Mailbox()
        self.error: Exception | None = None  # what stopped it; a UserError speaks to the user
        self.ended = False  # the file came to its end
        self.dropped = 0  # frames of a camera that came while another was being processed
        self._process, self._loop = process, loop
        self._sinks = sinks
        self._failures: tuple[tuple[Sink, Exception], ...] = ()
        self._sinks_changing = threading.Lock()
        self._stop = threading.Event()
        self._paused = False  # of a camera or a loop; a video has its transport
        self._measured = Measured()  # of a video that can be sought in
        self._sought = False  # since a frame was measured last
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """True from `start` until it is stopped, fails, or ends."""
        return self._thread is not None and self._thread.is_alive() and not self._stop.is_set()

    @property
    def steering(self) -> Steerable | None:
        """What pauses and seeks in a video, once it is open; None for a camera, and in a loop."""
        return self.transport

    @property
    def waiting(self) -> str:
        """One sentence: why the camera gives no pictures just now; else ""."""
        return self.source.waiting

    @property
    def paused(self) -> bool:
        """Whether nothing is measured just now, although the source stays open."""
        return self._paused if self.transport is None else not self.transport.playing

    def pause(self) -> None:
        """Measures nothing until `resume`; what a camera sends meanwhile does not count as dropped."""
        if self.transport is None:
            self._paused = True
        else:
            self.transport.pause()

    def resume(self) -> None:
        """Goes on measuring: a camera with its newest picture, a file with the next frame."""
        if self.transport is None:
            self._paused = False
        else:
            self.transport.play()

    def start(self) -> None:
        """Begins, and returns at once: the source is opened on the thread. It may follow a `stop`."""
        if self.running:
            return
        self.error, self._failures, self._paused = None, (), False
        self.ended, self.dropped = False, 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._guard, args=(self._stop,), name="engine", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 2.0) -> bool:
        """Ends it, waiting for at most `timeout` s; False when the source is stuck and was left behind."""
        self._stop.set()
        if self._thread is None or self._thread is threading.current_thread():
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def add_sink(self, sink: Sink) -> None:
        """Calls `sink` with each result from now on, on the engine's thread. One that raises is removed."""
        self.measure_anew()
        self.remove_sink(sink)
        with self._sinks_changing:
            self._sinks = (*self._sinks, sink)

    def measure_anew(self) -> None:
        """Forgets what was measured: a frame to which it goes back is measured, as after another choice."""
        self._measured = Measured()

    def remove_sink(self, sink: Sink) -> None:
        """Calls `sink` no more, and forgets why it failed. Does nothing where it was removed already."""
        with self._sinks_changing:
            self._sinks = tuple(s for s in self._sinks if s != sink)
            self._failures = tuple((s, error) for s, error in self._failures if s != sink)

    def failure(self, sink: Sink) -> Exception | None:
        """What `sink` raised, and was removed for; None while it works. The engine runs on all the same."""
        return next((error for s, error in self._failures if s == sink), None)

    def run(self, stop: threading.Event) -> None:
        """Measures on the calling thread: from opening the source to its end, or until `stop` is set.

        Raises what the source and the processing raise; the source is closed in any case.
        """
        try:
            self.source.open()
            self._make_transport()
            self._measure(stop)
        finally:
            self.source.close()

    def _guard(self, stop: threading.Event) -> None:
        try:
            self.run(stop)
        except Exception as error:  # the boundary of the thread: the window shows it
            log.warning("The engine stopped.", exc_info=True)
            self.error = error
        finally:
            stop.set()

    def _measure(self, stop: threading.Event) -> None:
        pace, last, first_index, first_time = _Pace(), None, 0, 0.0
        while not stop.is_set():
            if self.transport is not None and self._steer(self.transport, pace, stop):
                last = None
            if self._paused and self.transport is None and not self.source.live:
                stop.wait(POLL)
                pace.begin_again()
                continue
            frame = self.source.read()
            if frame is None and self.source.live:
                continue
            if self._paused and self.source.live:  # read all the same, so that the camera stays at work
                last = None
                continue
            if frame is None:
                if not self._loop or last is None:
                    self.ended = True
                    return
                first_index, first_time = last.index + 1, last.time + 1 / self.source.mode.rate
                last = None
                self.source.open()
                continue
            if self.source.live:
                lost = frame.index - last.index - 1 if last else 0
                self.dropped += lost
                frame = replace(frame, dropped=lost)
            else:
                frame = replace(frame, index=frame.index + first_index, time=frame.time + first_time)
                due = pace.wait(frame.time, stop)
                if stop.is_set():
                    return
                if self.transport is not None:
                    self.transport.position = frame.time
                frame = replace(frame, captured=due)  # as if it came then, however late it is taken up
            if self.transport is None:
                self._hand_on(self._measure_one(frame))
            else:
                self._show_or_measure(frame, last)
            last = frame

    def _measure_one(self, frame: Frame) -> Result:
        return replace(self._process(frame), ready=clock.now())

    def _show_or_measure(self, frame: Frame, last: Frame | None) -> None:
        """Sinks get only what is measured: a frame to which it went back they had before."""
        measured = self._measured
        if (kept := measured.of(frame)) is not None:
            self.results.put(replace(kept, ready=clock.now()))
            return
        if self._sought and not measured.ends_with(last):
            self._jumped()
            self._measured = measured = Measured()
        self._sought = False
        result = self._measure_one(frame)
        measured.add(result)
        self._hand_on(result)

    def _make_transport(self) -> None:
        source = self.source
        if not source.live and not self._loop and isinstance(source, Seekable) and (source.frames or 0) > 1:
            transport = Transport(source.frames or 0, source.mode.rate, source.start)
            if self._paused:  # before it was open
                transport.pause()
            self.transport = transport

    def _steer(self, transport: Transport, pace: _Pace, stop: threading.Event) -> bool:
        """Waits while it is paused; whether it has gone to another time."""
        to = transport.wait(stop)
        pace.set_speed(transport.speed)
        if to is not None and isinstance(self.source, Seekable):
            self.source.seek(to)
            pace.begin_again()
            self._sought = True
            return True
        return False

    def _hand_on(self, result: Result) -> None:
        self.results.put(result)
        for sink in self._sinks:
            try:
                sink(result)
            except Exception as error:  # a full disk must not stop the picture
                log.warning("A sink failed and is removed.", exc_info=True)
                with self._sinks_changing:
                    if sink in self._sinks:  # else it was removed meanwhile, and nobody waits for it
                        self._sinks = tuple(s for s in self._sinks if s != sink)
                        self._failures = (*self._failures, (sink, error))


class _Pace:
    """Waits until a frame is due. It catches up on delays up to SLACK; a longer one shifts later frames."""

    def __init__(self) -> None:
        self._start: float | None = None  # s on the clock, when time 0 of the file was due
        self._speed = 1.0

    def set_speed(self, speed: float) -> None:
        """Play `speed` times as fast from the next frame on, which is due now if that is a change."""
        if speed != self._speed:
            self._speed = speed
            self.begin_again()

    def begin_again(self) -> None:
        """The next frame is due now."""
        self._start = None

    def wait(self, time_: float, stop: threading.Event) -> float:
        """When the frame at `time_` (s, of the file) was due, in s on the clock, unless `stop` is set."""
        now, after = clock.now(), time_ / self._speed
        self._start = now - after if self._start is None else max(self._start, now - after - SLACK)
        due = self._start + after
        stop.wait(max(0.0, due - now))
        return due
