"""What plays: started, stopped and steered by the user, pulled into the panels by two clocks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.playing.protocols import Markable, Playback, PlayedSource, Steerable
from app.playing.replay import RecordedSource
from app.sources.devices import Device
from app.sources.source import Source
from app.sources.video import VideoFile
from app.system import paths
from app.system.settings import Settings
from app.types import Result
from app.ui.controls.actions import Actions
from app.ui.flows.camera_memory import CameraMemory
from app.ui.flows.display import Display
from app.ui.flows.live import Live
from app.ui.flows.notices import Notices
from app.ui.flows.play_state import PlayState
from app.ui.flows.playing_texts import PlayingTexts
from app.ui.flows.record_flow import NOT_YET, RecordFlow
from app.ui.flows.running import Measurement, Running
from app.ui.look.errors import error_sentence
from app.ui.panels.grid import PanelGrid
from app.ui.panels.status_bar import StatusBar

PICTURE_CLOCK = 8  # ms between looks into the mailbox: pictures wait half as long in it
TEXT_CLOCK = 250  # ms between changes of text: it must be readable
STOPPED = "Stopped. Press Space to start again."
FIRST = "This is being recorded: finish the recording first."
REPLAYING = "You're replaying a recording; start a camera to make a new one."


class Player(QObject):
    """Lives on the window's thread; `live` does the work, and nothing that is called here waits for it.

    No other thread reads its fields: what it knows of the work comes by signals, as a frozen `Running`.
    """

    opening = Signal()  # something else is going to play
    failed = Signal(str)  # one sentence: nothing plays any more
    texts_changed = Signal()  # all texts say how it is now
    steering_changed = Signal(object)  # the Steerable that can be steered from now on, or None

    def __init__(
        self,
        live: Live,
        actions: Actions,
        panels: PanelGrid,
        status_bar: StatusBar,
        notices: Notices,
        recording: RecordFlow,
        settings: Settings,
    ) -> None:
        """`settings` say which camera was used last, and in which mode."""
        super().__init__()
        self._live, self._actions, self._panels = live, actions, panels
        self._notices, self._recording = notices, recording
        self.cameras = CameraMemory(settings, live.cameras.system)
        self.source: PlayedSource | None = None  # what plays, or what played last
        self.replayed: Path | None = None  # the folder of `source` where that is a recorded session
        self._again: Callable[[], None] = self._play_last_camera
        self._state = PlayState.RESTING
        self._running: Running | None = None
        self.last: Result | None = None  # newest that is shown; once there is one its mode is known
        self._steered: Steerable | None = None  # what `steering_changed` told last
        self._display = Display(panels, live.history)
        self._texts = PlayingTexts(panels, status_bar, notices, recording, live.streams, actions.open_folder)
        live.playback.started.connect(self._started)
        live.playback.failed.connect(self._failed)
        live.cameras.failed.connect(lambda text: notices.say(text, warning=True))
        live.playback.networks_changed.connect(status_bar.networks.show_running)
        self._clocks = (
            self._clock(PICTURE_CLOCK, self._poll),
            self._clock(TEXT_CLOCK, self._refresh),
            self._clock(TEXT_CLOCK, self._watch),
        )
        self._rest("Choose a camera, or open a video.")

    def play(self, source: Source, *, loop: bool = False) -> None:
        """Ends what is playing and plays `source`; the sample is played in a loop in any case.

        While something is recorded it says that the recording comes first, and plays on.
        """
        if self._busy():
            return
        self.offer(source)
        self._open(source)
        self._live.playback.play(source, loop=loop or source.path == paths.sample_clip())

    def offer(self, source: Source | None) -> None:
        """Makes `source` the one that `play_again` plays; without one, the camera used last."""
        self.source, self.replayed = source, None
        self.cameras.offer(source)
        self._again = self._play_last_camera if source is None else lambda: self.play(source)

    def replay(self, folder: Path) -> None:
        """Ends what is playing and replays the session in `folder`; not while something is recorded."""
        if self._busy():
            return
        session = RecordedSource(folder)
        self.source, self.replayed = session, folder
        self.cameras.offer(None)
        self._again = lambda: self.replay(folder)
        self._open(session)
        self._live.playback.replay(session)

    def play_again(self) -> None:
        """Plays the same source as before; at first the camera used last."""
        self._again()

    def play_or_pause(self) -> None:
        """Pauses what plays, goes on, or starts again; gives up what is only being opened.

        It never ends a recording and closes no source that plays.
        """
        running = self._running
        if running is not None and self._state is PlayState.PLAYING:
            self._pause(running, not running.paused)
        elif self._state is PlayState.OPENING:
            self._stop(STOPPED)
        else:
            self.play_again()

    def stop(self) -> None:
        """Closes what plays; while it is recorded, it says that the recording comes first."""
        if not self._busy() and self._state is not PlayState.RESTING:
            self._stop(STOPPED)

    @property
    def running(self) -> Running | None:
        """What plays; None while nothing does, and while a source is being opened."""
        return self._running

    @property
    def markable(self) -> Markable | None:
        """The session that is replayed; None while none is."""
        return self._running.playback.markable if self._running else None

    @property
    def is_measuring(self) -> bool:
        """Whether a measured picture of a camera or a video is shown."""
        return self._running is not None and self._running.playback.measuring and self.last is not None

    @property
    def not_recordable(self) -> str:
        """One sentence: why nothing can be recorded just now; "" when it can."""
        if self.markable is not None:
            return REPLAYING
        return "" if self.is_measuring else NOT_YET

    @property
    def steering(self) -> Steerable | None:
        """What can be paused and sought in: no camera, no video that is recorded, whose times must grow."""
        return self._running.playback.steering if self._running and not self._recording.is_recording else None

    @property
    def used(self) -> Device | None:
        """The camera that plays."""
        return self.cameras.offered if self._running else None

    def stop_clocks(self) -> None:
        """Everything stays as it is shown."""
        for clock in self._clocks:
            clock.stop()

    def close(self) -> None:
        """Ends everything; what was recorded is whole when this returns."""
        self.stop_clocks()
        self._live.close()

    def _play_last_camera(self) -> None:
        self.play(self.cameras.last())

    def _busy(self) -> bool:
        """Whether what plays is being recorded, which is then said."""
        if not self._recording.is_recording or self._state is not PlayState.PLAYING:
            return False
        self._notices.say(FIRST, self._actions.record)
        return True

    def _pause(self, running: Running, paused: bool) -> None:
        if isinstance(running, Measurement):
            self._live.playback.pause(running, paused)
            self._recording.pause(paused)
        elif running.playback.steering is not None:
            running.playback.steering.play_or_pause()
        self._name_button()

    def _open(self, source: PlayedSource) -> None:
        self.cameras.use()
        self._panels.stage.invites = source.live
        self._running, self.last, self._steered = None, None, None
        self.opening.emit()
        self.steering_changed.emit(None)
        self._texts.opening(source)
        self._enter(PlayState.OPENING)

    def _enter(self, state: PlayState) -> None:
        self._state = state
        self._name_button()

    def _name_button(self) -> None:
        paused = self._running is not None and self._running.paused
        self._actions.start.setText(self._state.button_text(paused=paused))

    def _started(self, running: Running) -> None:
        if running.playback.source is self.source and self._state is not PlayState.RESTING:
            self._running = running
            self._enter(PlayState.PLAYING)

    def _poll(self) -> None:
        """Shows what is newest in the mailbox."""
        running = self._running
        if running is not None:
            result = self._display.poll(running.playback.results, running.pictures)
            if result is not None:
                self.last = result
                self._tell_steering()

    def _tell_steering(self) -> None:
        if self.steering is not self._steered:
            self._steered = self.steering
            self._name_button()
            self.steering_changed.emit(self._steered)

    def _refresh(self) -> None:
        """All texts say how it is now."""
        self._texts.refresh(self._running, self.last)
        self.texts_changed.emit()

    def _watch(self) -> None:
        """Whether something ended or failed meanwhile. Its own clock: no fault of a text stops it."""
        if self._running is not None:
            try:
                self._tell_steering()
                self._name_button()
                self._recording.check()
            finally:
                self._end(self._running.playback)

    def _end(self, playback: Playback) -> None:
        if playback.error is not None:
            self._complain(error_sentence(playback.error))
            self._stop("Nothing is playing.", why=error_sentence(playback.error))
        elif playback.ended:
            try:
                self._poll()  # its last picture may not have been looked for yet
                self._panels.show_history(self._live.history)  # which is about to be cleared
            finally:
                self._stop("", why="end of file")
            self._notices.say_after_recording(self._ended(playback.source), self._actions.start)

    def _ended(self, source: PlayedSource) -> str:
        """What a picture shows, or that a video has ended, and what can be done."""
        if not isinstance(source, VideoFile) or source.frames != 1:
            return f"{source.name} has ended: Space plays it again."
        count = len(self.last.faces) if self.last is not None else 0
        faces = "one face is" if count == 1 else f"{count} faces are"
        return (
            f"{source.name}: {faces} measured. F2 shows why."
            if count
            else f"No face was found in {source.name}."
        )

    def _stop(self, message: str, why: str = "stop") -> None:
        self._running = self._steered = None
        self.steering_changed.emit(None)
        self._live.playback.stop(why)
        self._rest(message)

    def _rest(self, message: str) -> None:
        """Nothing plays: shows `message` in the picture's place; without one, all stays as it was."""
        self._enter(PlayState.RESTING)
        self._texts.clear()
        if message:
            self.last = None
            self._panels.clear(message)

    def _failed(self, text: str) -> None:
        self._running = None
        self._rest("Nothing is playing.")
        self._complain(text)

    def _complain(self, text: str) -> None:
        a = self._actions
        self._notices.say_after_recording(text, a.try_again, a.open_video, a.play_sample, warning=True)
        self.failed.emit(text)

    def _clock(self, period: int, work: Callable[[], None]) -> QTimer:
        clock = QTimer(self)
        clock.setTimerType(Qt.TimerType.PreciseTimer)
        clock.timeout.connect(work)
        clock.start(period)
        return clock
