"""Presenting the playlist of a study to who is chosen: checked first, recorded, gone on with after a stop."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from app.sessions.event import Event
from app.sessions.info import SessionError
from app.sessions.reading import RecordedSession
from app.study.errors import StudyError
from app.study.folder import StudyFolder
from app.study.order import stimuli_for
from app.study.playlist import Stimulus
from app.study.presented import goes_on_at
from app.study.stimulus_files import StimulusProblem, problems
from app.study.study import Participant
from app.ui.controls.actions import GO_ON, HOLD, PRESENT, Actions
from app.ui.controls.study_bar import StudyBar
from app.ui.flows.notices import Notices
from app.ui.flows.record_flow import RecordFlow
from app.ui.flows.recording_control import RecordingControl
from app.ui.flows.study_flow import StudyFlow
from app.ui.flows.worker import Tasks
from app.ui.stimuli.presentation import Phase, Presentation
from app.ui.stimuli.screen import StimulusScreen
from app.ui.stimuli.sound import no_sound

STOPPED = "The playlist stopped with the recording: F5 goes on with the next stimulus, in a new session."
SOON = 20  # ms between two looks at whether the recording has its first row
TIMING = (
    "Onsets are stamped when the picture is handed to the system; the screen shows it later, by a time that "
    "only a sensor on the glass can measure."
)


class PresentFlow(QObject):
    """Attribute: `run`, the presentation."""

    _checked = Signal(object, object, int)  # stimuli in their order; problems; index of the first one
    _unchecked = Signal(str)  # one sentence: why nothing can be begun

    def __init__(
        self, window: QWidget, actions: Actions, bar: StudyBar, notices: Notices, study: StudyFlow,
        recording: RecordFlow, control: RecordingControl,
    ) -> None:  # fmt: skip
        super().__init__()
        self._window, self._actions, self._bar, self._notices = window, actions, bar, notices
        self._study, self._recording = study, recording
        self._tasks, self._checking = Tasks("stimuli"), False
        self.screen = StimulusScreen()
        self.run = Presentation(self.screen, control.note_soon)
        self._due: tuple[tuple[Stimulus, ...], frozenset[str], int] | None = None  # once it is recorded
        self._without = QAction("Go on without them", self)
        self._anyway: tuple[tuple[Stimulus, ...], tuple[StimulusProblem, ...], int] | None = None
        self._without.triggered.connect(self._go_without)
        actions.present.triggered.connect(self._press)
        actions.present_anew.triggered.connect(lambda: self._prepare(anew=True))
        actions.skip_stimulus.triggered.connect(self.run.skip)
        actions.stop_presenting.triggered.connect(self.run.stop)
        self._checked.connect(self._show_checked)
        self._unchecked.connect(self._show_unchecked)
        self.run.changed.connect(self._show)
        self.run.problem.connect(lambda text: notices.say(text, warning=True))
        self.run.ended.connect(self._ended)
        self.screen.left.connect(self._left)
        self._waiting = QTimer(self)  # for the first row: an event before it would have no time
        self._waiting.timeout.connect(self._begin_due)
        recording.began.connect(lambda _: self._waiting.start(SOON))
        recording.ended.connect(self._recording_ended)
        recording.failed.connect(self._recording_ended)

    def close(self) -> None:
        """Ends the run and takes the participant's screen away."""
        self.run.stop()
        self.screen.close()
        self._tasks.close(wait=False)

    def _press(self) -> None:
        if self.run.phase is Phase.OVER:
            self._prepare(anew=False)
        else:
            going = self.run.holding
            if going:
                self._open_screen()
            self.run.hold(not going)

    def _prepare(self, *, anew: bool) -> None:
        """Looks at every file, and at how far the participant has come, on another thread."""
        self._study.refresh()
        study, folder = self._study.study, self._study.folder
        if self.run.phase is not Phase.OVER or self._checking:
            return
        if study is None or folder is None:
            self._notices.say("No study is open: open or make one first (F10).")
            return
        if not self._study.code:
            self._notices.say("Nobody is chosen: choose a participant of the study first (Shift+N or F10).")
            return
        participant = study.participant(self._study.code)
        stimuli = stimuli_for(study.playlist, participant.number)
        if not stimuli:
            self._notices.say("The playlist of the study is empty: write it in study.toml (docs/study.md).")
            return
        self._checking = True
        self._tasks.submit(lambda: self._check(folder, participant, stimuli, anew=anew), self._unchecked.emit)

    def _show_unchecked(self, text: str) -> None:
        self._checking = False
        self._notices.say(text, warning=True)

    def _check(
        self, folder: StudyFolder, participant: Participant, stimuli: tuple[Stimulus, ...], *, anew: bool
    ) -> None:
        at = 0 if anew else goes_on_at(stimuli, _events(folder, participant))
        self._checked.emit(stimuli, problems(folder, stimuli, no_sound), at)

    def _show_checked(
        self, stimuli: tuple[Stimulus, ...], found: tuple[StimulusProblem, ...], at: int
    ) -> None:
        self._checking = False
        if found:
            self._anyway = stimuli, found, at
            said = " ".join(dict.fromkeys(problem.sentence for problem in found[:3]))
            more = f" And {len(found) - 3} more." if len(found) > 3 else ""
            count = "A stimulus" if len(found) == 1 else f"{len(found)} stimuli"
            text = f"{count} cannot be presented. {said}{more} Nothing was begun."
            self._notices.say(text, self._without, warning=True)
        else:
            self._begin(stimuli, frozenset(), at)

    def _go_without(self) -> None:
        if self._anyway is not None:
            stimuli, found, at = self._anyway
            self._anyway = None
            self._begin(stimuli, frozenset(problem.stimulus.name for problem in found), at)

    def _begin(self, stimuli: tuple[Stimulus, ...], left_out: frozenset[str], at: int) -> None:
        """At once where the participant is recorded already, else once the recording has begun."""
        self._due = stimuli, left_out, at
        if self._recording.is_recording:
            self._waiting.start(SOON)
        else:
            self._actions.record.trigger()
            if not self._recording.is_recording and not self._actions.record.isChecked():
                self._due = None  # it was refused, and why is said

    def _begin_due(self) -> None:
        active = self._recording.active
        if self._due is not None and active is not None and active.frames == 0:
            return
        self._waiting.stop()
        due, self._due = self._due, None
        study, folder = self._study.study, self._study.folder
        if due is None or study is None or folder is None:
            return
        stimuli, left_out, at = due
        where = f"The playlist goes on at {at + 1} of {len(stimuli)}. " if at else ""
        self._notices.say(where + TIMING)
        self._open_screen()
        self.run.begin(stimuli, at, study.playlist.questions, lambda s: folder.at(s.file), left_out)

    def _open_screen(self) -> None:
        self.screen.open_on(self._other_screen() or self._window.screen())
        self.screen.activateWindow()

    def _other_screen(self) -> QScreen | None:
        """A screen on which the operator's window is not; None where there is one only."""
        here = self._window.screen()
        return next((s for s in QGuiApplication.screens() if s is not here), None)

    def _left(self) -> None:
        """The participant's screen goes where the operator has no other one."""
        if self.run.phase is not Phase.OVER:
            self._notices.say("The playlist is held: press F5 to go on with the next stimulus.")
        if self._other_screen() is None:
            self.screen.hide()

    def _recording_ended(self) -> None:
        self._due = None
        if self.run.phase is not Phase.OVER:
            self.run.stop()
            self._notices.say_after_recording(STOPPED)

    def _ended(self, whole: bool) -> None:
        self.screen.hide()
        if whole and self._recording.is_recording:
            self._actions.record.trigger()

    def _show(self) -> None:
        run, phase = self.run, self.run.phase
        running = phase is not Phase.OVER
        self._actions.present.setText(PRESENT if not running else GO_ON if run.holding else HOLD)
        self._bar.show_presentation(_text(run) if running else "", running=running)


