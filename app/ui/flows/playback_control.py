"""Starting and stopping what plays, and how it is measured, on the work thread."""

from __future__ import annotations

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.playing.engine import Engine, Sink
from app.playing.frame_processor import FrameProcessor
from app.playing.history import History
from app.playing.protocols import LivePipeline
from app.playing.replay import RecordedSource, Replay
from app.sessions.pauses import PAUSED, RESUMED
from app.sources.source import Source
from app.stages.baseline import BaselineStage
from app.ui.flows.recording_control import RecordingControl
from app.ui.flows.running import Measurement, RunningReplay, WorkState
from app.ui.flows.worker import Worker, guarded

KEEP_NETWORK = "Finish the recording before switching networks."
KEEP_FACES = "Finish the recording before choosing how many faces are measured."
Load = Callable[[], LivePipeline]


class PlaybackControl(QObject):
    """One source at a time; what may take long is done on the work thread, in the order asked for.

    A fresh pipeline is loaded for each source, so that no id and no filter lives on from the one before.
    """

    started = Signal(object)  # Running: it opens its source on its own thread
    failed = Signal(str)  # one sentence: nothing plays
    networks_changed = Signal(object, str)  # tuple of UsedCard: what runs from now on; the choice
    max_faces_changed = Signal(int)  # so many faces are measured at most from now on
    refused = Signal(str)  # one sentence: what was asked for is not done just now

    def __init__(
        self,
        worker: Worker[WorkState],
        load: Load,
        recording: RecordingControl,
        history: History,
        baseline: BaselineStage,
        *,
        sinks: Callable[[], tuple[Sink, ...]],
        before_playing: Callable[[], None],
    ) -> None:
        """`load` makes a pipeline; what is measured goes to `history` and `sinks`, after `baseline` saw it.

        `before_playing` is called on the work thread before each source that is measured.
        """
        super().__init__()
        self._worker, self._load, self._recording = worker, load, recording
        self._history, self._baseline = history, baseline
        self._sinks, self._before_playing = sinks, before_playing

    def play(self, source: Source, *, loop: bool = False) -> None:
        """Ends what plays, and measures `source`; with `loop` again and again."""
        self._worker.submit(lambda state: self._play(state, source, loop), self.failed.emit)

    def replay(self, session: RecordedSource) -> None:
        """Ends what plays, and replays a recorded session."""
        self._worker.submit(lambda state: self._replay(state, session), self.failed.emit)

    def stop(self, why: str = "stop") -> None:
        """Ends what plays and what is recorded; `why` is written into the session."""
        self._worker.submit(lambda state: self._finish(state, why), self.failed.emit)

    def pause(self, measurement: Measurement, paused: bool) -> None:
        """Pauses at once, or goes on; what is recorded has an event for both. The source stays open."""
        if paused:
            measurement.playback.pause()
        else:
            measurement.playback.resume()
        self._recording.note_soon(PAUSED if paused else RESUMED)

    def smooth(self, smoothing: float) -> None:
        """Sets the smoothing of this source and of those to come: 0 off .. 1."""
        self._worker.submit(lambda state: self._smooth(state, smoothing), self._recording.failed.emit)

    def choose(self, choice: str) -> None:
        """Sets the precision of this source and of those to come, one of PRECISION_CHOICES.

        While something is recorded it is `refused`.
        """
        self._worker.submit(lambda state: self._choose(state, choice), self.failed.emit)

    def measure_at_most(self, faces: int) -> None:
        """Sets how many faces are measured of this source and of those to come, 1 to MOST_FACES.

        While something is recorded it is `refused`.
        """
        self._worker.submit(lambda state: self._measure_at_most(state, faces), self.failed.emit)

    # What follows runs on the work thread

    def _play(self, state: WorkState, source: Source, loop: bool) -> None:
        self._finish(state, "stop")
        self._before_playing()
        processor = FrameProcessor(self._load(), source, state.choice, self._baseline, self._report_networks)
        if not gc.get_freeze_count():  # what is loaded by now stays: each walk over it would take 50 ms
            gc.collect()
            gc.freeze()
        processor.pipeline.smoother.smoothing = state.smoothing
        processor.adaptive.measure_at_most(state.max_faces)
        sinks = (self._history.push, *self._sinks())
        engine = Engine(source, processor.process, sinks=sinks, loop=loop, jumped=self._history.clear)
        state.running = Measurement(engine, processor)
        engine.start()
        self.started.emit(state.running)

    def _replay(self, state: WorkState, session: RecordedSource) -> None:
        self._finish(state, "stop")
        replay = Replay(session, self._history)
        state.running = RunningReplay(replay)
        replay.start()
        self.started.emit(state.running)

    def _finish(self, state: WorkState, why: str) -> None:
        # whatever the disk says, what plays ends
        guarded(lambda: self._recording.finish(state, why), self._recording.failed.emit)
        running, state.running = state.running, None
        if running is not None:
            over = running.playback.stop()
            if isinstance(running, Measurement) and over:  # a stuck engine may still be using it
                running.processor.close()
        self._history.clear()

    def _smooth(self, state: WorkState, smoothing: float) -> None:
        state.smoothing = smoothing
        if state.measurement is not None:
            state.measurement.processor.pipeline.smoother.smoothing = smoothing
            state.measurement.playback.measure_anew()
            self._recording.note(state, "smoothing", f"{smoothing:g}")

    def _choose(self, state: WorkState, choice: str) -> None:
        if state.recording is not None:
            self.refused.emit(KEEP_NETWORK)
            self._show_networks(state)
            return
        state.choice = choice
        if state.measurement is not None:
            state.measurement.processor.adaptive.choose(choice)
            state.measurement.playback.measure_anew()

    def _measure_at_most(self, state: WorkState, faces: int) -> None:
        if state.recording is not None:
            self.refused.emit(KEEP_FACES)
        else:
            state.max_faces = faces
            if state.measurement is not None:
                state.measurement.processor.adaptive.measure_at_most(faces)
                state.measurement.playback.measure_anew()
        self.max_faces_changed.emit(state.max_faces)

    def _report_networks(self) -> None:
        """Called on the engine's thread, too: what is done now is shown, and noted in what is recorded."""
        self._worker.submit(self._show_networks, self.failed.emit)
        self._worker.submit(self._note_workload, self._recording.failed.emit)

    def _show_networks(self, state: WorkState) -> None:
        if state.measurement is not None:
            self.networks_changed.emit(state.measurement.processor.pipeline.cards, state.choice)

    def _note_workload(self, state: WorkState) -> None:
        if state.measurement is not None:
            self._recording.note(state, "tuned", state.measurement.workload)
