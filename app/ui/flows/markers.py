"""Markers, set here or by another program: for those who listen, and in what is recorded."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.system import clock
from app.ui.flows.recording_control import RecordingControl
from app.ui.flows.running import WorkState
from app.ui.flows.worker import Worker


class Markers(QObject):
    """`mark` may be called from any thread; `send`, which it reads there, is set once, at the start."""

    marked = Signal(str)  # text of a marker that was set
    unmarked = Signal(str)  # text of the marker that was taken back; "" when there was none

    def __init__(self, worker: Worker[WorkState], recording: RecordingControl) -> None:
        super().__init__()
        self._worker, self._recording = worker, recording
        self.send: Callable[[str, float], None] = lambda text, when: None  # to other programs

    def mark(self, text: str, origin: str = "key", when: float | None = None) -> None:
        """Sets a marker now, or at `when` (s of clock.now); `origin` is who set it."""
        moment = clock.now() if when is None else when
        if origin != "lsl":  # it came from there
            self.send(text, moment)
        self.marked.emit(text)
        self._worker.submit(
            lambda state: self._recording.tell(state, lambda recorder: recorder.mark(text, origin, moment)),
            self._recording.failed.emit,
        )

    def undo(self) -> None:
        """Takes back the newest marker of the recording."""
        self._worker.submit(self._undo, self._recording.failed.emit)

    def _undo(self, state: WorkState) -> None:
        if state.recording is None:
            self.unmarked.emit("")
        else:
            self._recording.tell(state, lambda recorder: self.unmarked.emit(recorder.undo("key")))
