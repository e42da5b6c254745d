"""A playlist as it runs: what is shown, when it began and ended, what is asked, what comes next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.sessions.intervals import STIMULUS_ENDED, STIMULUS_STARTED
from app.study.answers import ANSWER, Answer, answer_text
from app.study.playlist import Question, Stimulus
from app.study.presented import STIMULUS_SKIPPED
from app.system import clock
from app.ui.stimuli.prepared import PreparedStimulus
from app.ui.stimuli.questions import QuestionPage
from app.ui.stimuli.screen import StimulusScreen

TICK = 2  # ms: how far an end may come too late, apart from what the screen adds
Note = Callable[[str, str, float], None]  # kind and text of an event, and when it happened: s of clock.now


class Phase(Enum):
    """What the run is doing."""

    OVER = auto()  # not begun, or ended
    LOADING = auto()  # the next stimulus is not ready yet
    SHOWING = auto()
    ASKING = auto()
    HELD = auto()  # the operator lets the participant wait before the next stimulus


class Presentation(QObject):
    """Runs on the window's thread; each event goes to `note` with the moment when it was shown."""

    changed = Signal()  # of phase or stimulus
    problem = Signal(str)  # one sentence: a stimulus that had to be skipped, or was cut short
    ended = Signal(bool)  # whether everything was presented

    def __init__(self, screen: StimulusScreen, note: Note) -> None:
        """`note` writes an event."""
        super().__init__()
        self._screen, self._note = screen, note
        self._stimuli: Sequence[Stimulus] = ()
        self._left_out: Collection[str] = ()
        self._questions: dict[str, Question] = {}
        self._file: Callable[[Stimulus], Path] = lambda stimulus: Path(stimulus.file)
        self._next: PreparedStimulus | None = None
        self._now: PreparedStimulus | None = None
        self._asked: list[Question] = []
        self._hold, self._begun, self._coming = False, 0.0, 0
        self.phase, self.at = Phase.OVER, 0  # index of the stimulus that is shown, or comes next
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._tick)
        screen.left.connect(self.leave)

    @property
    def stimuli(self) -> Sequence[Stimulus]:
        """All stimuli of the run in their order."""
        return self._stimuli

    @property
    def holding(self) -> bool:
        """Whether it waits after what is shown."""
        return self._hold

    def begin(
        self, stimuli: Sequence[Stimulus], at: int, questions: Sequence[Question],
        file: Callable[[Stimulus], Path], left_out: Collection[str] = (),
    ) -> None:  # fmt: skip
        """Presents `stimuli` from index `at` on; `file` says where the file of each is.

        Those whose names are in `left_out` are skipped, and an event says so.
        """
        self._stimuli, self._left_out, self._file = stimuli, left_out, file
        self._questions = {question.name: question for question in questions}
        self.at, self._hold, self._asked = at, False, []
        self._screen.show_nothing()
        self._load(at)
        self.at = self._coming
        self._set(Phase.LOADING)
        self._clock.start(TICK)

    def hold(self, on: bool) -> None:
        """Waits after the stimulus that is shown and its questions; or goes on."""
        self._hold = on
        if not on and self.phase is Phase.HELD:
            self._set(Phase.LOADING)
        self.changed.emit()

    def skip(self) -> None:
        """Ends what is shown or asked now."""
        if self.phase is Phase.SHOWING:
            self._end_stimulus(self._screen.show_nothing())
            self._after()
        elif self.phase is Phase.ASKING:
            self._asked = []
            self._after()

    def leave(self) -> None:
        """Ends what is shown, and holds: the operator is needed."""
        if self.phase is not Phase.OVER:
            self._hold = True
            self.skip()
            if self.phase is Phase.LOADING:
                self._set(Phase.HELD)

    def stop(self) -> None:
        """Ends the run; what was presented stays."""
        if self.phase is not Phase.OVER:
            if self.phase is Phase.SHOWING:
                self._end_stimulus(self._screen.show_nothing())
            self._finish(whole=False)

    def _load(self, at: int) -> None:
        """Loads the first stimulus from index `at` on that is not left out."""
        while at < len(self._stimuli) and self._stimuli[at].name in self._left_out:
            self._note(STIMULUS_SKIPPED, self._stimuli[at].name, clock.now())
            at += 1
        self._coming, self._next = at, None
        if at < len(self._stimuli):
            stimulus = self._stimuli[at]
            self._next = PreparedStimulus(stimulus, self._file(stimulus))

    def _tick(self) -> None:
        if self.phase is Phase.LOADING:
            self._begin_next()
        elif self.phase is Phase.SHOWING and self._now is not None:
            passed = clock.now() - self._begun
            if self._now.is_over(passed):
                self._over()
            else:
                self._now.go_on(self._screen, passed)

    def _over(self) -> None:
        """The stimulus ends when the next one is shown in its place, or the bare ground."""
        assert self._now is not None
        follows = not self._now.stimulus.questions and not self._hold
        if follows and self._next is not None and self._next.ready and not self._next.problem:
            self._show_next(self._next)
        else:
            self._end_stimulus(self._screen.show_nothing())
            self._after()

    def _begin_next(self) -> None:
        if self._next is None:
            self._finish(whole=True)
        elif self._next.problem:
            self.problem.emit(f"The stimulus {self._next.stimulus.name} was skipped: {self._next.problem}")
            self._note(STIMULUS_SKIPPED, self._next.stimulus.name, clock.now())
            self._next.close()
            self._load(self._coming + 1)
        elif self._next.ready:
            self._show_next(self._next)

    def _show_next(self, coming: PreparedStimulus) -> None:
        shown = coming.begin(self._screen)
        if self._now is not None:
            self._end_stimulus(shown)
        self._note(STIMULUS_STARTED, coming.stimulus.name, shown)
        self._now, self._begun, self.at = coming, shown, self._coming
        self._load(self._coming + 1)
        self._set(Phase.SHOWING)

    def _end_stimulus(self, when: float) -> None:
        assert self._now is not None
        self._note(STIMULUS_ENDED, self._now.stimulus.name, when)
        if self._now.problem:
            self.problem.emit(f"The stimulus {self._now.stimulus.name} was cut short: {self._now.problem}")
        self._asked = [self._questions[name] for name in self._now.stimulus.questions]
        self._now.close()
        self._now = None

    def _after(self) -> None:
        """Asks the next question of the stimulus that has ended; after the last one goes on."""
        if self._asked:
            question = self._asked.pop(0)
            page = QuestionPage(question)
            page.answered.connect(lambda answer: self._answered(question, answer))
            self._screen.ask(page)
            self._set(Phase.ASKING)
            return
        if self.phase is Phase.ASKING:
            self._screen.show_nothing()
        self.at = self._coming
        self._set(Phase.HELD if self._hold and self._next is not None else Phase.LOADING)

    def _answered(self, question: Question, answer: Answer) -> None:
        self._note(ANSWER, answer_text(question, answer), clock.now())
        self._after()

    def _finish(self, *, whole: bool) -> None:
        self._clock.stop()
        if self._next is not None:
            self._next.close()
            self._next = None
        self._set(Phase.OVER)
        self.ended.emit(whole)

    def _set(self, phase: Phase) -> None:
        self.phase = phase
        self.changed.emit()
