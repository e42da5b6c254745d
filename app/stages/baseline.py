"""Ten seconds of a neutral face set each person's own origin of valence and arousal."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from app.types import Baseline, Result

SECONDS = 10.0
LEAST_SHARE = 0.5  # of the frames in which a person must have been measured well


@dataclass(frozen=True, slots=True)
class BaselineResult:
    """What came of one baseline."""

    baselines: Mapping[int, Baseline]  # face id: origin
    left_out: tuple[int, ...]  # ids of faces that were seen, but not well enough


class BaselineStage:
    """A stage after the pipeline: `apply` gives each face the origin of its person."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._baselines: dict[int, Baseline] = {}
        self._wanted = False
        self._began: float | None = None  # s on the source's clock
        self._frames = 0
        self._values: dict[int, list[tuple[float, float]]] = {}
        self._now = 0.0
        self._taken: BaselineResult | None = None
        self._lock = threading.Lock()

    @property
    def baselines(self) -> Mapping[int, Baseline]:
        return MappingProxyType(self._baselines)

    @property
    def left(self) -> float | None:
        """Seconds that the running baseline still takes; None when none runs."""
        with self._lock:
            if not self._wanted:
                return None
            return self._seconds if self._began is None else max(0.0, self._began + self._seconds - self._now)

    def start(self) -> None:
        """From the next frame on; one that runs begins anew."""
        with self._lock:
            self._wanted, self._began, self._frames, self._values = True, None, 0, defaultdict(list)

    def clear(self) -> None:
        """Everybody's origin is 0 again, and a running baseline ends without one."""
        with self._lock:
            self._wanted, self._baselines = False, {}

    def take(self) -> BaselineResult | None:
        """The baseline that was finished since the last call."""
        with self._lock:
            taken, self._taken = self._taken, None
            return taken

    def apply(self, result: Result) -> Result:
        with self._lock:
            if self._wanted:
                self._collect(result)
            if not self._baselines:
                return result
            faces = tuple(replace(face, baseline=self._baselines.get(face.id)) for face in result.faces)
        return replace(result, faces=faces)

    def _collect(self, result: Result) -> None:
        self._now = result.frame.time
        if self._began is None:
            self._began = self._now
        if self._now - self._began >= self._seconds:
            self._finish()
            return
        self._frames += 1
        for face in result.faces:
            values = self._values[face.id]  # made also for a face that is never measured well
            if face.status == "ok":
                values.append((face.raw.valence, face.raw.arousal))

    def _finish(self) -> None:
        good = {id: v for id, v in self._values.items() if len(v) >= LEAST_SHARE * self._frames}
        # The median: a blink or a short smile does not move it.
        medians = {id: np.median(np.array(values), axis=0).tolist() for id, values in good.items()}
        fresh = {id: Baseline(valence, arousal, len(good[id])) for id, (valence, arousal) in medians.items()}
        self._baselines = {**self._baselines, **fresh}
        self._taken = BaselineResult(MappingProxyType(fresh), tuple(sorted(set(self._values) - set(good))))
        self._wanted = False
