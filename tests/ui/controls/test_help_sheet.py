"""The help sheet: every key, what the numbers mean, and the licences."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
)

from app.system import paths
from app.ui.look.theme import DARK, LIGHT
from app.ui.window import Window
from tests.ui.seen import Until


def test_the_sheet_shows_every_licence_text(window: Window, monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "texts").write_text("a library: MIT", "utf-8")
    monkeypatch.setattr(paths, "licences", lambda: tmp_path / "texts")
    window.user_actions.keys.trigger()
    labels = [label for label in window.help_sheet.findChildren(QLabel) if "licences" in label.text()]
    labels[0].linkActivated.emit("licences")
    (shown,) = (text for text in window.help_sheet.findChildren(QPlainTextEdit) if text.isVisible())
    assert shown.toPlainText() == "a library: MIT"
    window.user_actions.back.trigger()
    window.user_actions.keys.trigger()
    assert not shown.isVisible()


def test_the_sheet_names_every_key_and_escape_closes_it(window: Window, qtbot) -> None:
    qtbot.keyClick(window, "?")
    assert window.help_sheet.isVisible()
    text = " ".join(label.text() for label in window.help_sheet.findChildren(QLabel))
    plain = " ".join(text.split())
    assert "ratings" in plain and "vision-language model, not by people: they are one rater's view" in plain
    for action in window.user_actions.all():
        assert f"{action.shortcuts()[0].toString()}" in text
    assert "not of what a person feels" in text
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.help_sheet.isVisible()


def test_each_page_of_the_sheet_is_whole_at_the_smallest_size(window: Window, qtbot, until: Until) -> None:
    window.resize(1024, 640)
    qtbot.keyClick(window, "?")
    tabs = [button for button in window.help_sheet.findChildren(QPushButton) if button.isVisible()]
    assert [tab.text() for tab in tabs] == ["Keys", "Keys for recordings", "What the numbers mean"]
    for tab, words in zip(tabs, ("Choose a camera or a video", "Set a marker", "Dropped"), strict=True):
        qtbot.mouseClick(tab, Qt.MouseButton.LeftButton)
        (page,) = (area for area in window.help_sheet.findChildren(QScrollArea) if area.isVisible())
        assert any(words in label.text() for label in page.findChildren(QLabel))
        until(lambda page=page: page.viewport().rect().contains(page.widget().geometry()))
        for label in page.findChildren(QLabel):
            assert label.width() >= label.minimumSizeHint().width()
            assert label.height() >= label.heightForWidth(label.width())
    assert window.rect().contains(window.help_sheet.geometry())
    qtbot.keyClick(tabs[2], Qt.Key.Key_Left)
    qtbot.keyClick(tabs[1], Qt.Key.Key_Left)
    until(lambda: tabs[0].isChecked() and not page.isVisible())
    window.user_actions.back.trigger()
    window.user_actions.keys.trigger()
    assert tabs[0].isChecked() and not tabs[1].isChecked()


def test_links_in_the_sheet_have_the_looks_own_colour(window: Window) -> None:
    for scheme, theme in ((Qt.ColorScheme.Light, LIGHT), (Qt.ColorScheme.Dark, DARK)):
        window.follow(scheme)
        assert any(
            f"color: {theme.focus}" in label.text() for label in window.help_sheet.findChildren(QLabel)
        )
