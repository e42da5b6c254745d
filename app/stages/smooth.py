"""One-Euro filter: calm while a signal rests, quick when it moves.

Source: Casiez, Roussel and Vogel, "1 Euro Filter", CHI 2012, algorithm 1 and 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.types import DEFAULT_SMOOTHING, Gaze, Signals

GAP = 1.0  # s without a value after which a signal starts afresh
RANGE = 8.0  # the cutoffs at the calmest are this many times lower than the standard, near 0 as many higher
SPEED_CUTOFF = 1.0  # Hz, of the speed itself (the paper's dcutoff)
# For the eyes (left x, y, right x, y; in eye distances), the eight probabilities, valence and arousal:
MIN_CUTOFF = np.array([1.5] * 4 + [0.5] * 8 + [0.5] * 2)  # Hz: lower is calmer at rest
BETA = np.array([12.0] * 4 + [2.0] * 8 + [1.0] * 2)  # Hz for each unit a second: higher lags less in motion
# For yaw and pitch of the gaze, in degrees: a glance elsewhere is quick, at a few hundred degrees a second.
GAZE_MIN_CUTOFF, GAZE_BETA = 1.0, 0.05


@dataclass(slots=True)
class _State:
    time: float
    raw: np.ndarray  # (n,)
    value: np.ndarray  # (n,)
    speed: np.ndarray  # (n,) units a second


class Smoother:
    """One filter for each face id and signal."""

    def __init__(self, smoothing: float = DEFAULT_SMOOTHING) -> None:
        """`smoothing` is 0, instant and off, to 1, calmest; it can be changed at any time."""
        self.smoothing = smoothing
        self._states: dict[int, _State] = {}
        self._looks: dict[int, _State] = {}

    def smooth(self, id: int, signals: Signals, time: float) -> Signals:
        """The smoothed signals of face `id` at `time` (s); `signals` itself while switched off.

        The speed of the eyes counts in eye distances, so that a picture twice as large behaves the same.
        """
        if self.smoothing <= 0:
            self._states.pop(id, None)
            return signals
        raw = np.concatenate(
            [signals.eyes.ravel(), signals.probs, [signals.valence, signals.arousal]], dtype=np.float64
        )
        unit = np.ones_like(raw)
        unit[:4] = max(1.0, float(np.linalg.norm(signals.eyes[0] - signals.eyes[1])))
        state = self._next(self._states, id, raw, time, unit, MIN_CUTOFF, BETA)
        if state.value is raw:
            return signals
        value = state.value
        probs = value[4:12] / value[4:12].sum()
        return Signals(
            value[:4].reshape(2, 2).astype(np.float32),
            probs.astype(np.float32),
            float(value[12]),
            float(value[13]),
        )

    def smooth_gaze(self, id: int, gaze: Gaze | None, time: float) -> Gaze | None:
        """The smoothed gaze of face `id` at `time` (s); None while there is none.

        A blink starts nothing anew. The direction is smoothed, not the eyes that it comes from: those would
        lag behind a head that nods, and look up or down for it.
        """
        if self.smoothing <= 0:
            self._looks.pop(id, None)
        if gaze is None or self.smoothing <= 0:
            return gaze
        raw = np.array([gaze.yaw, gaze.pitch])
        state = self._next(self._looks, id, raw, time, 1.0, GAZE_MIN_CUTOFF, GAZE_BETA)
        return Gaze(*state.value.tolist())

    def forget(self, ids: Iterable[int]) -> None:
        """Drop what is kept for people who have left."""
        for id in ids:
            self._states.pop(id, None)
            self._looks.pop(id, None)

    def _next(
        self, states: dict[int, _State], id: int, raw: np.ndarray, time: float,
        unit: np.ndarray | float, least: np.ndarray | float, beta: np.ndarray | float,
    ) -> _State:  # fmt: skip
        """What is kept of face `id` in `states` from now on; `raw` itself is the value where it starts."""
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


def parse_smoothing(kept: object) -> float:
    """What a session or a command says of smoothing: 0..1, or in old sessions true or false.

    Raises TypeError or ValueError.
    """
    if isinstance(kept, bool):
        return DEFAULT_SMOOTHING if kept else 0.0
    value = float(kept)  # type: ignore[arg-type]
    if not 0 <= value <= 1:
        raise ValueError(f"{value} is not within 0..1")
    return value


def _weight(cutoff: np.ndarray | float, passed: float) -> np.ndarray | float:
    """The share of the new value in a first-order low pass with `cutoff` in Hz (the paper's alpha)."""
    return 1 / (1 + 1 / (2 * np.pi * np.asarray(cutoff) * passed))
