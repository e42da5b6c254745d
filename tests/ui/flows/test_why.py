"""F2 freezes the picture and shows why; F3 the runner-up; all else goes on behind it."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from app.stages.affect import AffectReader
from app.stages.models import load
from app.system import paths
from app.types import Detection, Result
from app.ui.controls.view import View
from app.ui.flows import why
from app.ui.flows.live import Live
from app.ui.panels.frozen import FrozenPanel
from app.ui.window import Window
from tests.fakes import LONG
from tests.made_session import make_session
from tests.ui.doubles import FakePipeline, FakeSource, frame
from tests.ui.seen import Until, beats, rows, shows_faces

F2, F3, ESC = Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_Escape


class Reader:
    """Passes on to a real reader when it may; knows on which threads it was asked."""

    def __init__(self, reader: AffectReader) -> None:
        self.model, self._reader = reader.model, reader
        self.go, self.threads = threading.Event(), set[str]()
        self.go.set()

    def answer(self, image: np.ndarray, detections: tuple[Detection, ...]) -> dict[str, np.ndarray]:
        self.threads.add(threading.current_thread().name)
        assert self.go.wait(LONG)
        return self._reader.answer(image, detections)


@pytest.fixture
def reader(pipeline: FakePipeline, models: Path) -> Reader:
    pipeline.affect = Reader(AffectReader(load(models / "affect.toml")))
    return pipeline.affect


@pytest.fixture
def playing(reader: Reader, playing: Window) -> Window:
    """With a network that can be asked why."""
    return playing


def frozen(window: Window) -> FrozenPanel:
    return window.panels.frozen[0]


def explained(window: Window) -> bool:
    return frozen(window).isVisible() and "%" in frozen(window).sides[0].caption.text()


def test_f2_freezes_the_picture_that_is_shown_and_says_why(playing: Window, qtbot, until: Until) -> None:
    shown = playing.panels.picture.result
    qtbot.keyClick(playing, F2)
    view = frozen(playing)
    assert view.isVisible() and not playing.panels.picture.isVisible()
    assert view.frozen.result is shown
    until(lambda: explained(playing))
    (side, other) = view.sides
    assert side.caption.text().startswith("Person 1: why sad?")  # a dark picture
    assert not other.isVisible()
    assert side.picture.result.frame.image.shape == shown.frame.image.shape  # the whole frame
    assert "against sad" in view.scale.accessibleName()
    assert "Network affect (int8)" in view.meaning.text() and "then" in view.meaning.text()
    assert "why sad" in view.accessibleDescription()
    assert "Frozen since" in view.notice.text() and "Measuring goes on" in view.notice.text()
    for key in ("F2", "Esc", "F3", "N: next person"):
        assert key in view.notice.text()
    until(lambda: playing.panels.plane.trail(1)[-1][0] > shown.frame.time)
    assert view.frozen.result is shown
    qtbot.keyClick(playing, F2)
    assert playing.panels.picture.isVisible() and not view.isVisible()


def test_the_text_counts_the_seconds(playing: Window, qtbot, until: Until, monkeypatch) -> None:
    now = [50.0]
    monkeypatch.setattr(why, "time", SimpleNamespace(strftime=time.strftime, monotonic=lambda: now[0]))
    qtbot.keyClick(playing, F2)
    assert "(0 s)" in frozen(playing).notice.text()
    now[0] += 7
    until(lambda: "(7 s)" in frozen(playing).notice.text())


@pytest.mark.parametrize("first", [F2, F3])
def test_f3_compares_with_the_runner_up_and_esc_goes_on(playing: Window, qtbot, until: Until, first) -> None:
    qtbot.keyClick(playing, first)
    if first == F2:
        qtbot.keyClick(playing, F3)
    until(lambda: explained(playing))
    side, other = frozen(playing).sides
    assert side.isVisible() and other.isVisible()
    assert side.caption.text().startswith("sad") and other.caption.text().startswith("or ")
    whole = frozen(playing).frozen.result.frame.image.shape
    assert side.picture.result.frame.image.shape[:2] < whole[:2]  # the face, large
    until(
        lambda: abs(other.picture.result.frame.image.shape[0] - side.picture.result.frame.image.shape[0]) < 3
    )
    assert "person 1" in frozen(playing).meaning.text()
    qtbot.keyClick(playing, F3)
    assert not other.isVisible() and explained(playing)
    qtbot.keyClick(playing, F3)
    qtbot.keyClick(playing, ESC)
    assert playing.panels.picture.isVisible() and not playing.user_actions.runner_up.isChecked()
    qtbot.keyClick(playing, F2)
    assert not other.isVisible()  # it begins with the winner again


def test_the_hot_place_is_over_the_face_also_in_a_mirror(
    playing: Window, reader: Reader, qtbot, until: Until
) -> None:
    person = FakePipeline(1).process(frame()).faces
    x, y = (int(v) for v in person[0].raw.eyes.mean(0))
    half = frame()
    half.image[:, x:] = 255  # the tiny network takes that for happy, and the dark for sad
    playing.player.stop_clocks()
    playing.panels.show_result(Result(half, person))

    def colour(dx: int) -> np.ndarray:
        video = frozen(playing).sides[0].picture
        at = video.to_widget().map(QPointF(x + dx, y + 10)).toPoint()
        return np.array(video.grab().toImage().pixelColor(at).getRgb()[:3])

    for mirrored in (False, True):
        playing.user_actions.view[View.MIRROR].setChecked(mirrored)
        playing.user_actions.why.setChecked(True)
        until(lambda: explained(playing))
        assert frozen(playing).sides[0].picture.mirrored is mirrored
        bright, dark = colour(40).astype(int), colour(-40).astype(int)
        warm = "happy" in frozen(playing).sides[0].caption.text()
        assert (bright[0] > bright[2]) == warm and (dark[0] < dark[2]) == warm
        playing.user_actions.why.setChecked(False)


def test_n_and_a_click_go_to_the_other_faces_of_the_frozen_picture(
    playing: Window, qtbot, until: Until
) -> None:
    qtbot.keyClick(playing, F2)
    until(lambda: explained(playing))
    for person in (2, 1, 2):
        qtbot.keyClick(playing, "N")
        until(lambda p=person: frozen(playing).sides[0].caption.text().startswith(f"Person {p}: why"))
        assert playing.panels.followed == person
    frozen(playing).picked.emit(1)
    until(lambda: frozen(playing).sides[0].caption.text().startswith("Person 1: why"))
    qtbot.keyClick(playing, F2)
    qtbot.keyClick(playing, "N")
    assert playing.panels.followed == 2 and not frozen(playing).isVisible()


def test_recording_goes_on_and_can_begin_and_end_while_frozen(
    playing: Window, qtbot, until: Until, sessions: Path
) -> None:
    qtbot.keyClick(playing, "R")
    until(lambda: playing.record_flow.is_recording)
    qtbot.keyClick(playing, F2)
    assert "Measuring and recording go on" in frozen(playing).notice.text()
    at = frozen(playing).frozen.result.frame.index
    until(lambda: playing.player.last.frame.index > at + 5)
    assert frozen(playing).isVisible()
    qtbot.keyClick(playing, "R")
    until(lambda: "The recording is in" in playing.notice_bar.text)
    (folder,) = sessions.iterdir()
    frames = [int(row["frame"]) for row in rows(folder) if row["face"] == "1"]
    assert frames == list(range(frames[0], frames[-1] + 1)) and frames[-1] >= at + 5  # none is lost
    assert frozen(playing).isVisible()


def test_it_never_waits_for_the_network(
    playing: Window, live: Live, reader: Reader, qtbot, until: Until
) -> None:
    reader.go.clear()
    answered = []
    live.explainer.explained.connect(lambda *_: answered.append(1))
    qtbot.keyClick(playing, F2)
    until(lambda: bool(reader.threads))
    until(beats(20))
    assert "One moment" in frozen(playing).sides[0].caption.text()
    qtbot.keyClick(playing, F2)  # an answer that comes too late is of no use
    assert not answered
    reader.go.set()
    until(lambda: bool(answered))
    assert playing.panels.picture.isVisible()
    assert threading.main_thread().name not in reader.threads
    assert not any(name.startswith(("engine", "live")) for name in reader.threads)


def test_what_cannot_be_explained_is_one_sentence(
    window: Window, pipeline: FakePipeline, models: Path, qtbot, until: Until
) -> None:
    qtbot.keyClick(window, F2)
    assert window.notice_bar.text.startswith("There is no picture to explain")
    pipeline.people = 0
    window.player.play(FakeSource())
    until(lambda: window.panels.picture.result is not None)
    qtbot.keyClick(window, F3)
    assert window.notice_bar.text.startswith("There is no face to explain")
    assert not window.user_actions.why.isChecked() and not window.user_actions.runner_up.isChecked()
    card = models / "affect.toml"
    card.write_text(card.read_text().replace(', "maps"]', "]"))
    pipeline.people, pipeline.affect = 1, AffectReader(load(card))
    until(lambda: shows_faces(window))
    qtbot.keyClick(window, F2)
    until(lambda: window.notice_bar.text.startswith("This network cannot tell"))
    assert window.panels.picture.isVisible() and not window.user_actions.why.isChecked()


def test_a_new_source_and_stop_end_it(playing: Window, qtbot, until: Until) -> None:
    qtbot.keyClick(playing, F2)
    playing.user_actions.stop.trigger()
    until(lambda: not playing.user_actions.why.isChecked())
    assert playing.panels.picture.isVisible() and "Stopped" in playing.panels.picture.message


def test_on_the_stage_it_stands_large_and_nobody_is_invited(playing: Window, qtbot, until: Until) -> None:
    qtbot.keyClick(playing, "F")
    qtbot.keyClick(playing, F2)
    stage = playing.panels.stage
    assert stage.frozen.isVisible() and not stage.plane.isVisible() and stage.picture.isVisible()
    until(lambda: "why sad?" in stage.frozen.sides[0].caption.text())
    stage.invite(True)
    assert stage.frozen.isVisible()
    stage.invite(False)
    qtbot.keyClick(playing, ESC)
    assert stage.plane.isVisible() and stage.isVisible()
    qtbot.keyClick(playing, ESC)
    assert not stage.isVisible()


def test_a_replay_without_its_picture_says_so_and_with_it_is_explained(
    window: Window, qtbot, until: Until, tmp_path: Path, models: Path, monkeypatch
) -> None:
    monkeypatch.setattr(paths, "models", lambda: models)
    window.player.replay(make_session(tmp_path / "made"))
    until(lambda: shows_faces(window))
    qtbot.keyClick(window, F2)
    assert "recorded without its picture" in window.notice_bar.text
    assert not window.user_actions.why.isChecked()
    result = window.panels.picture.result
    window.player.stop_clocks()
    window.panels.show_result(Result(frame(), result.faces))
    qtbot.keyClick(window, F2)
    until(lambda: explained(window))
    assert "Network affect" in frozen(window).meaning.text()


@pytest.mark.parametrize("size", [(1024, 640), (1440, 900)])
def test_nothing_is_cut_off(playing: Window, qtbot, until: Until, size: tuple[int, int]) -> None:
    playing.resize(*size)
    qtbot.keyClick(playing, F3)
    until(lambda: explained(playing))
    view = frozen(playing)

    def fits() -> None:
        assert playing.size().toTuple() == size
        for label in (view.notice, view.meaning, *(side.caption for side in view.sides)):
            assert label.height() >= label.heightForWidth(label.width()), label.text()
        assert view.sides[0].picture.height() > 0.4 * view.height()

    until(fits)


def test_the_text_says_that_measuring_goes_on_only_while_it_does(playing: Window, qtbot, until) -> None:
    qtbot.keyClick(playing, F2)
    playing.player.play_or_pause()
    until(lambda: "What plays is paused" in frozen(playing).notice.text())
    assert "Measuring goes on" not in frozen(playing).notice.text()
    playing.player.play_or_pause()
    until(lambda: "Measuring goes on" in frozen(playing).notice.text())
