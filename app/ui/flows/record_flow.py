"""Recording as the user sees it: its button, its folder, and how it went."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.playing.active_recording import ActiveRecording
from app.sessions.header import RecordingOptions
from app.system import clock
from app.system.errors import UserError
from app.ui.controls.actions import FINISH, RECORD, Actions
from app.ui.flows.notices import Notices
from app.ui.flows.recording_control import RecordingControl
from app.ui.look.errors import error_sentence

FINISH_TIP = "Finish the recording; what plays goes on"
# What is to be recorded as it was chosen; what is recorded instead, and into which new folder, None for one
# that is named after the time. Raises UserError where nothing may be recorded.
Place = Callable[[RecordingOptions], tuple[RecordingOptions, Path | None]]
NOT_YET = "Nothing can be recorded yet: wait for a picture, or start a camera or a video."


class RecordFlow(QObject):
    """Lives on the window's thread; `control` does the work."""

    began = Signal(str)  # what is recorded: the numbers only, or the picture too
    ended = Signal()
    failed = Signal()  # nothing is recorded, or nothing more

    def __init__(self, control: RecordingControl, actions: Actions, notices: Notices, folder: Path) -> None:
        """`folder` is where sessions are recorded."""
        super().__init__()
        self._control, self._actions, self._notices = control, actions, notices
        self.folder = folder
        self._tip = actions.record.toolTip()
        self.options: Callable[[], RecordingOptions] = RecordingOptions  # for the next recording
        self.place: Place = lambda options: (options, None)
        self.active: ActiveRecording | None = None  # what is recorded just now
        self.recorded: Path | None = None  # folder of the last recording
        self._paused: float | None = None  # s of clock.now, when the pause began that goes on
        self._pauses = 0.0  # s of all pauses before
        control.began.connect(self._began)
        control.ended.connect(self._ended)
        control.failed.connect(self._failed)

    @property
    def is_recording(self) -> bool:
        """Whether something is recorded just now."""
        return self.active is not None

    @property
    def seconds(self) -> float | None:
        """How long it has recorded, pauses left out; None while there is no recording."""
        now = clock.now() if self._paused is None else self._paused
        return now - self.active.since - self._pauses if self.active else None

    @property
    def warning(self) -> str:
        """One sentence: what the user should do something about while it is recorded; else ""."""
        return self.active.warning if self.active else ""

    def toggle(self, on: bool, refusal: str) -> None:
        """Starts or finishes a recording; where `refusal` says why none can be made, that is said instead."""
        if not on:
            self._control.stop()
        elif refusal:
            self._actions.record.setChecked(False)
            self._notices.say(refusal)
        else:
            try:
                options, folder = self.place(self.options())
            except UserError as error:
                self._actions.record.setChecked(False)
                self._notices.say(str(error), warning=True)
                return
            self._control.start(self.folder, options, folder)

    def pause(self, on: bool) -> None:
        """What plays pauses, or goes on, and what is recorded with it."""
        if self._paused is not None:
            self._pauses += clock.now() - self._paused
        self._paused = clock.now() if on else None

    def check(self) -> None:
        """Called regularly: a recording that gets no more rows is finished, and why is said."""
        if self.active is not None and (failure := self.active.failure) is not None:
            self._notices.say_after_recording(
                error_sentence(failure), self._actions.choose_folder, warning=True
            )
            self._control.stop()

    def _began(self, recording: ActiveRecording) -> None:
        self.recorded, self.active = recording.folder, recording
        self._paused, self._pauses = None, 0.0  # it let what plays go on
        self._notices.hold()
        self._show()
        self._notices.clear(NOT_YET)
        video = recording.video
        what = "numbers only" if video is None else f"numbers and picture ({video.value})"
        self.began.emit(f"Recording {what}")

    def _ended(self, folder: Path) -> None:
        self.active = None
        self._show()
        a = self._actions
        self._notices.release(f"The recording is in {folder}.", a.report, a.verify, a.open_folder)
        self.ended.emit()

    def _failed(self, text: str) -> None:
        self._show()
        self._notices.say(text, self._actions.choose_folder, warning=True)
        self.failed.emit()

    def _show(self) -> None:
        self._actions.record.setChecked(self.is_recording)
        self._actions.record.setText(FINISH if self.is_recording else RECORD)
        tip = f"{FINISH_TIP} (R)" if self.is_recording else self._tip
        self._actions.record.setToolTip(tip)
