"""Decides how much is computed for each frame, so that a slow machine keeps up with its source.

A level is a row of `workload_levels.LEVELS`; all thresholds named below are there, too. Every JUDGE_EVERY
seconds the tuner judges the frames since the last time (`judgement`), and does one of three things:

                                         one level down:
     overloaded in PATIENCE judgements in a row; in one, at the start and after more faces came
                           .---------.
                           |         v
                        +---------------+       there was ROOM for RETRY_AFTER s        +----------+
    start, full  -----> |     HOLDS     | --------------------------------------------> |  TRIES   |
    workload            |    a level    |                one level up                   | a richer |
                        |               | <-------------------------------------------- |   level  |
                        +---------------+      a judgement that is not overloaded       +----------+
                               ^                                                             |
                               |        overloaded in one judgement, or frames wait for      |
                               '-------------------------------------------------------------'
                                 longer than a period before that: one level down, and the
                                 next try waits twice as long, LONGEST_RETRY_AFTER at most

There is ROOM when the next richer level is expected to fit. What it will cost is the load, evened out over
LOAD_JUDGEMENTS, times the ratio of the two levels' costs, which is measured at each change (`_CostRatios`).
When the number of faces changes, or somebody seeks in a file, the RETRY_AFTER seconds begin again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from app.playing.judgement import FrameSample, Judgement
from app.playing.workload_levels import (
    CAMERA_RECORDING_LEVELS,
    DEFAULT_RATE,
    FILE_RECORDING_LEVELS,
    HIGHEST_RATIO,
    JUDGE_EVERY,
    LEVELS,
    LOAD_JUDGEMENTS,
    LONGEST_RETRY_AFTER,
    OVERLOADED,
    PAINTING_RATIO,
    PATIENCE,
    PATIENCE_BEFORE_SKIPPING,
    RETRY_AFTER,
    ROOM,
    UNKNOWN_RATIO,
)
from app.types import Result, Workload


class Tuner:
    """Is given each result of a source, and says in `workload` how much to compute for the next frames.

    It knows no clock but that of the frames: the same results always lead to the same decisions.
    """

    def __init__(self, rate: float) -> None:
        """`rate` is that of the source in frames a second; 0 where it does not say."""
        self._period = 1e3 / (rate if rate > 0 else DEFAULT_RATE)  # ms
        self._levels, self._level = LEVELS, 0
        self._reason = "nothing was measured yet"
        self._sample = FrameSample()
        self._load = 0.0  # evened out
        self._faces = 0  # at the last judgement
        self._overloads = 0  # judgements in a row that found an overload
        self._proven = False  # since more faces came, this level was good once
        self._room_since = 0.0  # s
        self._trying = False
        self._waiting = 0.0  # ms that frames wait by now, since a richer level is tried
        self._retry = _Retry()
        self._ratios = _CostRatios()

    @property
    def workload(self) -> Workload:
        """How much to compute for the next frame."""
        return self._levels[self._level]

    @property
    def sentence(self) -> str:
        """For the user: what is computed, and why."""
        now = self.workload
        parts = [f"{now.precision} network", f"new faces looked for every {now.search_every} frames"]
        if now.landmarks_every > 1:
            parts.append(f"landmarks found in one of {now.landmarks_every} frames")
        if now.paint_every > 1:
            parts.append(f"one of {now.paint_every} pictures painted")
        return f"Automatic: {', '.join(parts)}, since {self._reason}."

    def see(self, result: Result) -> bool:
        """Take the next result into account; True when `workload` changed."""
        now, before = result.frame.time, self._level
        if len(self._sample) and not 0 <= now - self._sample.since <= 1 + JUDGE_EVERY:  # a gap, or a leap
            self._sample, self._room_since, self._overloads = FrameSample(), now, 0
        self._sample.add(result)
        if self._trying and self._try_fails(result):
            self._give_up_try(now)
        elif now - self._sample.since >= JUDGE_EVERY:
            self._judge(now)
        return self._level != before

    def begin_recording(self, live: bool) -> None:
        """Call before the first row of a recording, of a camera where `live`, else of a file.

        Until `end_recording` the levels are those of `CAMERA_RECORDING_LEVELS` or `FILE_RECORDING_LEVELS`.
        """
        levels = CAMERA_RECORDING_LEVELS if live else FILE_RECORDING_LEVELS
        if self.workload in levels:
            self._use(levels, self.workload)
        else:
            self._reason = "every frame of a recording is measured in full"
            self._use(levels, [level for level in levels if level.paint_every == 1][-1])

    def end_recording(self) -> None:
        """Call after the last row: all levels may be used again, and every picture is painted at first."""
        self._use(LEVELS, replace(self.workload, paint_every=1))

    def _use(self, levels: tuple[Workload, ...], workload: Workload) -> None:
        """Go over to other `levels`, at the one that is `workload`."""
        self._levels, self._level, self._sample = levels, levels.index(workload), FrameSample()
        self._overloads, self._trying = 0, False
        self._ratios.forget_change()

    def _judge(self, now: float) -> None:
        judgement, self._sample = self._sample.judged(self._period), FrameSample()
        self._ratios.compare(self._levels, self._level, judgement.cost)
        self._note(judgement, now)
        if self._level + 1 < len(self._levels) and self._overloads >= self._patience():
            self._retry.went_down(now, self._faces)
            self._change(+1, judgement.cost, now, judgement.reason)
        elif self._level > 0 and now - self._room_since >= self._retry.wait(self._faces):
            self._retry.went_up(now)
            self._waiting = 0.0
            self._change(-1, judgement.cost, now, f"{judgement.reason}, which leaves room")
        else:
            self._trying = self._trying and judgement.overloaded
            if self._level in (0, len(self._levels) - 1):
                self._reason = judgement.reason

    def _note(self, judgement: Judgement, now: float) -> None:
        """Keep count of overloads, and since when there was room for more."""
        self._overloads = self._overloads + 1 if judgement.overloaded else 0
        before, self._faces = self._faces, judgement.faces
        self._proven = not judgement.overloaded or (self._proven and self._faces <= before)
        self._load += (judgement.load - self._load) / LOAD_JUDGEMENTS
        fits = self._load * self._ratios.richer(self._levels, self._level) <= ROOM
        if self._faces != before or judgement.overloaded or not fits:
            self._room_since = now

    def _patience(self) -> int:
        """How many overloads in a row lead one level down."""
        if self._levels[self._level + 1].paint_every > 1:
            return PATIENCE_BEFORE_SKIPPING
        return PATIENCE if self._proven and not self._trying else 1

    def _try_fails(self, result: Result) -> bool:
        """Whether frames wait for longer than a period since a richer level is tried.

        This is known before a judgement is due, and so before a camera drops a frame. The first frame alone
        proves nothing: it may be a hiccup.
        """
        self._waiting = max(0.0, self._waiting + result.times.total - self._period)
        if self._waiting <= self._period or len(self._sample) < 2:
            return False
        return self._sample.cost > OVERLOADED * self._period

    def _give_up_try(self, now: float) -> None:
        cost, self._sample = self._sample.cost, FrameSample()
        self._ratios.compare(self._levels, self._level, cost)
        self._retry.went_down(now, self._faces)
        self._change(+1, cost, now, f"a frame took {cost:.0f} of {self._period:.0f} ms")

    def _change(self, down: int, cost: float, now: float, reason: str) -> None:
        """One level `down` (1) or up (-1); a frame of the level that is left took `cost` ms."""
        self._ratios.changed(self._level, cost)
        self._level += down
        self._reason, self._overloads, self._room_since, self._trying = reason, 0, now, down < 0


@dataclass(slots=True)
class _Retry:
    """How long there has to be room before a richer level is tried."""

    _after: float = RETRY_AFTER  # s
    _last: float = -np.inf  # s, when a richer level was tried last
    _faces: int = 0  # when that was too much

    def wait(self, faces: int) -> float:
        """Seconds; what was too much for more than these `faces` says nothing about them."""
        return self._after if faces >= self._faces else RETRY_AFTER

    def went_up(self, now: float) -> None:
        """A richer level is tried."""
        self._last = now

    def went_down(self, now: float, faces: int) -> None:
        """It was too much for so many `faces`, if one was tried not long ago; else the load has grown."""
        if now - self._last <= LONGEST_RETRY_AFTER:
            self._after, self._faces = min(2 * self.wait(faces), LONGEST_RETRY_AFTER), faces
        else:
            self._after = RETRY_AFTER


@dataclass(slots=True)
class _CostRatios:
    """How many times as much as a level the next richer one costs, measured at each change between them."""

    _ratios: dict[Workload, float] = field(default_factory=dict)  # by the poorer level
    _left: tuple[int, float] | None = None  # the level before the last change, and its cost in ms

    def changed(self, left: int, cost: float) -> None:
        """The level `left`, whose frames took `cost` ms, was left just now."""
        self._left = left, cost

    def forget_change(self) -> None:
        """The last change was not one to a neighbour."""
        self._left = None

    def compare(self, levels: tuple[Workload, ...], level: int, cost: float) -> None:
        """The first frames at `level` took `cost` ms."""
        if self._left is not None and cost > 0:
            (left, before), self._left = self._left, None
            ratio = before / cost if left < level else cost / before
            self._ratios[levels[max(left, level)]] = max(ratio, 1.0)

    def richer(self, levels: tuple[Workload, ...], level: int) -> float:
        """What the next richer level is likely to cost, in multiples of this one; 1 at the richest."""
        if level == 0:
            return 1.0
        highest = PAINTING_RATIO if levels[level].paint_every > 1 else HIGHEST_RATIO
        return min(self._ratios.get(levels[level], UNKNOWN_RATIO), highest)