def _text(run: Presentation) -> str:
    """What the operator reads: the stimulus, its place, and what comes next."""
    if run.at >= len(run.stimuli):
        return "the playlist ends"
    stimulus = run.stimuli[run.at]
    doing = {
        Phase.LOADING: "next", Phase.SHOWING: "shows", Phase.ASKING: "asks after", Phase.HELD: "held before",
    }.get(run.phase, "")  # fmt: skip
    text = f"{doing} {stimulus.name} ({stimulus.kind.value}), {run.at + 1} of {len(run.stimuli)}"
    coming = run.stimuli[run.at + 1].name if run.at + 1 < len(run.stimuli) else "the end"
    waits = ", then holds" if run.holding and run.phase is not Phase.HELD else ""
    return f"{text}{waits}; then {coming}"


def _events(folder: StudyFolder, participant: Participant) -> list[tuple[Event, ...]]:
    """The events of the sessions of `participant` by run; one that was never recorded has none.

    Raises StudyError for one that cannot be read: nobody knows then what they have seen.
    """
    found: list[tuple[Event, ...]] = []
    for session in participant.sessions:
        path = folder.at(session.folder)
        if not path.exists():
            continue
        try:
            found.append(RecordedSession(path).events())
        except SessionError as error:
            raise StudyError(
                f"{error} So it is not known how far {participant.code} has come: Ctrl+Shift+F5 begins the "
                "playlist from its start."
            ) from error
    return found
