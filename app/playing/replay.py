"""Replay: a recorded session shown again, with play, pause, step, seek and speed, and its picture if any."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.playing.history import History
from app.playing.protocols import Markable, Steerable
from app.sessions.added_events import AddedEvents
from app.sessions.event import Event
from app.sessions.info import SessionError, SessionInfo
from app.sessions.pictures import Pictures, find_pictures
from app.sessions.reading import RecordedSession
from app.sessions.results import SessionResults
from app.sources.source import Mode
from app.stages.smooth import Smoother, parse_smoothing
from app.system.mailbox import Mailbox
from app.types import DEFAULT_SMOOTHING, Result

log = logging.getLogger(__name__)


class RecordedSource:
    """A session that is replayed, as the window shows it in place of a camera or a file."""

    live = False

    def __init__(self, folder: Path) -> None:
        """`folder` is the session's; its mode is known once the replay has opened it."""
        self.path, self.name = folder, folder.name
        self.mode = Mode(0, 0, 0.0, "")


class Replay:
    """A `Playback` of a session: `results` has the newest frame, with the faces of its rows.

    Opening and decoding is done on its own thread; every call returns at once. Where decoding is too slow
    pictures are left out, but the values of no frame.

    Threads: its own sets `error`, `events`, `ready`, `start_time`, `duration`, `_results`, `_pictures`,
    `_refused` and `_frame`, each by one assignment, so others may read them without a lock; `ready` comes
    after the times and the events. What others ask of it, `_todo`, `_wanted`, `_stop` and how it plays,
    changes under `_changed`.
    """

    measuring = False
    waiting = ""

    def __init__(self, session: RecordedSource, history: History) -> None:
        """Each frame that is shown is also added to `history`, which is cleared after a seek."""
        self.source = session
        self.results: Mailbox[Result] = Mailbox()
        self.error: Exception | None = None
        self._refused = ""  # one sentence: a marker could not be kept, or the end of the rows is missing
        self.ended = False  # never: at its end a replay waits to be sought in
        self.dropped = 0
        self.duration = self.start_time = 0.0  # s, of the last and the first row; known once it is `ready`
        self.events: tuple[Event, ...] = ()
        self.ready = False
        self._history = history
        self._results: SessionResults | None = None
        self._pictures: Pictures | None = None
        self._smoothing = DEFAULT_SMOOTHING
        self._smoother = Smoother()  # of the gaze alone, which the rows keep as it was before smoothing
        self._added = AddedEvents(session.path)
        self._todo: list[Callable[[], object]] = []
        self._frame = 0  # the one that is shown
        self._wanted: int | None = None  # the one to jump to
        self._playing, self._speed = True, 1.0
        self._anchor = 0.0, 0.0  # s on the clock and in the session from where it plays
        self._changed = threading.Condition()
        self._stop = False
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """True from `start` until it is stopped or fails."""
        return self._thread is not None and self._thread.is_alive() and not self._stop

    @property
    def steering(self) -> Steerable:
        """Itself: it can be paused and sought in."""
        return self

    @property
    def markable(self) -> Markable:
        """Itself: markers can be added to the session."""
        return self

    @property
    def playing(self) -> bool:
        """False while it is paused, and at its end."""
        return self._playing

    @property
    def speed(self) -> float:
        """1 is the recorded speed."""
        return self._speed

    @property
    def position(self) -> float:
        """Time of the frame that is shown, in s, as in the rows."""
        return float(self._results.times[self._frame]) if self._results is not None else 0.0

    @property
    def trouble(self) -> str:
        """One sentence: a marker could not be kept, or the video is not the one that was measured; or ""."""
        return self._refused or (self._pictures.trouble if self._pictures is not None else "")

    def start(self) -> None:
        """Opens the session and begins to play, on its own thread. Does nothing while it runs."""
        if not self.running:
            self._stop = False
            self._thread = threading.Thread(target=self._guard, name="replay", daemon=True)
            self._thread.start()

    def stop(self, timeout: float = 2.0) -> bool:
        """Ends it, waiting for at most `timeout` s; False when it is stuck in a file and was left behind."""
        with self._changed:
            self._stop = True
            self._changed.notify()
        if self._thread is None or self._thread is threading.current_thread():
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def play(self) -> None:
        """Plays from the frame that is shown, at the end from the start."""
        with self._changed:
            if self._results is not None and self._target() >= len(self._results.times) - 1:
                self._wanted = 0
            self._playing = True
            self._set_anchor()
            self._changed.notify()

    def play_or_pause(self) -> None:
        """Pauses while it plays, and plays while it is paused."""
        if self._playing:
            self.pause()
        else:
            self.play()

    def pause(self) -> None:
        """Stays at the frame that is shown."""
        with self._changed:
            self._playing = False
            self._changed.notify()

    def set_speed(self, speed: float) -> None:
        """Plays at `speed` from now on; one of `protocols.SPEEDS`."""
        with self._changed:
            self._speed = speed
            self._set_anchor()
            self._changed.notify()

    def seek(self, at: float) -> None:
        """Goes to the frame that was measured at `at` s, as in the rows, or the one before."""
        with self._changed:
            if self._results is not None:
                self._go_to(self._results.at(at))

    def step(self, frames: int) -> None:
        """Pauses, and goes `frames` forward, or back when negative."""
        with self._changed:
            self._playing = False
            self._go_to(self._target() + frames)

    def mark(self, text: str) -> None:
        """Adds a marker at the frame that is shown; `events` has it soon, a refusal of the disk `trouble`."""
        with self._changed:
            self._todo.append(lambda: self._added.mark(text, self.position, self._number()))
            self._changed.notify()

    def undo(self) -> None:
        """Takes back the newest marker that was added in a replay."""
        with self._changed:
            self._todo.append(self._added.undo)
            self._changed.notify()

    def _guard(self) -> None:
        try:
            self._open()
            self._run()
        except Exception as error:  # the boundary of the thread: the window shows it
            log.warning("The replay stopped.", exc_info=True)
            self.error = error

    def _open(self) -> None:
        session = RecordedSession(self.source.path)
        info = session.info
        self.source.mode = Mode(info.width, info.height, info.rate, "session")
        self.source.name = f"{self.source.path.name} (replay)"
        self._smoothing = _smoothing(info)
        results = SessionResults(session)
        if not len(results):
            raise SessionError(f"{self.source.path} has no rows, so there is nothing to play.")
        self._pictures = find_pictures(session, self._show_again)
        self.start_time, self.duration = float(results.times[0]), float(results.times[-1])
        self.events = session.events()
        self._refused = session.lacking()
        with self._changed:
            self._results, self.ready = results, True
            self._wanted = 0
            self._set_anchor()

    def _run(self) -> None:
        assert self._results is not None
        while True:
            with self._changed:
                while (frame := self._due()) is None and not self._todo and not self._stop:
                    self._changed.wait(self._time_left())
                if self._stop:
                    return
                todo, self._todo = self._todo, []
                jumped, self._wanted = self._wanted is not None, None
            for work in todo:
                self._work(work)
            if frame is not None:
                self._show(frame, jumped)

    def _work(self, work: Callable[[], object]) -> None:
        try:
            work()
            self.events = RecordedSession(self.source.path).events()
        except OSError as error:
            self._refused = f"The marker was not kept ({error.strerror}): make the session's folder writable."
        except (SessionError, ValueError) as error:
            self._refused = f"The marker was not kept: {error}"

    def _show(self, frame: int, jumped: bool) -> None:
        assert self._results is not None and self._pictures is not None
        if jumped or frame < self._frame:
            self._history.clear()
            self._smoother = Smoother(self._smoothing)
            begin = self._results.at(float(self._results.times[frame]) - self._history.seconds)
        else:
            begin = self._frame + 1
        for bare in map(self._smoothed, self._results.between(begin, frame + 1)):
            self._history.push(bare)
        self._frame = frame
        seen = self._pictures.at(bare.frame.time, bare.faces)
        self.results.put(
            replace(bare, frame=replace(bare.frame, image=seen.image, image_note=seen.image_note))
        )

    def _show_again(self) -> None:
        with self._changed:
            self._go_to(self._target())

    def _smoothed(self, bare: Result) -> Result:
        """With the gaze as the live view showed it."""
        smooth, time = self._smoother.smooth_gaze, bare.frame.time
        faces = (replace(face, gaze_smooth=smooth(face.id, face.gaze, time)) for face in bare.faces)
        return replace(bare, faces=tuple(faces))

    def _due(self) -> int | None:
        """The frame to show now; None when the one that is shown is still the right one."""
        if self._wanted is not None:
            return self._wanted
        if not self._playing or self._results is None:
            return None
        frame = self._results.at(self._now())
        if frame >= len(self._results) - 1:
            self._playing = False
        return frame if frame > self._frame else None

    def _time_left(self) -> float | None:
        """Seconds until the next frame; None while nothing moves."""
        if not self._playing or self._results is None or self._frame >= len(self._results) - 1:
            return None
        return max(0.001, (float(self._results.times[self._frame + 1]) - self._now()) / self._speed)

    def _now(self) -> float:
        """Where in the session it should be, in s."""
        clock, at = self._anchor
        return at + (time.perf_counter() - clock) * self._speed

    def _set_anchor(self) -> None:
        if self._results is not None:
            self._anchor = time.perf_counter(), float(self._results.times[self._target()])

    def _target(self) -> int:
        return self._frame if self._wanted is None else self._wanted

    def _go_to(self, frame: int) -> None:
        if self._results is not None:
            self._wanted = min(max(frame, 0), len(self._results) - 1)
            self._set_anchor()
            self._changed.notify()

    def _number(self) -> int:
        """Of the frame that is shown, as in the rows."""
        assert self._results is not None
        return self._results.result(self._frame, None).frame.index


def _smoothing(info: SessionInfo) -> float:
    """The smoothing with which the session was recorded; the default where it does not say."""
    try:
        return parse_smoothing(info.settings["smoothing"])
    except (KeyError, TypeError, ValueError):
        return DEFAULT_SMOOTHING
