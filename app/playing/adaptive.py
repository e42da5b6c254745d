"""A pipeline that does as much for each frame as the machine can bear, or always the same."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from app.playing.tuner import Tuner
from app.types import AUTOMATIC, Frame, Result, Workload


class Tunable(Protocol):
    """What is asked of a pipeline."""

    def process(self, frame: Frame) -> Result: ...
    def use(self, workload: Workload) -> None: ...


class AdaptivePipeline:
    """Safe to steer from another thread while frames are processed; the effort changes between two frames."""

    def __init__(
        self, pipeline: Tunable, rate: Callable[[], float], choice: str,
        changed: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """`rate` gives frames a second once the source is open; `changed` is called after each change."""
        self._pipeline, self._rate, self._changed = pipeline, rate, changed
        self._tuner: Tuner | None = None
        self._workload = Workload()
        self._lock = threading.Lock()
        self.choose(choice)

    @property
    def sentence(self) -> str:
        """What is chosen and why."""
        if self._choice != AUTOMATIC:
            return f"Fixed: {self._choice} network, everything is done for each frame."
        return self._tuner.sentence if self._tuner else "Automatic: as much as the machine can bear."

    @property
    def workload(self) -> Workload:
        return self._workload

    def process(self, frame: Frame) -> Result:
        with self._lock:
            result = self._pipeline.process(frame)
            if self._choice == AUTOMATIC:
                self._tuner = self._tuner or Tuner(self._rate())
                if self._tuner.see(result):
                    self._use(self._tuner.workload)
        return result

    def choose(self, choice: str) -> None:
        """One of `types.PRECISION_CHOICES`; any but the automatic one does everything for each frame."""
        with self._lock:
            self._choice, self._tuner = choice, None
            self._use(Workload() if choice == AUTOMATIC else Workload(choice), anew=True)

    def record(self, live: bool) -> None:
        """As Tuner.record, before the first row."""
        with self._lock:
            if self._choice == AUTOMATIC:
                self._tuner = self._tuner or Tuner(self._rate())
                self._tuner.record(live)
                self._use(self._tuner.workload)

    def recorded(self) -> None:
        """After the last row."""
        with self._lock:
            if self._tuner is not None:
                self._tuner.recorded()

    def _use(self, workload: Workload, *, anew: bool = False) -> None:
        if anew or workload != self._workload:
            self._workload = workload
            self._pipeline.use(workload)
            self._changed()
