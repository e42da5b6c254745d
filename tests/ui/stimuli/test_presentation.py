"""A playlist as it runs: pictures, a video and pauses in order, questions between them, events with times."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.sources.source import SourceError
from app.sources.video import VideoFile
from app.study.answers import GridPoint
from app.study.playlist import Question, QuestionKind, Stimulus, StimulusKind
from app.system import clock
from app.ui.stimuli import film as reading
from app.ui.stimuli.presentation import Phase, Presentation
from app.ui.stimuli.questions import QuestionPage
from app.ui.stimuli.screen import StimulusScreen
from tests.fakes import write_video

RED, BLUE = (0, 0, 255), (255, 0, 0)  # BGR
FUN = Question("fun", "How funny?", lowest_words="not", highest_words="very")
WORDS = Question("words", "What was it?", QuestionKind.TEXT)
MOOD = Question("mood", "How do you feel?", QuestionKind.GRID)
SHORT = 0.08  # s


class Shown:
    """A presentation of files in `folder`, with its events."""

    def __init__(self, folder, qtbot):
        self.folder, self.events, self.said, self.over = folder, [], [], []
        self.screen = StimulusScreen()
        qtbot.addWidget(self.screen)
        self.screen.open_on(self.screen.screen())
        self.run = Presentation(self.screen, lambda *event: self.events.append(event))
        self.run.problem.connect(self.said.append)
        self.run.ended.connect(self.over.append)

    def picture(self, name, colour=RED, **words):
        cv2.imwrite(str(self.folder / f"{name}.png"), np.full((40, 60, 3), colour, np.uint8))
        return Stimulus(name, StimulusKind.PICTURE, f"{name}.png", SHORT, **words)

    def begin(self, *stimuli, at=0, left_out=()):
        self.run.begin(stimuli, at, (FUN, WORDS, MOOD), lambda s: self.folder / s.file, left_out)

    def kinds(self):
        return [(kind.removeprefix("stimulus_"), text) for kind, text, _ in self.events]

    def page(self):
        return self.screen.findChild(QuestionPage)


@pytest.fixture
def shown(tmp_path, qtbot):
    made = Shown(tmp_path, qtbot)
    yield made
    made.run.stop()


def test_each_stimulus_has_its_onset_and_its_offset(shown, until):
    pause = Stimulus("fixation", StimulusKind.FIXATION, seconds=SHORT)
    before = clock.now()
    shown.begin(pause, shown.picture("cat"), pause, shown.picture("wall", BLUE))
    until(lambda: shown.over == [True])
    names = ("fixation", "cat", "fixation", "wall")
    assert sorted(shown.kinds()) == sorted((w, n) for n in names for w in ("started", "ended"))
    starts = [when for kind, _, when in shown.events if kind == "stimulus_started"]
    ends = [when for kind, _, when in shown.events if kind == "stimulus_ended"]
    assert before < starts[0] and all(e - s >= SHORT for s, e in zip(starts, ends, strict=True))
    assert ends[:3] == starts[1:]  # one takes the place of the other


def test_what_is_stamped_is_on_the_screen(shown, until):
    colours = {}
    note = shown.events.append

    def look(kind, text, when):
        note((kind, text, when))
        if kind == "stimulus_started":
            colours[text] = shown.screen.image.pixelColor(0, 0).name()

    run = Presentation(shown.screen, look)
    stimuli = shown.picture("cat"), shown.picture("wall", BLUE)
    run.begin(stimuli, 0, (), lambda s: shown.folder / s.file)
    until(lambda: run.phase is Phase.OVER and len(colours) == 2)
    assert colours == {"cat": "#ff0000", "wall": "#0000ff"}


def test_a_video_lasts_as_long_as_its_pictures(shown, until):
    writer = cv2.VideoWriter(str(shown.folder / "film.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 25, (64, 48))
    for i in range(10):
        writer.write(np.full((48, 64, 3), 20 * i, np.uint8))
    writer.release()
    shown.begin(Stimulus("film", StimulusKind.VIDEO, "film.avi"))
    until(lambda: shown.over == [True])
    (_, _, began), (_, _, ended) = shown.events
    assert 0.4 <= ended - began < 0.8


def test_answers_become_events(shown, until, qtbot):
    shown.begin(shown.picture("cat", questions=("fun", "words", "mood")), shown.picture("wall"))
    until(lambda: shown.page() is not None and bool(shown.page().buttons))
    assert shown.page().buttons[0].accessibleName() == "1 not"
    qtbot.keyClick(shown.page().buttons[0], Qt.Key.Key_7)
    until(lambda: shown.page() is not None and shown.page().field is not None)
    qtbot.keyClicks(shown.page().field, "a  cat")
    qtbot.keyClick(shown.page().field, Qt.Key.Key_Return)
    until(lambda: shown.page() is not None and shown.page().grid is not None)
    grid = shown.page().grid
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.place(8, 2).toPoint())
    until(lambda: shown.over == [True])
    assert shown.kinds() == [
        ("started", "cat"), ("ended", "cat"), ("answer", "fun=7"), ("answer", "words=a cat"),
        ("answer", "mood=1.000 -0.500"), ("started", "wall"), ("ended", "wall"),
    ]  # fmt: skip


def test_the_grid_is_answered_by_keys_alone(qtbot):
    page = QuestionPage(MOOD)
    qtbot.addWidget(page)
    answers = []
    page.answered.connect(answers.append)
    for key in (*[Qt.Key.Key_Left] * 9, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Return):
        qtbot.keyClick(page.grid, key)
    assert answers == [GridPoint(-1.0, 0.25)]  # the second Return belongs to nothing


def test_a_number_outside_a_long_scale_is_no_answer(qtbot):
    page = QuestionPage(Question("pain", "How much?", lowest=0, highest=100))
    qtbot.addWidget(page)
    answers = []
    page.answered.connect(answers.append)
    for said in ("101", "-1", "much", "55"):
        page.field.setText(said)
        qtbot.keyClick(page.field, Qt.Key.Key_Return)
    assert answers == [55]


def test_what_became_unreadable_is_said_and_skipped(shown, until):
    bad = shown.picture("bad")
    (shown.folder / "bad.png").write_bytes(b"gone bad")
    shown.begin(shown.picture("cat"), bad, shown.picture("wall"))
    until(lambda: shown.over == [True])
    assert len(shown.said) == 1 and "bad.png" in shown.said[0]
    assert ("skipped", "bad") in shown.kinds()
    assert [text for kind, text in shown.kinds() if kind == "ended"] == ["cat", "wall"]


def test_it_goes_on_where_it_is_told_and_leaves_out_what_it_is_told(shown, until):
    a, b, c, d = (shown.picture(name) for name in "abcd")
    shown.begin(a, b, c, d, at=1, left_out={"c"})
    until(lambda: shown.over == [True])
    assert [text for kind, text in shown.kinds() if kind == "started"] == ["b", "d"]
    assert ("skipped", "c") in shown.kinds()


def test_the_operator_holds_skips_and_stops(shown, until):
    long = [Stimulus(name, StimulusKind.BLANK, seconds=60.0) for name in "abc"]
    shown.begin(*long)
    until(lambda: shown.run.phase is Phase.SHOWING)
    shown.run.hold(True)
    shown.run.skip()
    assert shown.run.phase is Phase.HELD and shown.run.at == 1
    shown.run.hold(False)
    until(lambda: shown.run.phase is Phase.SHOWING)
    shown.run.stop()
    assert shown.over == [False]
    assert shown.kinds() == [("started", "a"), ("ended", "a"), ("started", "b"), ("ended", "b")]


def test_esc_ends_what_is_shown_and_calls_the_operator(shown, until, qtbot):
    long = [Stimulus(name, StimulusKind.BLANK, seconds=60.0) for name in "ab"]
    shown.begin(*long)
    until(lambda: shown.run.phase is Phase.SHOWING)
    qtbot.keyClick(shown.screen, Qt.Key.Key_Escape)
    assert shown.run.phase is Phase.HELD
    assert shown.kinds() == [("started", "a"), ("ended", "a")]


def test_many_short_stimuli_are_all_presented(shown, until):
    stimuli = [Stimulus(f"s{i}", StimulusKind.BLANK, seconds=0.004) for i in range(50)]
    shown.begin(*stimuli)
    until(lambda: shown.over == [True])
    ordered = [text for kind, text in shown.kinds() if kind == "started"]
    assert ordered == [f"s{i}" for i in range(50)]
    pairs = itertools.pairwise(when for kind, _, when in shown.events if kind == "stimulus_started")
    assert all(later > earlier for earlier, later in pairs)


@pytest.mark.parametrize("broken", [SourceError("It is cut."), RuntimeError("of our own")])
def test_a_video_that_breaks_is_said_and_does_not_just_end(shown, until, monkeypatch, broken):
    film = write_video(shown.folder / "film.avi", 20)

    class Breaks(VideoFile):
        def read(self):
            if self.broken <= 0:
                raise broken
            self.broken -= 1
            return super().read()

        broken = 3

    monkeypatch.setattr(reading, "VideoFile", Breaks)
    shown.begin(Stimulus("film", StimulusKind.VIDEO, film.name), shown.picture("cat"))
    until(lambda: shown.over == [True])
    (said,) = shown.said
    assert "film was " in said and str(broken) in said
    assert ("started", "cat") in shown.kinds()
