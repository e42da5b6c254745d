"""A recording that is under way, from its first row to its last: begun, watched and ended as one object."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from app.playing.adaptive import AdaptivePipeline
from app.playing.engine import Engine
from app.sessions.recorder import Recorder


class ActiveRecording:
    """Each result of `engine` becomes rows, and `tuned` has every frame measured in full meanwhile.

    It begins and ends on one thread; what it says of itself may be read on any.
    """

    def __init__(self, engine: Engine, tuned: AdaptivePipeline, make: Callable[[], Recorder]) -> None:
        """Begins; `make` is called once frames are measured in full. Where it raises, nothing has begun."""
        tuned.record(engine.source.live)
        try:
            self._recorder = make()
        except Exception:
            tuned.recorded()
            raise
        self.since = time.perf_counter()  # s, when it began
        self._engine, self._tuned = engine, tuned
        if engine.transport is not None:
            engine.transport.run()
        engine.add_sink(self._recorder.append)

    @property
    def folder(self) -> Path:
        return self._recorder.folder

    @property
    def frames(self) -> int:
        """That have their rows."""
        return self._recorder.frames

    @property
    def warning(self) -> str:
        """What the user should do something about meanwhile; "" for nothing."""
        return self._recorder.warning

    @property
    def failure(self) -> Exception | None:
        """Why it gets no more rows; None while it does, and once it is ended."""
        return self._engine.failure(self._recorder.append)

    def tell(self, what: Callable[[Recorder], object]) -> None:
        """Of a marker, or what else it keeps beside the rows. Raises RecordError when the disk refuses."""
        what(self._recorder)

    def end(self, why: str) -> None:
        """Raises RecordError when the disk refuses the last of it; it is over all the same."""
        self._engine.remove_sink(self._recorder.append)
        try:
            self._recorder.close(why)
        finally:
            self._tuned.recorded()
