"""Smoothing: a One-Euro filter, which is steady while a signal rests and quick when it moves.

Source: Casiez, Roussel and Vogel, "1 Euro Filter", CHI 2012, algorithm 1 and 2.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.types import DEFAULT_SMOOTHING, ActionValues, Floats, Gaze, Signals

GAP = 1.0  # s without a value after which a signal starts again
# The cutoffs at a smoothing of 1 are those at the default divided by RANGE; near 0 they are multiplied by it.
RANGE = 8.0
SPEED_CUTOFF = 1.0  # Hz, of the speed itself (the paper's dcutoff)
# For the eyes (left x, y, right x, y; in eye distances), the eight probabilities, valence and arousal:
MIN_CUTOFF = np.array([1.5] * 4 + [0.5] * 8 + [0.5] * 2)  # Hz: lower is steadier at rest
BETA = np.array([12.0] * 4 + [2.0] * 8 + [1.0] * 2)  # Hz for each unit a second: higher lags less in motion
# For yaw and pitch of the gaze, in degrees: a glance elsewhere is quick, at a few hundred degrees a second.
GAZE_MIN_CUTOFF, GAZE_BETA = 1.0, 0.05
ACTION_MIN_CUTOFF, ACTION_BETA = 1.0, 1.0  # for the actions of the face, each about 0..1


@dataclass(slots=True)
class _State:
    time: float
    raw: Floats  # (n,)
    value: Floats  # (n,)
    speed: Floats  # (n,) units a second


class Smoother:
    """Keeps one filter for each face and signal. The same values and times give the same smoothed ones."""

    def __init__(self, smoothing: float = DEFAULT_SMOOTHING) -> None:
        """`smoothing` is 0, off, to 1, strongest. The attribute may be changed at any time."""
        self.smoothing = smoothing
        self._states: dict[int, _State] = {}
        self._gazes: dict[int, _State] = {}
        self._actions: dict[int, _State] = {}

    def smooth(self, id: int, signals: Signals, time: float) -> Signals:
        """The smoothed signals of face `id` at `time` (s); `signals` itself while smoothing is 0.

        The speed of the eyes is counted in eye distances, so that a picture twice as large behaves the same.
        """
        if self.smoothing <= 0:
            self._states.pop(id, None)
            return signals
        raw = np.concatenate(
            [signals.eyes.ravel(), signals.probs, [signals.valence, signals.arousal]], dtype=np.float64
        )
        unit = np.ones(len(raw))
        unit[:4] = max(1.0, math.dist(*signals.eyes.tolist()))
        state = self._next(self._states, id, raw, time, unit, MIN_CUTOFF, BETA)
        if state.value is raw:
            return signals
        value = state.value
        probs = value[4:12] / np.add.reduce(value[4:12])
        return Signals(
            value[:4].reshape(2, 2).astype(np.float32),
            probs.astype(np.float32),
            float(value[12]),
            float(value[13]),
        )

    def smooth_gaze(self, id: int, gaze: Gaze | None, time: float) -> Gaze | None:
        """The smoothed gaze of face `id` at `time` (s); None where `gaze` is None.

        A blink does not start the filter again. The direction is smoothed, not the eyes that it comes from:
        those would lag behind a head that nods, which would then seem to look up or down.
        """
        if self.smoothing <= 0:
            self._gazes.pop(id, None)
        if gaze is None or self.smoothing <= 0:
            return gaze
        raw = np.array([gaze.yaw, gaze.pitch])
        state = self._next(self._gazes, id, raw, time, 1.0, GAZE_MIN_CUTOFF, GAZE_BETA)
        return Gaze(*state.value.tolist())

    def smooth_actions(self, id: int, measured: ActionValues, time: float) -> ActionValues:
        """The smoothed actions (n,) of face `id` at `time` (s); `measured` itself while smoothing is 0."""
        if self.smoothing <= 0:
            self._actions.pop(id, None)
            return measured
        raw = measured.astype(np.float64)
        return self._next(self._actions, id, raw, time, 1.0, ACTION_MIN_CUTOFF, ACTION_BETA).value.astype(
            np.float32
        )

    def forget(self, ids: Iterable[int]) -> None:
        """Drops the filters of faces that have left for good."""
        for id in ids:
            self._states.pop(id, None)
            self._gazes.pop(id, None)
            self._actions.pop(id, None)

    def _next(
        self, states: dict[int, _State], id: int, raw: Floats, time: float,
        unit: Floats | float, least: Floats | float, beta: Floats | float,
    ) -> _State:  # fmt: skip
        """The state of face `id` from now on; it is kept in `states`. Where it starts, its value is `raw`."""
        before = states.get(id)
        if before is None or not 0 < time - before.time <= GAP:
            states[id] = _State(time, raw, raw, np.zeros_like(raw))
            return states[id]
        passed = time - before.time
        speed = before.speed + _weight(SPEED_CUTOFF, passed) * (
            (raw - before.raw) / (unit * passed) - before.speed
        )
        cutoff = RANGE ** (1 - self.smoothing / DEFAULT_SMOOTHING) * (least + beta * np.abs(speed))
        value = before.value + _weight(cutoff, passed) * (raw - before.value)
        states[id] = _State(time, raw, value, speed)
        return states[id]


def parse_smoothing(written: object) -> float:
    """The smoothing, 0..1, that a session or a command has written; old sessions have true or false.

    Raises TypeError when it is no number, and ValueError when it is outside 0..1.
    """
    if isinstance(written, bool):
        return DEFAULT_SMOOTHING if written else 0.0
    value = float(written)  # type: ignore[arg-type]
    if not 0 <= value <= 1:
        raise ValueError(f"{value} is not within 0..1")
    return value


def _weight(cutoff: Floats | float, passed: float) -> Floats | float:
    """The share of the new value in a first-order low pass with `cutoff` in Hz (the paper's alpha)."""
    return 1 / (1 + 1 / (2 * np.pi * np.asarray(cutoff) * passed))
