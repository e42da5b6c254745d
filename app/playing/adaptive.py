"""A pipeline with its tuner: computes as much for each frame as the machine can do in time."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.playing.protocols import LivePipeline
from app.playing.tuner import Tuner
from app.types import AUTOMATIC, Frame, Result, Workload


class AdaptivePipeline:
    """A pipeline whose workload follows the tuner, or stays as it was chosen.

    Every method may be called on any thread while frames are processed; the workload changes between frames.

    Threads: `_choice`, `_tuner` and `_workload` change under `_lock`, which a frame holds while it is
    processed. The properties read each of them once without it, so that the window never waits for a frame:
    for a moment they may give what held before the change.
    """

    def __init__(
        self, pipeline: LivePipeline, rate: Callable[[], float], choice: str,
        changed: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """`choice` is as in `choose`. `rate` gives that of the source, in frames a second, once it is open.

        `changed` is called after each change of the workload, on the thread that caused it.
        """
        self._pipeline, self._rate, self._changed = pipeline, rate, changed
        self._tuner: Tuner | None = None
        self._workload = Workload()
        self._lock = threading.Lock()
        self.choose(choice)

    @property
    def sentence(self) -> str:
        """For the user: how much is computed for each frame, and why."""
        if self._choice != AUTOMATIC:
            return f"Fixed: {self._choice} network, everything is done for each frame."
        tuner = self._tuner  # another thread may take it away meanwhile
        return tuner.sentence if tuner else "Automatic: as much as this machine can do in time."

    @property
    def workload(self) -> Workload:
        """How much is computed for each frame now."""
        return self._workload

    def process(self, frame: Frame) -> Result:
        """Measure one frame, and let the tuner decide about the next ones. Raises ModelError."""
        with self._lock:
            result = self._pipeline.process(frame)
            if self._choice == AUTOMATIC:
                self._tuner = self._tuner or Tuner(self._rate())
                if self._tuner.see(result):
                    self._use(self._tuner.workload)
        return result

    def choose(self, choice: str) -> None:
        """Use one of `types.PRECISION_CHOICES` from the next frame on.

        All but the automatic one compute everything for each frame. Raises ModelError when the network of
        that precision is not loaded.
        """
        with self._lock:
            self._choice, self._tuner = choice, None
            self._use(Workload() if choice == AUTOMATIC else Workload(choice), always=True)

    def measure_at_most(self, faces: int) -> None:
        """Measure so many faces of a frame at most, from the next frame on."""
        with self._lock:
            self._pipeline.max_faces = faces

    def begin_recording(self, live: bool) -> None:
        """Call before the first row of a recording: see `Tuner.begin_recording`."""
        with self._lock:
            if self._choice == AUTOMATIC:
                self._tuner = self._tuner or Tuner(self._rate())
                self._tuner.begin_recording(live)
                self._use(self._tuner.workload)

    def end_recording(self) -> None:
        """Call after the last row of a recording."""
        with self._lock:
            if self._tuner is not None:
                self._tuner.end_recording()

    def _use(self, workload: Workload, *, always: bool = False) -> None:
        if always or workload != self._workload:
            self._workload = workload
            self._pipeline.use(workload)
            self._changed()
