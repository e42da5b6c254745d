"""All streams of a run: live values and markers that go out, markers that come in. Off unless asked for."""

from __future__ import annotations

import platform
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from app.playing.engine import Engine
from app.streams.lsl import AffectOutlet, MarkerInlet, MarkerOutlet
from app.streams.markers import OnMarker
from app.streams.osc import OscSender
from app.streams.udp import UdpMarkers
from app.system.errors import UserError
from app.system.network import LOOPBACK


@dataclass(frozen=True, slots=True)
class Address:
    """Where OSC messages are sent: this computer, unless another is named."""

    port: int
    host: str = LOOPBACK


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """Which streams the user asked for on the command line."""

    lsl: bool = False  # values and markers out, markers in
    osc: Address | None = None  # values out
    udp_port: int | None = None  # markers in


NOTHING = StreamOptions()


class Streams:
    """The streams that were asked for. `sinks` are for the engine; `mark` sends a marker that is set here.

    A stream that cannot be opened is left out, and `problems` has a sentence about it; the others run.
    """

    def __init__(self, wanted: StreamOptions, people: int, on_marker: OnMarker) -> None:
        """Opens them, with slots for `people`. `on_marker` is called on other threads; see there."""
        self.sinks: tuple[AffectOutlet | OscSender, ...] = ()
        self.problems: tuple[str, ...] = ()
        self._open: list[AffectOutlet | MarkerOutlet | MarkerInlet | OscSender | UdpMarkers] = []
        self._markers: MarkerOutlet | None = None
        if wanted.lsl:
            self._try(lambda: self._open_lsl(people, on_marker))
        if (to := wanted.osc) is not None:
            self._try(lambda: self._open_osc(to, people))
        if (port := wanted.udp_port) is not None:
            self._try(lambda: self._open.append(UdpMarkers(port, on_marker)))

    def mark(self, text: str, when: float) -> None:
        """Sends a marker that was set here at `when`, in s of clock.now, to whoever listens."""
        if self._markers is not None:
            self._markers(text, when)

    def silent(self, engine: Engine) -> str:
        """One sentence when a sink has failed, as `engine` knows, and sends nothing any more; else ""."""
        failed = [(sink, error) for sink in self.sinks if (error := engine.failure(sink)) is not None]
        if not failed:
            return ""
        what = " and ".join(f"{sink.name} ({type(error).__name__}: {error})" for sink, error in failed)
        return f"Nothing is sent over {what} any more: stop, then start again."

    def close(self) -> None:
        """Ends all streams. Safe to call twice; a result that comes later is ignored."""
        while self._open:
            self._open.pop().close()

    def _try(self, opening: Callable[[], None]) -> None:
        try:
            opening()
        except UserError as error:
            self.problems += (str(error),)

    def _open_lsl(self, people: int, on_marker: OnMarker) -> None:
        # Neither two computers nor two windows, nor this window and the next one, must be taken for one.
        here = f"{platform.node()} {uuid.uuid4()}"
        affect, self._markers = AffectOutlet(here, people), MarkerOutlet(here)
        self.sinks += (affect,)
        self._open += [affect, self._markers, MarkerInlet(on_marker)]

    def _open_osc(self, to: Address, people: int) -> None:
        sender = OscSender(to.port, to.host, people)
        self.sinks += (sender,)
        self._open.append(sender)
