"""The space bar presses what has the focus; else it starts and stops."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QPushButton,
    QToolButton,
)

from app.ui.controls import actions
from app.ui.controls.toolbar import Button
from app.ui.controls.view import View
from app.ui.window import Window


def test_the_space_bar_presses_a_button_that_has_the_focus(window: Window, qtbot) -> None:
    button = next(b for b in window.toolbar.findChildren(Button) if b.objectName() == "eyes")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert not window.user_actions.view[View.EYES].isChecked()
    assert window.user_actions.start.text() == actions.START


@pytest.mark.parametrize("where", ["notice_bar", "details", "consent", "view"])
def test_so_it_does_outside_the_bar(window: Window, qtbot, where: str) -> None:
    pressed = list[bool]()
    window.notice_bar.say("Something happened.", window.user_actions.details)
    window.details_sheet.show()
    button = {
        "notice_bar": next(b for b in window.notice_bar.findChildren(QPushButton) if b.text() == "Details"),
        "details": window.details_sheet.close_button,
        "consent": window.details_sheet.consent,
        "view": next(b for b in window.toolbar.findChildren(QToolButton) if "View" in b.text()),
    }[where]
    if isinstance(button, QToolButton):
        button.setMenu(None)  # it would wait for a choice
    button.clicked.connect(lambda: pressed.append(True))
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert pressed == [True]
    assert window.user_actions.start.text() == actions.START


def test_a_list_opens_with_the_space_bar(window: Window, qtbot) -> None:
    window.details_sheet.show()
    window.details_sheet.video.setFocus()
    qtbot.keyClick(window.details_sheet.video, Qt.Key.Key_Space)
    assert window.details_sheet.video.view().isVisible()
    window.details_sheet.video.hidePopup()
    assert window.user_actions.start.text() == actions.START
