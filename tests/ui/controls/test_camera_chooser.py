"""Cameras in the window: unplugged and back, chosen by their pictures, remembered."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.sources import camera, preview
from app.sources.camera import WANTED
from app.sources.preview import CameraChoice
from app.sources.source import Mode
from app.system.settings import Settings
from app.ui.controls.camera_chooser import PICTURE, CameraTile, in_words, nearest
from app.ui.flows.live import Live
from app.ui.look.theme import DARK
from app.ui.window import Window
from tests.cameras import Desk, Timeouts, device
from tests.ui.doubles import FakePipeline
from tests.ui.seen import Until, records, shows_faces


@pytest.fixture
def desk(monkeypatch) -> Desk:
    made = Desk((device(), ""))
    monkeypatch.setattr(camera, "Timeouts", lambda: Timeouts(made))
    monkeypatch.setattr(preview, "TIMEOUTS", Timeouts(made))
    return made


@pytest.fixture
def live(qapp: QApplication, desk: Desk) -> Live:
    """With the cameras of `desk`."""
    return Live(FakePipeline, 4, system=desk)


def test_unplugged_it_says_so_waits_and_goes_on_in_the_same_recording(
    window: Window, desk: Desk, until: Until, sessions: Path
) -> None:
    window.player.play(window.player.cameras.camera(device()))
    until(lambda: shows_faces(window))
    window.user_actions.record.trigger()
    until(lambda: window.record_flow.is_recording)
    until(records(window, 3))
    desk.unplug(3)
    until(lambda: "was unplugged: plug it in again" in window.panels.picture.message)
    assert not shows_faces(window)
    assert window.record_flow.is_recording
    QTest.qWait(1100)  # a gap is worth a word from a second on
    desk.plug(device(index=8))
    until(lambda: shows_faces(window))
    assert window.panels.picture.message == ""
    window.user_actions.record.trigger()
    until(lambda: "The recording is in" in window.notice_bar.text)
    (folder,) = sessions.iterdir()
    assert (folder / "events.csv").read_text().count("camera_gap") == 1
    chosen = window.settings()
    assert (chosen.camera, chosen.camera_identity) == (8, device().identity)
    assert chosen.camera_mode == "1280x720@30 MJPG"


def test_what_was_granted_is_shown(window: Window, desk: Desk, until: Until) -> None:
    desk.plug(device(), "grants another mode")
    window.player.play(window.player.cameras.camera(device()))
    until(lambda: "640" in window.status_bar.texts()["source"])
    assert "480   30/s   MJPG" in window.status_bar.texts()["source"]


def has_picture(card: CameraTile) -> bool:
    """Something of the fake cameras' grey is in it, not a sentence alone."""
    return card.button.icon().pixmap(PICTURE).toImage().pixelColor(112, 63).name() == "#5a5a5a"


def test_each_camera_is_alive_until_the_chooser_closes(
    window: Window, desk: Desk, until: Until, qtbot
) -> None:
    desk.plug(device(index=5, name="Busy", serial="B2"), "busy")
    desk.plug(device(index=6, name="Laptop", serial="C3"), "")
    window.user_actions.cameras.trigger()
    chooser = window.toolbar.chooser
    until(lambda: len(chooser.findChildren(CameraTile)) == 3)
    first, busy, last = chooser.findChildren(CameraTile)
    assert [card.button.text() for card in (first, busy, last)] == ["Desk", "Busy", "Laptop"]
    until(first.button.hasFocus)
    until(lambda: has_picture(first))
    until(lambda: has_picture(last))
    pictures = first.button.icon().cacheKey(), last.button.icon().cacheKey()
    until(
        lambda: first.button.icon().cacheKey() != pictures[0] and last.button.icon().cacheKey() != pictures[1]
    )
    assert not has_picture(busy)
    qtbot.keyClick(chooser, Qt.Key.Key_Escape)
    until(lambda: all(capture.released for capture in desk.captures))


def test_the_only_camera_stays_live_until_the_chooser_closes(
    window: Window, desk: Desk, until: Until, qtbot, monkeypatch
) -> None:
    monkeypatch.setattr(preview, "TURN", 0.01)
    window.user_actions.cameras.trigger()
    chooser = window.toolbar.chooser
    until(lambda: bool(desk.captures))
    begun = desk.captures[0].count
    until(lambda: desk.captures[0].count > begun + 30)
    assert not desk.captures[0].released and len(desk.captures) == 1
    qtbot.keyClick(chooser, Qt.Key.Key_Escape)
    until(lambda: desk.captures[0].released)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_camera_is_taken_by_its_card_in_the_mode_that_was_chosen(
    window: Window, desk: Desk, until: Until, qtbot, key: Qt.Key
) -> None:
    window.user_actions.cameras.trigger()
    chooser = window.toolbar.chooser
    until(lambda: bool(chooser.findChildren(CameraTile)))
    (card,) = chooser.findChildren(CameraTile)
    assert card.modes.itemText(0) == in_words(WANTED)
    card.modes.setCurrentIndex(1)
    until(lambda: bool(desk.captures))  # its picture is being taken: choosing it must not wait for that
    qtbot.keyClick(card.button, key)
    assert not chooser.isVisible()
    until(lambda: shows_faces(window))
    assert all(capture.released for capture in desk.captures[:-1])
    assert window.player.used == device()
    assert window.settings().camera_mode == "640x480@60 MJPG"


def test_the_camera_in_use_is_not_opened_twice_and_changes_its_mode_at_once(
    window: Window, desk: Desk, until: Until
) -> None:
    window.player.play(window.player.cameras.camera(device()))
    until(lambda: shows_faces(window))
    window.user_actions.cameras.trigger()
    chooser = window.toolbar.chooser
    until(lambda: bool(chooser.findChildren(CameraTile)))
    (card,) = chooser.findChildren(CameraTile)
    assert card.button.text() == "Desk (in use)"
    until(lambda: has_picture(card))
    assert len(desk.captures) == 1
    assert card.modes.currentData() == WANTED
    card.modes.setCurrentIndex(2)
    card.modes.activated.emit(2)
    until(lambda: len(desk.captures) == 2 and shows_faces(window))
    assert window.player.cameras.mode == Mode(640, 480, 30.0, "MJPG")


def test_no_camera_and_escape(window: Window, desk: Desk, until: Until, qtbot) -> None:
    desk.unplug(3)
    window.user_actions.cameras.trigger()
    chooser = window.toolbar.chooser
    until(lambda: any("No camera was found" in label.text() for label in chooser.findChildren(QLabel)))
    qtbot.keyClick(chooser, Qt.Key.Key_Escape)
    assert not chooser.isVisible()


def test_without_modes_the_usual_ones_and_a_word(qapp: QApplication) -> None:
    card = CameraTile(CameraChoice(device(), ()), WANTED, False, DARK)
    assert "does not say" in card.modes.toolTip()
    assert card.modes.currentData() == WANTED
    assert nearest((Mode(640, 480, 15.0, ""), Mode(640, 480, 60.0, "")), Mode(800, 600, 50.0, "MJPG")) == 1


def test_a_dark_camera_gets_a_tip(desk: Desk, qtbot, until: Until) -> None:
    desk.plug(device(), "in the dark")
    window = Window(Settings(), Live(lambda: FakePipeline(people=0), 4, system=desk))
    qtbot.addWidget(window)
    window.show()
    window.player.play(window.player.cameras.camera(device()))
    until(lambda: "add light from the front" in window.notice_bar.text)
    window.close()
