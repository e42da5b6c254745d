"""Play, pause, step, seek and speed of a video while it is measured."""

from __future__ import annotations

import threading

from app.sessions.event import Event

POLL = 0.05  # s between two checks whether the engine was stopped


class Transport:
    """Asked by the engine before each frame, steered by the window; it is `Steerable` as a replay is.

    Threads: the engine's sets `position`, the window's `playing` and `speed`, each by one assignment, so that
    both may read them without a lock. What the one asks of the other, `_wanted` and `_steps`, is read and
    changed under `_changed` alone.
    """

    ready = True
    events: tuple[Event, ...] = ()  # markers belong to a recording

    def __init__(self, frames: int, rate: float, start: float = 0.0) -> None:
        """About how many `frames` there are, at what `rate` a second, and when the first is shown, in s."""
        self.start_time, self.duration = start, start + (frames - 1) / rate  # s, of the first and the last
        self.position = start  # s, of the frame that is shown
        self.playing, self.speed = True, 1.0
        self._period = 1 / rate
        self._wanted: float | None = None  # s, where to go on
        self._steps = 0  # frames to show although it is paused
        self._changed = threading.Condition()

    def play(self) -> None:
        """Goes on from the frame that is shown."""
        with self._changed:
            self.playing = True
            self._changed.notify()

    def run(self) -> None:
        """Goes on from here at normal speed, and forgets what was asked for: a recording begins."""
        with self._changed:
            self.playing, self.speed, self._wanted, self._steps = True, 1.0, None, 0
            self._changed.notify()

    def pause(self) -> None:
        """Stays at the frame that is shown."""
        with self._changed:
            self.playing = False

    def play_or_pause(self) -> None:
        """Pauses while it plays, and plays while it is paused."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def set_speed(self, speed: float) -> None:
        """Plays at `speed` from the next frame on; 1 is normal speed."""
        self.speed = speed

    def seek(self, at: float) -> None:
        """Goes to the frame at `at` s, or the nearest one in the video; while paused only it is shown."""
        with self._changed:
            self._wanted, self._steps = min(max(at, self.start_time), self.duration - self._period / 2), 1
            self._changed.notify()

    def step(self, frames: int) -> None:
        """Pauses, and goes `frames` forward, or back when negative."""
        with self._changed:
            self.playing = False
            if frames > 0:
                self._steps += frames
                self._changed.notify()
                return
        self.seek(self.position + frames * self._period)

    def wait(self, stop: threading.Event) -> float | None:
        """For the engine: waits until a frame is wanted or `stop` is set.

        Gives the time, in s, to seek to first; None to go on.
        """
        with self._changed:
            while not (self.playing or self._steps or stop.is_set()):
                self._changed.wait(POLL)
            self._steps = max(0, self._steps - 1)
            wanted, self._wanted = self._wanted, None
        return wanted
