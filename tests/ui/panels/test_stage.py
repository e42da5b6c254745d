"""The stage: what stands large, everybody's own bars, and the invitation while nobody is there."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.types import Face, Result
from app.ui.controls.view import View
from app.ui.look.theme import DARK
from app.ui.panels import stage as module
from app.ui.panels.curves import Curves
from app.ui.panels.face_outline import BREATH
from app.ui.panels.pause_sign import PauseSign
from app.ui.panels.stage import CAPTION, FROZEN, INVITATION, Stage
from app.ui.panels.stage_places import EDGE, Shape
from tests.fakes import LONG
from tests.ui.doubles import face, frame


@pytest.fixture
def stage(qtbot) -> Stage:
    made = Stage(DARK)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.set_on(True)
    return made


def people(count: int, time: float = 0.0) -> Result:
    return Result(replace(frame(), time=time), tuple(face(i + 1, valence=0.2 * i) for i in range(count)))


def test_each_view_shows_its_panel_and_says_what_it_is(stage: Stage) -> None:
    for view in (View.BARS, View.CURVES, View.PLANE):
        stage.show_view(view)
        shown = (stage.plane.isVisible(), stage.bars[0].isVisible(), stage.curves.isVisible())
        assert shown == (view is View.PLANE, view is View.BARS, view is View.CURVES)
        assert stage.caption.text() == CAPTION[view]
        assert stage.picture.isVisible()


@pytest.mark.parametrize(("count", "shown"), [(0, 1), (1, 1), (3, 3), (6, 4)])
def test_everybody_has_bars_of_their_own(stage: Stage, count: int, shown: int) -> None:
    stage.show_view(View.BARS)
    stage.show_result(people(count), 1)
    stage.refresh()
    assert sum(bars.isVisible() for bars in stage.bars) == shown
    for i in range(min(count, 4)):
        assert stage.bars[i].summary().startswith(f"person {i + 1}: happy")


def test_without_a_face_for_a_while_it_invites_and_a_face_ends_that(
    stage: Stage, until, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.show_view(View.BARS)
    stage.show_result(people(1), 1)
    assert stage.caption.text() == CAPTION[View.BARS]
    monkeypatch.setattr(module, "IDLE", 0.15)
    monkeypatch.setattr(module, "STILL", LONG)
    until(lambda: stage.inviting)
    assert stage.caption.text() == INVITATION
    assert stage.plane.isVisible()
    until(lambda: len(stage.plane.trail(1)) > 3)
    (begin, x0, y0), (end, x1, y1) = stage.plane.trail(1)[0], stage.plane.trail(1)[-1]
    assert 0 < abs(x1 - x0) + abs(y1 - y0) < 0.5 * (end - begin)  # it moves, slowly
    stage.show_result(Result(frame()), None)  # an empty picture does not end it
    assert stage.inviting
    stage.show_result(people(1), 1)
    assert not stage.inviting
    assert stage.bars[0].isVisible()
    assert stage.plane.trail(1)[-1][1:] == (0.0, 0.0)


@pytest.mark.parametrize("why", ["no camera", "no picture comes"])
def test_nobody_is_invited_who_could_not_move_the_point(
    stage: Stage, until, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    monkeypatch.setattr(module, "IDLE", 0.0)
    stage.show_result(Result(frame()), None)
    until(lambda: stage.inviting)
    if why == "no camera":
        stage.invites = False
    else:
        monkeypatch.setattr(module, "STILL", 0.0)
    until(lambda: not stage.inviting)
    assert stage.caption.text() == CAPTION[View.PLANE]


def test_more_faces_than_are_measured_are_said(stage: Stage) -> None:
    crowd = people(4)
    stage.show_result(replace(crowd, unmeasured=(face(9).box,)), 1)
    assert stage.caption.text() == f"{CAPTION[View.PLANE]} 4 of 5 faces are measured."
    stage.show_result(crowd, 1)
    assert stage.caption.text() == CAPTION[View.PLANE]


def test_the_invitation_breathes(stage: Stage) -> None:
    stage.invite(True)
    stage.plane.wander(1.0)
    breathed_in = stage.plane.grab().toImage()
    stage.plane.wander(1.0 + BREATH / 2)
    assert stage.plane.grab().toImage() != breathed_in
    middle = stage.plane.square().center().toPoint()
    row = [breathed_in.pixelColor(x, middle.y()) for x in range(breathed_in.width())]
    lines = [colour for colour in row if colour.blue() > colour.red() + 60]
    assert lines  # of the face
    stage.invite(False)
    assert stage.plane.grab().toImage() != breathed_in


def test_a_stranger_reads_what_each_person_shows_and_how_sure_it_is(stage: Stage) -> None:
    happy, unsure, away = face(1), face(2), replace(face(3), status="turned_away")
    unsure.smooth.probs[:] = 0.02
    unsure.smooth.probs[[2, 0]] = 0.45, 0.43
    stage.show_view(View.BARS)  # beside the plane the words are on the face
    stage.show_result(Result(frame(), (happy,)), 1)
    stage.refresh()
    summary = stage.summary
    assert (summary.isVisible(), summary.accessibleDescription()) == (
        True,
        "happy, 65\N{NO-BREAK SPACE}% sure",
    )
    stage.show_result(Result(frame(), (happy, unsure, away)), 1)
    assert "mixed" not in summary.text()  # only as often as it can be read
    stage.refresh()
    said = summary.accessibleDescription().split("; ")
    assert said[1:] == ["2 mixed: sad / neutral, not sure", "3 happy, unsure: turned away"]
    assert all(DARK.people[i] in summary.text() for i in range(3))
    stage.show_result(Result(frame()), None)
    stage.refresh()
    assert not summary.isVisible()


@pytest.mark.parametrize("size", [(1024, 640), (1366, 768), (1920, 1080)])
def test_words_grow_with_the_screen_and_nothing_lies_on_anything(
    stage: Stage, settle, size: tuple[int, int]
) -> None:
    crowd = people(4)
    for made in crowd.faces:
        made.smooth.probs[:] = 0.02
        made.smooth.probs[[3, 7]] = 0.46, 0.44  # the longest words
    stage.show_result(crowd, 1)
    stage.refresh()
    stage.resize(*size)
    settle()
    assert stage.size().toTuple() == size
    assert stage.plane.word_height() >= 0.04 * size[1]
    large = stage.plane.parentWidget()
    for view, shape in (*((View.PLANE, shape) for shape in Shape), (View.BARS, Shape.BOTH)):
        while stage.shape is not shape:
            stage.next_shape()
        stage.show_view(view)
        settle()
        parts = [part for part in (large, stage.picture, stage.caption, stage.row) if part.isVisible()]
        for i, part in enumerate(parts):
            assert stage.rect().contains(part.geometry())
            others = [] if shape is Shape.FACE else parts[i + 1 :]  # the plane lies on the face
            assert not any(part.geometry().intersects(other.geometry()) for other in others)
        assert stage.row.isHidden() or not stage.row.geometry().intersects(large.geometry())
        words = (stage.caption, stage.summary) if view is View.BARS else (stage.caption,)
        for text in (*CAPTION.values(), INVITATION, FROZEN) if stage.caption.isVisible() else ():
            stage.caption.setText(text)
            stage.resizeEvent(QResizeEvent(stage.size(), stage.size()))
            assert all(label.heightForWidth(label.width()) <= label.height() for label in words)
    stage.invite(True)
    assert stage.caption.heightForWidth(stage.caption.width()) <= stage.caption.height()
    assert stage.caption.fontMetrics().height() > 0.05 * size[1] and not stage.picture.isVisible()


def test_the_picture_on_the_stage_shows_everybody_and_fills_its_panel_for_one(stage: Stage) -> None:
    times = itertools.count(0.0, 10.0)  # so far apart that nothing glides

    def sees(faces: tuple[Face, ...]) -> float:
        stage.picture.show_result(Result(replace(frame(), time=next(times)), faces))
        to_widget = stage.picture.to_widget()
        for made in faces:
            corners = [to_widget.map(*made.box[i : i + 2].tolist()) for i in (0, 2)]
            assert all(stage.picture.rect().contains(round(x), round(y)) for x, y in corners)
        return to_widget.m22()

    stage.resize(1366, 768)
    whole = stage.picture.height() / 480, stage.picture.width() / 640
    assert sees((face(1, (420, 240)),)) == pytest.approx(max(whole))
    stage.picture.show_result(None)
    apart = face(1, (70, 240)), face(2, (570, 240))
    stage.resize(700, 768)  # a narrow one: only the middle would be seen
    assert sees(apart) < max(stage.picture.height() / 480, stage.picture.width() / 640)


def test_a_camera_is_a_mirror_and_a_file_is_none_unless_it_is_wanted(stage: Stage) -> None:
    assert stage.picture.mirrored
    stage.invites = False
    assert not stage.picture.mirrored
    stage.mirror(True)
    assert stage.picture.mirrored and stage.row.mirrored


def test_curves_share_the_height_and_keep_most_of_the_width_on_a_small_stage(qtbot, settle) -> None:
    curves = Curves(DARK, large=True)
    qtbot.addWidget(curves)
    curves.resize(785, 616)
    curves.show()
    settle()
    valence, arousal, lanes = (plot.vb.sceneBoundingRect() for plot in curves.plots)
    assert valence.height() == pytest.approx(arousal.height(), rel=0.1)
    assert valence.width() + lanes.width() > 0.5 * curves.width()


@pytest.mark.parametrize("large", [*CAPTION, "frozen", "worn", "game"])
def test_the_signs_stand_in_every_view_and_cover_nothing(stage: Stage, large: View | str) -> None:
    stage.show_result(people(2), 1)
    if isinstance(large, View):
        stage.show_view(large)
    elif large == "frozen":
        stage.freeze(True)
    elif large == "worn":
        stage.wear("sad")
    else:
        stage.play_game(("sad", "happy", "fear"))
    pause = next(part for part in stage.children() if isinstance(part, PauseSign))
    stage.show_signs(paused=True, recording="\N{BLACK CIRCLE} rec 00:12 paused")
    signs = pause, stage.recording_sign
    assert all(sign.isVisible() and stage.rect().contains(sign.geometry()) for sign in signs)
    assert stage.recording_sign.text() == "\N{BLACK CIRCLE} rec 00:12 paused"
    assert DARK.recording in stage.recording_sign.styleSheet()
    assert not pause.geometry().intersects(stage.recording_sign.geometry())
    others = [
        part for part in stage.children()
        if isinstance(part, QWidget) and part.isVisible() and part not in signs
    ]  # fmt: skip
    assert len(others) > 1
    for part in others:
        assert stage.rect().contains(part.geometry())
        assert not any(part.geometry().intersects(sign.geometry()) for sign in signs)
    stage.show_signs(paused=False, recording="")
    assert not any(sign.isVisible() for sign in signs)
    assert min(part.geometry().top() for part in others) <= EDGE  # their room is free again


def test_with_nobody_in_sight_nobody_is_said_to_wear_an_expression(stage: Stage) -> None:
    stage.wear("sad")
    assert stage.caption.text().startswith("Nobody is in sight")
    stage.say_of_worn("", nobody=False)
    assert stage.caption.text().startswith("You wear sad: made up")
    stage.say_of_worn("", nobody=True)
    assert stage.caption.text().startswith("Nobody is in sight")
