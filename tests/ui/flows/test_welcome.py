"""The page of the first start."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.system import paths
from app.ui.flows.welcome import Welcome
from app.ui.run import greet
from tests.fakes import LONG
from tests.ui.doubles import FakeSource


@pytest.fixture
def page(window, monkeypatch, models):
    monkeypatch.setattr(paths, "models", lambda: models)
    made = Welcome(window, FakeSource(), lambda: FakeSource(frames=3))
    made.test()
    return made


def test_it_lies_in_the_window_and_says_what_matters(page, window):
    assert window.rect().contains(page.geometry())
    assert "Nothing leaves this computer" in page.findChildren(type(page.check))[0].text()


def test_the_self_test_is_shown(page, until):
    until(lambda: "everything works" in page.check.text())


def test_a_self_test_that_fails_says_why(window, monkeypatch, tmp_path, until):
    monkeypatch.setattr(paths, "models", lambda: tmp_path)
    page = Welcome(window, None, FakeSource)
    page.test()
    until(lambda: "There is no network" in page.check.text())


def test_nothing_plays_until_a_button_is_pressed(page, window, qtbot):
    sample, camera = page.findChildren(QPushButton)
    assert (sample.text(), camera.text()) == ("Play the sample clip", "Use the camera")
    with qtbot.waitSignal(page.chosen, timeout=round(1000 * LONG)) as chosen:
        camera.click()
    assert chosen.args[0].live and page.isHidden() and window.player.source is None


def test_the_bars_start_plays_what_the_page_offers_and_puts_it_away(window, monkeypatch, models, until):
    monkeypatch.setattr(paths, "models", lambda: models)
    source = FakeSource()
    page = greet(window, source)
    page.show()
    window.user_actions.start.trigger()
    assert window.player.source is source and page.isHidden()
    until(lambda: window.player.is_measuring)


@pytest.mark.parametrize("size", [(1024, 640), (1440, 900)])
def test_without_a_camera_the_clip_plays_at_once_and_the_page_covers_no_value(
    window, monkeypatch, models, until, settle, qtbot, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(paths, "models", lambda: models)
    window.resize(*size)
    page = greet(window, FakeSource(frames=10**6))
    page.show()
    assert window.player.source is not None
    until(lambda: window.panels.followed is not None)  # a face, with its values
    until(lambda: "everything works" in page.check.text())

    def fits() -> None:
        assert page.isVisible() and window.rect().contains(page.geometry())
        for panel in (window.panels.picture, window.panels.plane, window.panels.bars):
            place = panel.rect().translated(panel.mapTo(window, panel.rect().topLeft()))
            assert not place.intersects(page.geometry())
        assert page.check.height() >= page.check.heightForWidth(page.check.width())

    settle()
    until(fits)
    (button,) = page.findChildren(QPushButton)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert page.isHidden() and button.isEnabled()
    assert window.player.is_measuring


def test_no_sheet_lies_over_the_page(window, monkeypatch, models):
    monkeypatch.setattr(paths, "models", lambda: models)
    page = greet(window, FakeSource())
    window.user_actions.keys.trigger()
    assert page.isHidden() and window.help_sheet.isVisible()
