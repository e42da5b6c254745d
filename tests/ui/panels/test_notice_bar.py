"""The notice bar: its sentence, its buttons and their order."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.ui.look.theme import DARK
from app.ui.panels.notice_bar import NoticeBar


def test_the_notice_bar_offers_buttons_and_goes_away(qtbot) -> None:
    notice_bar, action, done = NoticeBar(DARK), QAction("Try again"), []
    qtbot.addWidget(notice_bar)
    action.triggered.connect(lambda: done.append(1))
    assert notice_bar.text == ""
    notice_bar.say("It stopped: press Start, see /a/b.", action)
    assert notice_bar.text == "It stopped: press Start, see /a/b."
    button = next(b for b in notice_bar.findChildren(QPushButton) if b.text() == "Try again")
    button.click()
    assert done == [1]
    assert notice_bar.text == ""
    notice_bar.say("Another.")
    shown = [b.text() for b in notice_bar.findChildren(QPushButton) if not b.isHidden()]
    assert shown == ["Dismiss"]


def test_tab_goes_through_the_notice_bar_as_it_is_read(qtbot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    row = QVBoxLayout(page)
    before, notice_bar, after = QPushButton("before", page), NoticeBar(DARK, page), QPushButton("after", page)
    for widget in (before, notice_bar, after):
        row.addWidget(widget)
    page.show()
    for _ in range(2):
        notice_bar.say("No camera.", QAction("Try again", page), QAction("Open", page))
        qtbot.wait(20)
    reached, widget = [], before
    while (widget := widget.nextInFocusChain()) is not before:
        if isinstance(widget, QPushButton) and widget.isVisible():
            reached.append(widget.text())
    assert [name for name in reached if name != "after"] == ["Try again", "Open", "Dismiss"]
    assert reached.index("after") in (0, 3)  # nothing comes between them
