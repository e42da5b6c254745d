"""The actions of a face as bars, and as marks over it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.stages.actions.names import ACTIONS
from app.ui.look.theme import DARK
from app.ui.panels.action_bars import ActionBars
from app.ui.panels.action_overlay import place
from tests.ui.doubles import face, smiling


def test_bars_show_what_moves_and_how_often_the_eyes_blink(qtbot) -> None:
    bars = ActionBars(DARK)
    qtbot.addWidget(bars)
    bars.resize(420, 220)
    bars.show_face(smiling(2))
    bars.refresh()
    assert bars.accessibleDescription() == ("person 2: au12_right 100 %, au12_left 100 %, 12 blinks a minute")
    smile = bars.grab().toImage()
    bars.show_face(face(2))  # as in an older session: nothing is known
    assert bars.summary() == "no actions" and bars.grab().toImage() != smile
    bars.show_face(None)
    assert bars.summary() == "no actions"


def test_an_action_that_is_not_known_has_no_bar(qtbot) -> None:
    bars = ActionBars(DARK)
    qtbot.addWidget(bars)
    bars.show_face(smiling(1))
    whole = bars.grab().toImage()
    known = smiling(1).actions
    assert known is not None
    hidden = np.where([name == "au12_left" for name in ACTIONS], np.nan, known.neutral).astype(np.float32)
    bars.show_face(replace(smiling(1), actions=replace(known, neutral=hidden)))
    assert "au12_right" in bars.summary() and "au12_left" not in bars.summary()
    assert bars.grab().toImage() != whole


def test_bars_are_faint_where_a_face_is_in_doubt(qtbot) -> None:
    bars = ActionBars(DARK)
    qtbot.addWidget(bars)
    bars.show_face(smiling(1))
    sure = bars.grab().toImage()
    bars.show_face(replace(smiling(1), status="blurred"))
    assert bars.grab().toImage() != sure


def test_every_action_has_a_place_of_its_own() -> None:
    assert len({place(name) for name in ACTIONS}) == len(ACTIONS)


def test_letters_stay_readable_in_a_low_panel(qtbot) -> None:
    bars = ActionBars(DARK)
    qtbot.addWidget(bars)
    bars.resize(556, 132)  # beside a plane and bars on a screen of 768 lines
    assert bars.letters() >= 9
    bars.resize(420, 220)
    assert bars.letters() > 11
