"""What is said of what plays: speed, source, workload, why no picture comes, and what harms it."""

from __future__ import annotations

from PySide6.QtGui import QAction

from app.playing.protocols import PlayedSource
from app.system import clock
from app.types import Result
from app.ui.flows.exposure_tip import ExposureTip
from app.ui.flows.notices import Notices
from app.ui.flows.record_flow import RecordFlow
from app.ui.flows.running import Measurement, Running
from app.ui.flows.stream_control import StreamControl
from app.ui.panels.grid import PanelGrid
from app.ui.panels.meter import Meter
from app.ui.panels.status_bar import StatusBar, source_text


class PlayingTexts:
    """Status bar, notices, and the words in the picture's place; `refresh` is called by a slow clock."""

    def __init__(
        self, panels: PanelGrid, status_bar: StatusBar, notices: Notices, recording: RecordFlow,
        streams: StreamControl, open_folder: QAction,
    ) -> None:  # fmt: skip
        """`streams` may fail while something is measured; `open_folder` goes with what harms a recording."""
        self._panels, self._status_bar, self._notices = panels, status_bar, notices
        self._recording, self._streams, self._open_folder = recording, streams, open_folder
        self._meter, self._exposure_tip = Meter(), ExposureTip(notices.bar)
        self._waiting = ""  # why no pictures come just now
        panels.painted.connect(self._painted)

    def clear(self) -> None:
        """Forgets what was seen of the source before."""
        self._meter.clear()
        self._exposure_tip.clear()
        self._waiting = ""

    def opening(self, source: PlayedSource) -> None:
        """`source` is being opened."""
        self.clear()
        self._notices.clear()
        self._panels.clear(f"Opening {source.name} \N{HORIZONTAL ELLIPSIS}")
        self._status_bar.show_source(source.name)

    def refresh(self, running: Running | None, newest: Result | None) -> None:
        """Says how it is now; `newest` is the newest result that is shown, also after the end."""
        paused = running is not None and running.paused
        self._status_bar.show_recording(self._recording.seconds, paused=paused)
        self._panels.refresh()
        self._panels.stage.show_signs(paused=paused, recording=self._status_bar.texts()["recording"])
        self._status_bar.faces.show_seen(*_counted(newest))
        if running is None:
            self._status_bar.show_reading(None, 0)
            return
        playback = running.playback
        if paused:
            self._meter.clear()  # else its few last pictures would still count
        self._status_bar.show_reading(self._meter.reading(clock.now()), playback.dropped)
        self._status_bar.show_source(f"{source_text(playback.source)}{'   paused' if paused else ''}")
        self._status_bar.networks.show_why(running.workload)
        self._show_waiting(playback.waiting)
        if newest is not None and playback.source.live:
            self._exposure_tip.see(newest)
        self._warn(running)

    def _show_waiting(self, why: str) -> None:
        """Says in the picture's place why there is none; the next one takes the words away."""
        if why and why != self._waiting:
            self._meter.clear()
            self._panels.clear(why)
        self._waiting = why

    def _warn(self, running: Running) -> None:
        text = running.playback.trouble or self._recording.warning
        if not text and isinstance(running, Measurement):
            self._notices.warn(self._streams.silent(running.playback))
        else:
            self._notices.warn(text, self._open_folder)

    def _painted(self, result: Result) -> None:
        self._meter.painted(result, clock.now())


def _counted(newest: Result | None) -> tuple[int, int]:
    """How many faces are measured, and how many are in sight; none while no picture is shown."""
    return (len(newest.faces), newest.seen) if newest is not None else (0, 0)
