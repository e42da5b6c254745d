"""What leaves the program live, and the markers that come in: all of it off unless it is asked for."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass

from app.playing.engine import Engine
from app.streams.lsl import AffectOutlet, MarkerInlet, MarkerOutlet
from app.streams.marked import Marked
from app.streams.osc import LOOPBACK, OscSender
from app.streams.udp import UdpMarkers
from app.system.errors import UserError


@dataclass(frozen=True, slots=True)
class Address:
    """Where OSC goes: this computer, unless another is named."""

    port: int
    host: str = LOOPBACK


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """What the user asked for on the command line."""

    lsl: bool = False
    osc: Address | None = None
    udp_port: int | None = None  # for markers


NOTHING = StreamOptions()


class Streams:
    """Opens what is wanted; `sinks` go to the engine, `mark` is told every marker that is set here.

    What cannot be opened is left out and named in `problems`, one sentence each: the rest runs on.
    """

    def __init__(self, wanted: StreamOptions, people: int, marked: Marked) -> None:
        """`marked` is called from other threads with each marker that comes in."""
        self.sinks: tuple[AffectOutlet | OscSender, ...] = ()
        self.problems: tuple[str, ...] = ()
        self._open: list[AffectOutlet | MarkerOutlet | MarkerInlet | OscSender | UdpMarkers] = []
        self._markers: MarkerOutlet | None = None
        if wanted.lsl:
            self._try(lambda: self._open_lsl(people, marked))
        if (to := wanted.osc) is not None:
            self._try(lambda: self._open_osc(to, people))
        if (port := wanted.udp_port) is not None:
            self._try(lambda: self._open.append(UdpMarkers(port, marked)))

    def mark(self, text: str, when: float) -> None:
        """Hands a marker that was set here to whoever listens; `when` on the clock of time.perf_counter."""
        if self._markers is not None:
            self._markers(text, when)

    def silent(self, engine: Engine) -> str:
        """One sentence when `engine` has let one of the sinks go, which sends nothing any more; else ""."""
        failed = [(sink, error) for sink in self.sinks if (error := engine.failure(sink)) is not None]
        if not failed:
            return ""
        what = " and ".join(f"{sink.name} ({type(error).__name__}: {error})" for sink, error in failed)
        return f"Nothing is sent over {what} any more: stop, and start anew."

    def close(self) -> None:
        """Safe to call twice; a result that comes later is ignored."""
        while self._open:
            self._open.pop().close()

    def _try(self, opening: Callable[[], None]) -> None:
        try:
            opening()
        except UserError as error:
            self.problems += (str(error),)

    def _open_lsl(self, people: int, marked: Marked) -> None:
        here = platform.node()  # two computers in one laboratory must not be taken for one
        affect, self._markers = AffectOutlet(here, people), MarkerOutlet(here)
        self.sinks += (affect,)
        self._open += [affect, self._markers, MarkerInlet(marked)]

    def _open_osc(self, to: Address, people: int) -> None:
        sender = OscSender(to.port, to.host, people)
        self.sinks += (sender,)
        self._open.append(sender)
