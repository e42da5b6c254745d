"""What leaves the program live, and the markers that come in: all of it off unless it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.streams.lsl import AffectOutlet, MarkerInlet, MarkerOutlet
from app.streams.marked import Marked
from app.streams.osc import LOOPBACK, OscSender
from app.streams.udp import UdpMarkers
from app.types import Result

NAME = "Mien"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked for on the command line."""

    lsl: bool = False
    osc_port: int | None = None
    osc_host: str = LOOPBACK
    udp_port: int | None = None  # for markers

    def __bool__(self) -> bool:
        return self.lsl or self.osc_port is not None or self.udp_port is not None


class Streams:
    """Opens what is wanted; `sinks` go to the engine, `mark` is told every marker that is set here."""

    def __init__(self, wanted: Wanted, people: int, marked: Marked) -> None:
        """`marked` is called from other threads with each marker that comes in.

        Raises MissingExtra, OscError, UdpError; nothing stays open then.
        """
        self._open: list[AffectOutlet | MarkerOutlet | MarkerInlet | OscSender | UdpMarkers] = []
        self._markers: MarkerOutlet | None = None
        sinks: list[Callable[[Result], None]] = []
        try:
            if wanted.lsl:
                affect, self._markers = AffectOutlet(NAME, people), MarkerOutlet(NAME)
                sinks.append(affect)
                self._open += [affect, self._markers, MarkerInlet(marked)]
            if wanted.osc_port is not None:
                osc = OscSender(wanted.osc_port, wanted.osc_host, people)
                sinks.append(osc)
                self._open.append(osc)
            if wanted.udp_port is not None:
                self._open.append(UdpMarkers(wanted.udp_port, marked))
        except BaseException:
            self.close()
            raise
        self.sinks = tuple(sinks)

    def mark(self, text: str, when: float) -> None:
        """Hands a marker that was set here to whoever listens; `when` on the clock of time.perf_counter."""
        if self._markers is not None:
            self._markers(text, when)

    def close(self) -> None:
        while self._open:
            self._open.pop().close()
