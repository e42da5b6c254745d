"""Streams switched on and off while the window runs, and the last marker that came in."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.playing.engine import Engine, Sink
from app.streams.markers import OnMarker
from app.streams.streams import NOTHING, StreamOptions, Streams
from app.system import clock
from app.ui.flows.running import WorkState
from app.ui.flows.worker import Worker


@dataclass(frozen=True, slots=True)
class ReceivedMarker:
    """A marker that another program sent."""

    text: str
    origin: str  # "lsl" or "udp"
    at: float  # s of clock.now, when it came in


class StreamControl(QObject):
    """Opening and closing may take a while, so the work thread does it; all streams are off at first.

    `_streams` and `last` are each replaced by one assignment, so that any thread may read them.
    """

    switched = Signal(object, str)  # the StreamOptions from now on; what could not be opened, or ""

    def __init__(
        self, worker: Worker[WorkState], wanted: StreamOptions, people: int, on_marker: OnMarker
    ) -> None:
        """Opens the streams that are `wanted` at the start, with places for `people`."""
        super().__init__()
        self._worker, self._on_marker = worker, on_marker
        self.last: ReceivedMarker | None = None
        self.options = wanted
        self._streams = Streams(wanted, people, self._receive)

    @property
    def sinks(self) -> tuple[Sink, ...]:
        """What each result is given to."""
        return self._streams.sinks

    @property
    def problems(self) -> tuple[str, ...]:
        """A sentence about each stream that could not be opened."""
        return self._streams.problems

    def switch(self, wanted: StreamOptions) -> None:
        """Closes all streams and opens those that are `wanted`, also while something is measured."""
        self._worker.submit(
            lambda state: self._switch(state, wanted), lambda text: self.switched.emit(NOTHING, text)
        )

    def mark(self, text: str, when: float) -> None:
        """Sends a marker that was set here."""
        self._streams.mark(text, when)

    def silent(self, engine: Engine) -> str:
        """One sentence when a stream has failed, and sends nothing any more; else ""."""
        return self._streams.silent(engine)

    def close(self) -> None:
        """Ends all streams."""
        self._streams.close()

    def _switch(self, state: WorkState, wanted: StreamOptions) -> None:
        engine = state.measurement.playback if state.measurement is not None else None
        if engine is not None:
            for sink in self._streams.sinks:
                engine.remove_sink(sink)
        self._streams.close()
        self._streams, self.options = Streams(wanted, state.max_faces, self._receive), wanted
        if engine is not None:
            for sink in self._streams.sinks:
                engine.add_sink(sink)
        self.switched.emit(wanted, " ".join(self._streams.problems))

    def _receive(self, text: str, origin: str, when: float) -> None:
        self.last = ReceivedMarker(text, origin, clock.now())
        self._on_marker(text, origin, when)
