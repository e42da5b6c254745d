"""Starts a recording, tells it of events and ends it, on the work thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.playing.active_recording import ActiveRecording
from app.sessions.header import RecordingOptions, SessionHeader, SourceFile
from app.sessions.recorder import Recorder
from app.stages.baseline import BaselineResult, BaselineStage
from app.system.errors import UserError
from app.ui.flows.running import Measurement, WorkState
from app.ui.flows.worker import Worker

NO_OPTIONS = RecordingOptions()


class RecordingControl(QObject):
    """Its calls return at once. Those that take a WorkState are for tasks of the work thread."""

    began = Signal(object)  # ActiveRecording
    ended = Signal(object)  # Path of the folder that is finished
    failed = Signal(str)  # one sentence: what plays is not recorded

    def __init__(self, worker: Worker[WorkState], baseline: BaselineStage) -> None:
        """`baseline` has what is written into each session that begins."""
        super().__init__()
        self._worker, self._baseline = worker, baseline

    def start(
        self, sessions: Path, options: RecordingOptions = NO_OPTIONS, folder: Path | None = None
    ) -> None:
        """Records what is measured into a new folder in `sessions`, or into the new `folder`.

        In a replay nothing happens.
        """
        self._worker.submit(lambda state: self._start(state, sessions, options, folder), self.failed.emit)

    def stop(self, why: str = "stop") -> None:
        """Finishes the recording; `why` is written into the session."""
        self._worker.submit(lambda state: self.finish(state, why), self.failed.emit)

    def keep_baseline(self, taken: BaselineResult) -> None:
        """Writes a baseline into the session."""
        self._worker.submit(
            lambda state: self.tell(state, lambda recorder: recorder.keep_baseline(taken)), self.failed.emit
        )

    def note_soon(self, kind: str, text: str = "", when: float | None = None) -> None:
        """Writes an event other than a marker into what is recorded, if something is.

        It has the time `when` (s of clock.now), or else that of the moment at which it is written.
        """
        self._worker.submit(
            lambda state: self.tell(state, lambda recorder: recorder.note(kind, text, when)),
            self.failed.emit,
        )

    def note(self, state: WorkState, kind: str, text: str) -> None:
        """Writes an event other than a marker. Raises RecordError."""
        self.tell(state, lambda recorder: recorder.note(kind, text))

    def tell(self, state: WorkState, what: Callable[[Recorder], object]) -> None:
        """Tells the recorder, if there is one. Raises RecordError when the disk refuses.

        The recording is finished then: what is said after it would be lost.
        """
        if state.recording is not None:
            try:
                state.recording.tell(what)
            except UserError:
                self.finish(state, "stop")
                raise

    def finish(self, state: WorkState, why: str) -> None:
        """Ends the recording, if there is one. Raises RecordError when the disk refuses the last of it."""
        recording, state.recording = state.recording, None
        if recording is not None:
            try:
                recording.end(why)
            finally:
                self.ended.emit(recording.folder)

    def _start(
        self, state: WorkState, sessions: Path, options: RecordingOptions, folder: Path | None
    ) -> None:
        measurement = state.measurement
        if measurement is None or state.recording is not None:
            return
        state.recording = ActiveRecording(
            measurement.playback,
            measurement.processor.adaptive,
            lambda: self._recorder(sessions, measurement, options, folder),
        )
        self.began.emit(state.recording)

    def _recorder(
        self, sessions: Path, measurement: Measurement, options: RecordingOptions, folder: Path | None
    ) -> Recorder:
        source, pipeline = measurement.playback.source, measurement.processor.pipeline
        header = SessionHeader(
            source.name, source.live, source.mode, pipeline.cards, pipeline.max_faces,
            pipeline.smoother.smoothing, options.details,
            SourceFile.of(source.path, hashed=False) if source.path is not None else None, pipeline.workload,
            pipeline.detector,
        )  # fmt: skip
        recorder = Recorder(sessions, header, video=options.video, folder=folder)
        if self._baseline.baselines:
            try:
                recorder.keep_baseline(BaselineResult(self._baseline.baselines, {}))
            except UserError:
                recorder.close()
                raise
        return recorder
