"""The last half minute of every face: what the curves and the trails show."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np

from app.types import EXPRESSIONS, Face, Floats, Mask, Result

ROWS = 4 + len(EXPRESSIONS)  # time, valence, arousal, whether in doubt, probabilities


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One face's smoothed values, oldest first, as a copy. Where it was out of sight one value is NaN."""

    id: int
    time: Floats  # (n,), s on the source's clock
    valence: Floats  # (n,) -1..1, counted from the baseline where there is one
    arousal: Floats  # (n,) -1..1, likewise
    doubt: Mask  # (n,): a status other than "ok"
    probs: Floats  # (8, n) in the order of EXPRESSIONS


class History:
    """The values of the last `seconds`: the engine adds each result, the window reads on another thread."""

    def __init__(self, seconds: float = 30.0, rate: float = 60.0) -> None:
        """Has room for `seconds` at up to `rate` frames a second."""
        self.seconds = seconds
        self._size = int(seconds * rate)
        self._rings: dict[int, _Ring] = {}
        self._now = 0.0
        self._lock = threading.Lock()

    @property
    def now(self) -> float:
        """Time of the newest frame, in s on the source's clock."""
        return self._now

    def push(self, result: Result) -> None:
        """Adds the values of a result, which is later than the ones before; forgets what is too old."""
        now = result.frame.time
        with self._lock:
            self._now = now
            for face in result.faces:
                self._rings.setdefault(face.id, _Ring(self._size)).push(_sample(now, face), now)
            seen = {face.id for face in result.faces}
            for id, ring in list(self._rings.items()):
                if id not in seen:
                    ring.interrupt(now)
                if ring.last < now - self.seconds:
                    del self._rings[id]

    def traces(self) -> tuple[Trace, ...]:
        """The values of every face of the last `seconds`, ordered by id."""
        with self._lock:
            return tuple(self._trace(id) for id in sorted(self._rings))

    def clear(self) -> None:
        """Forgets everything, for instance before another source."""
        with self._lock:
            self._rings.clear()
            self._now = 0.0

    def _trace(self, id: int) -> Trace:
        rows = self._rings[id].view()
        rows = rows[:, np.searchsorted(rows[0], self._now - self.seconds) :].copy()
        return Trace(id, rows[0], rows[1], rows[2], rows[3] == 1, rows[4:])


class _Ring:
    """The newest samples as one view without a seam, because each is written twice."""

    def __init__(self, size: int) -> None:
        self._size, self._count = size, 0
        self._data = np.empty((ROWS, 2 * size))
        self.last = -np.inf  # s, when the face was last in sight
        self._interrupted = False

    def push(self, sample: Floats, now: float) -> None:
        self._write(sample)
        self.last, self._interrupted = now, False

    def interrupt(self, now: float) -> None:
        """The face is out of sight: one sample of NaN breaks the curve."""
        if not self._interrupted:
            self._write(np.array([now, *[np.nan] * (ROWS - 1)]))
            self._interrupted = True

    def view(self) -> Floats:
        """(ROWS, n): as many as there are, oldest first. Not a copy."""
        filled = min(self._count, self._size)
        end = self._size + self._count % self._size if self._count >= self._size else self._count
        return self._data[:, end - filled : end]

    def _write(self, sample: Floats) -> None:
        i = self._count % self._size
        self._data[:, i] = self._data[:, i + self._size] = sample
        self._count += 1


def _sample(time: float, face: Face) -> Floats:
    shown = face.shown
    doubt = face.status != "ok"
    return np.array([time, shown.valence, shown.arousal, doubt, *shown.probs], np.float64)
