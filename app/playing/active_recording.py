"""A recording while it runs, from its first row to its last."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.playing.adaptive import AdaptivePipeline
from app.playing.engine import Engine
from app.sessions.recorder import Recorder
from app.sessions.video_recorder import VideoKind
from app.system import clock


class ActiveRecording:
    """Writes the rows of each result of an engine.

    Meanwhile the tuner uses the levels of `workload_levels` for recordings: landmarks are found in every
    frame. A camera may be searched less often for new faces, and fewer of its pictures may be painted.

    One thread begins and ends it; its properties may be read on any.
    """

    def __init__(self, engine: Engine, adaptive: AdaptivePipeline, make: Callable[[], Recorder]) -> None:
        """Begins to record what `engine` measures by `adaptive`.

        `make` opens the recorder, after the tuner has changed to the levels for recordings. When it raises,
        the tuner changes back, and nothing is recorded.
        """
        adaptive.begin_recording(engine.source.live)
        try:
            self._recorder = make()
        except Exception:
            adaptive.end_recording()
            raise
        self.since = clock.now()  # s, when it began
        self._engine, self._adaptive = engine, adaptive
        if engine.transport is not None:
            engine.transport.run()
        engine.resume()
        engine.add_sink(self._recorder.append)

    @property
    def folder(self) -> Path:
        """The session's folder."""
        return self._recorder.folder

    @property
    def video(self) -> VideoKind | None:
        """What the recorded video shows; None where only the numbers are recorded."""
        return self._recorder.video.kind if self._recorder.video is not None else None

    @property
    def frames(self) -> int:
        """How many frames have their rows."""
        return self._recorder.frames

    @property
    def warning(self) -> str:
        """One sentence about something that the user should put right meanwhile; "" for nothing."""
        return self._recorder.warning

    @property
    def failure(self) -> Exception | None:
        """Why no more rows are written; None while they are, and once it has ended."""
        return self._engine.failure(self._recorder.append)

    def tell(self, what: Callable[[Recorder], object]) -> None:
        """Calls `what` with the recorder, to write a marker for instance. Raises RecordError."""
        what(self._recorder)

    def end(self, why: str) -> None:
        """Ends the recording, also when it raises RecordError; `why` is written into the session."""
        self._engine.remove_sink(self._recorder.append)
        try:
            self._recorder.close(why)
        finally:
            self._adaptive.end_recording()
