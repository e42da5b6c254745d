"""Everything that runs behind the window, put together; each part says on which thread it works."""

from __future__ import annotations

from app.playing.history import History
from app.sources.capture import SYSTEM, Cameras
from app.stages.baseline import BaselineStage
from app.streams.streams import NOTHING, StreamOptions
from app.ui.flows.camera_search import CameraSearch
from app.ui.flows.explainer import Explainer
from app.ui.flows.markers import Markers
from app.ui.flows.playback_control import Load, PlaybackControl
from app.ui.flows.recording_control import RecordingControl
from app.ui.flows.recovery import Recovery
from app.ui.flows.running import WorkState
from app.ui.flows.stream_control import StreamControl
from app.ui.flows.synthesis_thread import SynthesisThread
from app.ui.flows.worker import Worker


class Live:
    """The parts behind the window: no call of theirs waits, and what they find out comes by signals.

    - the **work thread** starts and stops what plays (`playback`) and what is recorded (`recording`), sets
      `markers`, one task after the other; its state is its own
    - the **engine's thread**, one for each source, measures: it adds each result to `history`, gives faces
      their baseline by `baseline`, and calls `streams`; these three lock what they share
    - `cameras`, `explainer`, `synthesis` and `recovery`, which closes interrupted sessions, have a thread
      each
    """

    def __init__(
        self,
        load: Load,
        max_faces: int,
        wanted: StreamOptions = NOTHING,
        system: Cameras = SYSTEM,
    ) -> None:
        """`load` makes a pipeline for each source; `wanted` says which streams are opened.

        `max_faces` of a frame are measured at most until another number is chosen; so many places streams
        have.
        """
        self.history, self.baseline = History(), BaselineStage()
        self._worker = Worker("live", WorkState(max_faces=max_faces))
        self.cameras, self.explainer = CameraSearch(system), Explainer()
        self.recovery, self.synthesis = Recovery(), SynthesisThread()
        self.recording = RecordingControl(self._worker, self.baseline)
        self.markers = Markers(self._worker, self.recording)
        self.streams = StreamControl(self._worker, wanted, max_faces, self.markers.mark)
        self.markers.send = self.streams.mark  # afterwards: markers go both ways, and each needs the other
        self.playback = PlaybackControl(
            self._worker, load, self.recording, self.history, self.baseline,
            sinks=lambda: self.streams.sinks, before_playing=self.cameras.release,
        )  # fmt: skip

    def close(self) -> None:
        """Ends everything and waits for it: what was recorded is whole when this returns."""
        self.streams.close()
        self.cameras.close()
        self.explainer.close()
        self.synthesis.close()
        self.recovery.close()
        self.playback.stop()
        self._worker.close()
