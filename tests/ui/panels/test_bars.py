"""The expressions as bars, and their numbers on a slower clock."""

from __future__ import annotations

from dataclasses import replace

from app.types import Gaze, Pose
from app.ui.look.theme import DARK
from app.ui.panels.bars import Bars
from tests.ui.doubles import face
from tests.ui.painted import painted


def test_bars_and_numbers_are_of_one_face_and_told_on_the_text_clock(qtbot) -> None:
    bars = Bars(DARK)
    qtbot.addWidget(bars)
    bars.show_face(face(1, valence=0.5, arousal=-0.25))
    assert bars.summary() == "person 1: happy 65 %, valence +0.50   arousal \N{MINUS SIGN}0.25"
    before = bars.grab().toImage()
    bars.show_face(face(1, best=2))
    assert bars.summary().startswith("person 1: sad")
    assert bars.grab().toImage() != before
    assert "happy" in bars.accessibleDescription()
    bars.refresh()
    assert bars.accessibleDescription() == bars.summary()
    bars.show_face(None)
    assert bars.summary() == "no face"


def test_they_say_that_what_is_shown_is_smoothed(qtbot, monkeypatch) -> None:
    bars = Bars(DARK)
    qtbot.addWidget(bars)
    bars.resize(420, 220)
    for smoothed in (True, False):
        bars.smoothed = smoothed
        bars.show_face(face(1))
        bars.refresh()
        assert ("smoothed" in {text.text for text in painted(bars, monkeypatch)}) is smoothed
        assert ("Smoothed" in bars.toolTip()) is smoothed


def test_bars_tell_how_the_head_is_turned_where_there_is_room_and_in_their_tip_anywhere(qtbot) -> None:
    bars = Bars(DARK)
    qtbot.addWidget(bars)
    turned = replace(face(1), pose=Pose(33, 0, 0), gaze_smooth=Gaze(-7, 0))
    for height, there in ((168, False), (300, True)):
        bars.resize(420, height)
        bars.show_face(face(1))
        bars.refresh()
        straight = bars.grab().toImage()
        bars.show_face(turned)
        bars.refresh()
        assert (bars.grab().toImage() != straight) is there
        assert "head +33°" in bars.toolTip() and "gaze \N{MINUS SIGN}7°" in bars.toolTip()


def test_bars_say_why_a_value_is_in_doubt(qtbot) -> None:
    bars = Bars(DARK)
    qtbot.addWidget(bars)
    bars.show_face(face(1))
    sure = bars.grab().toImage()
    bars.show_face(replace(face(1), status="turned_away"))
    bars.refresh()
    assert bars.grab().toImage() != sure
    assert "face the camera" in bars.toolTip()
