"""What plays and what is recorded: two clocks pull it into the panels, and the strip says how it went."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction

from app.playing.active_recording import ActiveRecording
from app.playing.engine import Engine
from app.playing.replay import RecordedSource, Replay
from app.playing.transport import Transport
from app.sessions.header import RecordingOptions
from app.sources.camera import WANTED, Camera, read_mode
from app.sources.devices import Device
from app.sources.source import Mode, Source
from app.system import paths
from app.system.settings import Settings
from app.types import Result
from app.ui.controls import actions
from app.ui.controls.actions import Actions
from app.ui.flows.exposure_tip import ExposureTip
from app.ui.flows.live import Live, sentence
from app.ui.panels.meter import Meter
from app.ui.panels.notice import NoticeBar
from app.ui.panels.panels import Panels
from app.ui.panels.status_bar import StatusBar

PICTURE_CLOCK = 8  # ms between looks into the mailbox; a look costs nothing, and pictures wait half as long
CURVES_EVERY = 10  # looks between two drawings of the curves; a look with a new picture is left to that ...
LATEST = 15  # ... but not for ever
NOT_YET = "Nothing can be recorded yet: wait for a picture, or start a camera or a video."
TEXT_CLOCK = 250  # ms between changes of text: it must be readable


@dataclass(frozen=True, slots=True)
class PendingNotice:
    """What waits to be said until a recording is finished."""

    text: str = ""
    buttons: tuple[QAction, ...] = ()
    warning: bool = False


class Player(QObject):
    """`live` does the work; nothing that is called here waits for it."""

    opening = Signal()  # something else is going to play
    failed = Signal(str)  # one sentence: nothing plays any more
    replay_changed = Signal(object)  # the Replay or Transport that can be steered from now on, or None
    recording_began = Signal(str)  # what is kept: the numbers only, or the picture too

    def __init__(
        self,
        live: Live,
        commands: Actions,
        body: Panels,
        status: StatusBar,
        strip: NoticeBar,
        settings: Settings,
    ) -> None:
        super().__init__()
        self._live, self._commands, self._body = live, commands, body
        self._status, self._strip = status, strip
        number = settings.camera
        self.camera = Device(number, f"Camera {number}", settings.camera_identity)  # used last
        self.mode = read_mode(settings.camera_mode)  # that it is asked for
        self._waiting = ""  # why no pictures come just now
        self.sessions = settings.sessions_folder  # the folder for recordings
        self.source: Source | RecordedSource | None = None  # what plays, or what played last
        self.wishes: Callable[[], RecordingOptions] = RecordingOptions  # for the next recording
        self._steered: Replay | Transport | None = None  # what the window was told last
        self._warned = ""  # the warning that was said last
        self.recorded: Path | None = None  # the folder of the last recording
        self._ongoing: ActiveRecording | None = None  # what is recorded just now
        self._engine: Engine | Replay | None = None
        self._last: Result | None = None  # of what plays; from the first one on its mode is known
        self._unsaid = PendingNotice()
        self._unseen = 0  # results since one was painted
        self._meter, self._ticks, self._light = Meter(), 0, ExposureTip(strip)
        live.tuned.connect(status.networks.show_running)
        live.started.connect(self._started)
        live.failed.connect(self._failed)
        live.unrecorded.connect(self._unrecorded)
        live.recording.connect(self._recording)
        live.recorded.connect(self._finished)
        live.recovered.connect(lambda text: self._notify(text, commands.open_folder))
        body.video.painted.connect(self._painted)
        body.stage.video.painted.connect(self._painted)
        self._clocks = self._clock(PICTURE_CLOCK, self._tick), self._clock(TEXT_CLOCK, self._tell)
        self._rest("Choose a camera, or open a video.")

    def play(self, source: Source, *, loop: bool = False) -> None:
        """Ends what is playing and plays `source`; the sample goes round and round in any case."""
        self._open(source)
        self._live.play(source, loop=loop or getattr(source, "path", None) == paths.sample_clip())

    def replay(self, folder: Path) -> None:
        """Ends what is playing and plays the recorded session in `folder`."""
        session = RecordedSource(folder)
        self._open(session)
        self._live.replay(session)

    @property
    def replaying(self) -> Replay | None:
        return self._engine if isinstance(self._engine, Replay) else None

    @property
    def is_live(self) -> bool:
        """A picture of a camera or a video is shown."""
        return isinstance(self._engine, Engine) and self._last is not None

    @property
    def is_recording(self) -> bool:
        return self._ongoing is not None

    def _open(self, source: Source | RecordedSource) -> None:
        self.source, self._engine, self._last, self._waiting = source, None, None, ""
        self._steered = None
        if isinstance(source, Camera):
            self.camera, self.mode = source.device, source.wanted
        self.opening.emit()
        self.replay_changed.emit(None)
        self._meter.clear()
        self._light.clear()
        self._strip.hide()
        self._body.clear(f"Opening {source.name} \N{HORIZONTAL ELLIPSIS}")
        self._status.show_source(source.name)
        self._commands.start.setText(actions.STOP)

    def play_camera(self, device: Device, wanted: Mode = WANTED) -> None:
        self.play(Camera(device, wanted, self._live.system))

    def play_again(self) -> None:
        """The same source as before; at first the camera."""
        if isinstance(self.source, RecordedSource):
            self.replay(self.source.path)
        else:
            self.play(self.source or Camera(self.camera, self.mode, self._live.system))

    @property
    def used(self) -> Device | None:
        """The camera that plays."""
        return self.source.device if isinstance(self.source, Camera) and self._engine is not None else None

    @property
    def remembered(self) -> Device:
        """The camera that was used last, as it is called now."""
        return self.source.device if isinstance(self.source, Camera) else self.camera

    def start_or_stop(self) -> None:
        if self.steering is not None:
            self.steering.play_or_pause()
        elif self._commands.start.text() == actions.STOP:
            self._stop("Stopped. Press Space to start again.")
        else:
            self.play_again()

    def record(self, on: bool) -> None:
        if not on:
            self._live.stop_recording()
        elif self.replaying is not None:
            self._commands.record.setChecked(False)
            self._strip.say("This is recorded already: start a camera or a video to record anew.")
        elif self._engine is None or self._last is None:
            self._commands.record.setChecked(False)
            self._strip.say(NOT_YET)
        else:
            self._live.record(self.sessions, self.wishes())

    @property
    def replayed(self) -> Path | None:
        """The folder of the session that is replayed, or was last; None when something else is."""
        return self.source.path if isinstance(self.source, RecordedSource) else None

    def close(self) -> None:
        """Ends everything; what was recorded is whole when this returns."""
        for clock in self._clocks:
            clock.stop()
        self._live.close()

    def _tick(self) -> None:
        """What is newest in the mailbox; now and then the curves."""
        if self._engine is None:
            return
        if (result := self._engine.results.take()) is not None:
            self._last = result
            self._unseen += 1
            if self._unseen >= self._live.pictures:
                self._unseen = 0
                self._body.show_result(result)
            self._offer()
        self._ticks += 1
        if self._ticks >= (CURVES_EVERY if result is None else LATEST):
            self._ticks = 0
            self._body.show_history(self._live.history)

    @property
    def steering(self) -> Replay | Transport | None:
        """What can be paused and sought in: no camera, no video that is recorded, whose times must grow."""
        if isinstance(self._engine, Engine):
            return None if self.is_recording else self._engine.transport
        return self._engine

    def _offer(self) -> None:
        if self.steering is not self._steered:
            self._steered = self.steering
            self._commands.start.setText(actions.STOP)
            self.replay_changed.emit(self._steered)

    def _tell(self) -> None:
        """Texts, and whether something ended or failed meanwhile."""
        ongoing, engine = self._ongoing, self._engine
        self._status.show_recording(time.perf_counter() - ongoing.since if ongoing else None)
        self._body.refresh()
        if engine is None:
            self._status.show_reading(None, 0)
            return
        self._status.show_reading(self._meter.reading(time.perf_counter()), engine.dropped)
        self._status.show_source(described(engine.source))
        self._status.networks.show_why(self._live.workload)
        if isinstance(engine, Engine):
            self._wait(engine.source.waiting)
            if self._last is not None and engine.source.live:
                self._light.see(self._last)
        self._warn_of(engine, ongoing)
        self._offer()
        if (steering := self.steering) is not None:
            self._commands.start.setText(actions.PAUSE if steering.playing else actions.PLAY)
        if ongoing is not None and (failure := ongoing.failure) is not None:
            self._notify(sentence(failure), self._commands.choose_folder, warning=True)
            self._live.stop_recording()
        if engine.error is not None:
            self._complain(sentence(engine.error))
            self._stop("Nothing is playing.", why=sentence(engine.error))
        elif engine.ended:
            self._tick()  # its last picture may not have been looked for yet
            self._stop("", why="end of file")
            self._notify(f"{engine.source.name} has ended.", self._commands.start)

    def _wait(self, why: str) -> None:
        """Says in the picture's place why there is none; the next one takes the words away."""
        if why and why != self._waiting:
            self._meter.clear()
            self._body.clear(why)
        self._waiting = why

    def _warn_of(self, engine: Engine | Replay, ongoing: ActiveRecording | None) -> None:
        """Says at once what harms something that goes on; each sentence once while it holds."""
        text = engine.trouble if isinstance(engine, Replay) else ongoing.warning if ongoing else ""
        buttons = (self._commands.open_folder,) if text else ()
        if not text and isinstance(engine, Engine):
            text = self._live.streams.silent(engine)
        if text != self._warned:
            self._warned = text
            if text:
                self._strip.say(text, *buttons, warning=True)

    def _painted(self, result: Result) -> None:
        self._meter.painted(result, time.perf_counter())

    def _stop(self, message: str, why: str = "stop") -> None:
        self._engine = self._steered = None
        self.replay_changed.emit(None)
        self._live.stop(why)
        self._rest(message)

    def _rest(self, message: str) -> None:
        """Nothing plays: `message` stands where the picture was; without one, all stays as it was."""
        self._commands.start.setText(actions.START)
        self._meter.clear()
        if message:
            self._body.clear(message)

    def _started(self, engine: Engine | Replay) -> None:
        if engine.source is self.source:
            self._engine = engine

    def _failed(self, text: str) -> None:
        self._engine = None
        self._rest("Nothing is playing.")
        self._complain(text)

    def _unrecorded(self, text: str) -> None:
        self._show_recording()
        self._strip.say(text, self._commands.choose_folder, warning=True)

    def _recording(self, ongoing: ActiveRecording) -> None:
        self.recorded, self._ongoing = ongoing.folder, ongoing
        self._show_recording()
        if self._strip.text == NOT_YET:
            self._strip.hide()
        video = self.wishes().video
        kept = "the numbers only" if video is None else f"the numbers and the picture ({video.value})"
        self.recording_began.emit(f"Recording {kept}")

    def _finished(self, folder: Path) -> None:
        self._ongoing, unsaid, self._unsaid = None, self._unsaid, PendingNotice()
        self._show_recording()
        text = f"{unsaid.text} The recording is in {folder}.".strip()
        buttons = self._commands.report, self._commands.verify, self._commands.open_folder, *unsaid.buttons
        self._strip.say(text, *buttons, warning=unsaid.warning)

    def _show_recording(self) -> None:
        self._commands.record.setChecked(self.is_recording)
        self._commands.record.setText(actions.FINISH if self.is_recording else actions.RECORD)

    def _complain(self, text: str) -> None:
        c = self._commands
        self._notify(text, c.try_again, c.open_video, c.play_sample, warning=True)
        self.failed.emit(text)

    def _notify(self, text: str, *buttons: QAction, warning: bool = False) -> None:
        """Says `text`; while something is recorded, only when that is finished, with its folder."""
        if self._ongoing is None:
            self._strip.say(text, *buttons, warning=warning)
        elif text not in self._unsaid.text:
            first = self._unsaid
            self._unsaid = PendingNotice(
                f"{first.text} {text}".strip(), (*first.buttons, *buttons), first.warning or warning
            )

    def _clock(self, period: int, work: Callable[[], None]) -> QTimer:
        clock = QTimer(self)
        clock.setTimerType(Qt.TimerType.PreciseTimer)
        clock.timeout.connect(work)
        clock.start(period)
        return clock


def described(source: Source | RecordedSource) -> str:
    """The source and the mode that it granted: `clip.mkv   640 x 480   30/s   h264`."""
    mode = source.mode
    if not mode.width:
        return source.name
    size = f"{mode.width} \N{MULTIPLICATION SIGN} {mode.height}"
    return "   ".join(part for part in (source.name, size, f"{mode.rate:.3g}/s", mode.format) if part)
