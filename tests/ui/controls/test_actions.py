"""Every action has its keys, and each switch can be reached."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import (
    QMenu,
)

from app.ui.controls.toolbar import Button
from app.ui.flows.record_flow import FINISH_TIP
from app.ui.window import Window
from tests.ui.seen import Until, finish


@pytest.mark.parametrize(
    ("key", "name"),
    [("B", "box"), ("E", "eyes"), ("W", "expression"), ("I", "id"), ("M", "mirror"), ("S", "smoothing")],
)
def test_each_toggle_has_its_key(window: Window, qtbot, key: str, name: str) -> None:
    action = window.user_actions.named(name)
    before = action.isChecked()
    qtbot.keyClick(window, key)
    assert action.isChecked() is not before


def test_every_action_has_a_key_that_its_tooltip_shows_and_no_key_twice(window: Window) -> None:
    keys = [key.toString() for action in window.user_actions.all() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))
    for action in window.user_actions.all():
        assert action.shortcuts()
        assert f"({action.shortcuts()[0].toString()})" in action.toolTip()


def test_each_switch_can_be_reached_with_the_mouse(window: Window) -> None:
    shown = [button.defaultAction() for button in window.toolbar.findChildren(Button)]
    menus = [action for menu in window.toolbar.findChildren(QMenu) for action in menu.actions()]
    switches = [action for action in window.user_actions.all() if action.isCheckable()]
    lacking = [a.objectName() for a in switches if a not in shown and a not in menus]
    assert not lacking
    assert all(a.toolTip() and a.text() for a in switches)


def test_a_screen_reader_says_what_a_button_says_and_does_now(recording: Window, until: Until) -> None:
    record = next(b for b in recording.toolbar.findChildren(Button) if b.objectName() == "record")
    start = next(b for b in recording.toolbar.findChildren(Button) if b.objectName() == "start")
    assert (record.accessibleName(), start.accessibleName()) == ("Finish", "Pause")
    assert record.accessibleDescription() == record.toolTip() == f"{FINISH_TIP} (R)"
    recording.user_actions.start.trigger()
    until(lambda: start.accessibleName() == "Play")
    finish(recording, until)
    until(lambda: record.accessibleName() == "Record")
    assert record.toolTip().startswith("Record the numbers, and the picture if Details says so")
