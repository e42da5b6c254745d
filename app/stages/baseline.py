"""The baseline: valence and arousal of each person's own neutral face, taken over ten seconds."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from app.types import Baseline, Result

SECONDS = 10.0  # that a baseline takes
MIN_SHARE = 0.5  # of the frames in which a person must have been measured well


@dataclass(frozen=True, slots=True)
class BaselineResult:
    """Whose baseline was taken in ten seconds, and whose was not."""

    baselines: Mapping[int, Baseline]  # by id of the face
    left_out: tuple[int, ...]  # ids of faces that were seen, but too seldom with the status "ok"


class BaselineStage:
    """The stage after the pipeline: takes baselines, and gives each face the baseline of its person.

    `apply` is called on the engine's thread; every other method may be called on any thread.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        """Taking a baseline lasts `seconds` on the frames' clock."""
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
        """All baselines that were taken, by id of the face."""
        return MappingProxyType(self._baselines)

    @property
    def left(self) -> float | None:
        """Seconds until the baseline is taken; None when none is being taken."""
        with self._lock:
            if not self._wanted:
                return None
            return self._seconds if self._began is None else max(0.0, self._began + self._seconds - self._now)

    def start(self) -> None:
        """Take a baseline of everybody from the next frame on; one that is being taken begins again."""
        with self._lock:
            self._wanted, self._began, self._frames, self._values = True, None, 0, defaultdict(list)

    def clear(self) -> None:
        """Forget all baselines, and end one that is being taken."""
        with self._lock:
            self._wanted, self._baselines = False, {}

    def take(self) -> BaselineResult | None:
        """What was taken since the last call; None when nothing was."""
        with self._lock:
            taken, self._taken = self._taken, None
            return taken

    def apply(self, result: Result) -> Result:
        """`result`, each of its faces with the baseline of its person, if there is one."""
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
        good = {id: v for id, v in self._values.items() if len(v) >= MIN_SHARE * self._frames}
        # The median: a blink or a short smile does not move it.
        medians = {id: np.median(np.array(values), axis=0).tolist() for id, values in good.items()}
        fresh = {id: Baseline(valence, arousal, len(good[id])) for id, (valence, arousal) in medians.items()}
        self._baselines = {**self._baselines, **fresh}
        self._taken = BaselineResult(MappingProxyType(fresh), tuple(sorted(set(self._values) - set(good))))
        self._wanted = False
