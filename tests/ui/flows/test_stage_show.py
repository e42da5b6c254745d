"""The stage by keys: face or plane, the game, the strip, and a screen that stays on for an audience."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from app.ui.flows import awake as module
from app.ui.flows.awake import Awake
from app.ui.flows.stage_show import GAME_ENDED, NOTHING_PLAYS
from app.ui.panels import notice_bar
from app.ui.panels.mimic_game import ROUNDS
from app.ui.panels.stage_places import Shape
from app.ui.window import Window
from tests.ui.doubles import FakePipeline, FakeSource
from tests.ui.seen import Until

SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_a_key_goes_to_the_stage_and_from_face_to_plane(window: Window, qtbot) -> None:
    stage = window.panels.stage
    qtbot.keyClick(window, Qt.Key.Key_F, SHIFT)
    seen = []
    for _ in Shape:
        seen.append((stage.shape, stage.picture.isVisible(), stage.plane.isVisible()))
        qtbot.keyClick(window, Qt.Key.Key_F, SHIFT)
        assert window.banner.isVisible() and window.banner.text() == stage.shape.value
    assert seen == [(Shape.BOTH, True, True), (Shape.FACE, True, True), (Shape.PLANE, False, True)]


def test_a_game_begins_goes_on_in_the_pictures_and_ends_with_the_stage(
    playing: Window, qtbot, until: Until
) -> None:
    stage, a = playing.panels.stage, playing.user_actions
    qtbot.keyClick(playing, Qt.Key.Key_M, SHIFT)
    assert stage.isVisible() and stage.board.isVisible() and not stage.plane.isVisible()
    assert stage.board.accessibleDescription().startswith("Get ready: ")
    qtbot.keyClick(playing, Qt.Key.Key_Escape)
    assert stage.game is None and stage.isVisible() and not a.mimic.isChecked()
    qtbot.keyClick(playing, Qt.Key.Key_M, SHIFT)
    a.stage.trigger()
    assert stage.game is None and not a.mimic.isChecked() and not stage.board.isVisible()
    assert ROUNDS == 3


def test_another_source_ends_a_game_and_the_next_key_begins_one(playing: Window, qtbot) -> None:
    stage, mimic = playing.panels.stage, playing.user_actions.mimic
    qtbot.keyClick(playing, Qt.Key.Key_M, SHIFT)
    stage.clear("Opening")
    assert stage.game is None and not mimic.isChecked()
    qtbot.keyClick(playing, Qt.Key.Key_M, SHIFT)
    assert stage.game is not None and mimic.isChecked()


def test_the_strongest_moments_are_saved_as_one_picture(
    playing: Window, pipeline: FakePipeline, qtbot, until: Until, sessions: Path
) -> None:
    qtbot.keyClick(playing, Qt.Key.Key_P, SHIFT)
    assert playing.banner.text() == "No strong moment yet"
    pipeline.always = 1
    playing.user_actions.stage.trigger()
    until(lambda: bool(playing.panels.stage.moments.best(4)))
    qtbot.keyClick(playing, Qt.Key.Key_P, SHIFT)
    qtbot.keyClick(playing, Qt.Key.Key_P, SHIFT)  # in the same second: another name
    pictures = sorted(sessions.glob("mien-*.png"))
    assert len(pictures) == 2 and not QImage(str(pictures[0])).isNull()
    if os.name == "posix":  # they show faces
        assert {stat.S_IMODE(path.stat().st_mode) for path in pictures} == {0o600}
    assert not list(sessions.glob("*.tmp"))
    assert "Saved as" in playing.banner.text()


def test_an_audience_sees_a_pause_and_notices_only_for_a_while(
    playing: Window, qtbot, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert notice_bar.BRIEF >= 5000
    stage, bar = playing.panels.stage, playing.notice_bar
    sign = next(part for part in stage.children() if type(part).__name__ == "PauseSign")
    monkeypatch.setattr(notice_bar, "BRIEF", 20)
    playing.user_actions.stage.trigger()
    bar.say("Something is to be said.")
    assert bar.isVisible()
    until(lambda: not bar.isVisible())
    qtbot.keyClick(playing, Qt.Key.Key_Space)
    until(lambda: sign.isVisible())
    qtbot.keyClick(playing, Qt.Key.Key_Space)
    until(lambda: not sign.isVisible())
    playing.user_actions.stage.trigger()
    assert bar.isVisible() and bar.text == "Something is to be said."
    bar.put_away()
    playing.user_actions.stage.trigger()
    playing.user_actions.stage.trigger()
    assert not bar.isVisible()


def test_the_screen_stays_on_while_the_stage_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    said = list[str]()

    class Bus:
        def isConnected(self) -> bool:  # noqa: N802 (Qt's name)
            return True

        def asyncCall(self, message) -> None:  # noqa: N802 (Qt's name)
            said.append(f"{message.service()} {message.member()} {message.arguments()[0]}")

    monkeypatch.setattr(module.QDBusConnection, "connectToBus", lambda *_: Bus())
    monkeypatch.setattr(module.QDBusConnection, "disconnectFromBus", lambda name: said.append(f"left {name}"))
    awake = Awake()
    for on in (True, True, False, False):
        awake.keep(on)
    assert said == ["org.freedesktop.ScreenSaver Inhibit Mien", "left mien-stage"]


def test_an_audience_sees_that_a_recording_runs(playing: Window, until: Until) -> None:
    sign, a = playing.panels.stage.recording_sign, playing.user_actions
    a.stage.trigger()
    assert not sign.isVisible()
    a.record.trigger()
    until(lambda: sign.isVisible())
    assert sign.text().startswith("\N{BLACK CIRCLE} rec 00:0")
    assert sign.text() == playing.status_bar.texts()["recording"]
    a.record.trigger()
    until(lambda: not sign.isVisible())


def test_without_anything_that_plays_there_is_no_game_and_it_ends_with_what_plays(
    window: Window, qtbot, until: Until
) -> None:
    stage, mimic = window.panels.stage, window.user_actions.mimic
    qtbot.keyClick(window, Qt.Key.Key_M, SHIFT)
    assert stage.game is None and not mimic.isChecked() and not stage.isVisible()
    assert window.banner.text() == NOTHING_PLAYS
    window.player.play(FakeSource(frames=40))
    until(lambda: window.player.running is not None and window.player.last is not None)
    qtbot.keyClick(window, Qt.Key.Key_M, SHIFT)
    assert mimic.isChecked()
    until(lambda: stage.game is None and not mimic.isChecked())
    assert window.banner.text() == GAME_ENDED
