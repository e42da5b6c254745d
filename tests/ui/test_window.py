"""The whole window on made-up people: keys, toggles, recording, trouble, and that it never waits."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QPushButton,
    QWidget,
)
from shiboken6 import dump, isValid

from app.system.settings import Settings
from app.types import Result
from app.ui.controls.view import SHOWN_AT_FIRST, View
from app.ui.flows.live import Live
from app.ui.look.theme import DARK, LIGHT
from app.ui.window import USUAL_SIZE, Window
from tests.ui.doubles import FakePipeline, FakeSource, face, frame
from tests.ui.seen import Until


def test_picture_plane_bars_and_curves_show_the_same_people(playing: Window, until: Until) -> None:
    until(lambda: playing.panels.curves.valence[1].getData()[0] is not None)
    assert playing.panels.plane.trail(1)
    assert playing.panels.plane.trail(2)
    until(lambda: playing.panels.bars.summary().startswith("person 1: "))
    until(lambda: "frames/s" in playing.status_bar.texts()["rate"])
    assert "detect 0.0" in playing.status_bar.tip("latency")
    assert "total 5.0" in playing.status_bar.tip("latency")
    assert "640 × 480" in playing.status_bar.texts()["source"]  # noqa: RUF001


def test_toggles_reach_picture_and_smoother(playing: Window, pipeline: FakePipeline, until: Until) -> None:
    picture, a = playing.panels.picture, playing.user_actions
    for view in View:
        a.view[view].trigger()
        assert (view in picture.view) is not view.on
    assert picture.mirrored and not playing.panels.plane.isVisible()
    a.smoothing.trigger()
    until(lambda: pipeline.smoother.smoothing == 0)


def test_the_stage_fills_the_screen_and_escape_brings_all_back(window: Window, qtbot, until: Until) -> None:
    panels = window.panels
    window.user_actions.view[View.BARS].trigger()
    qtbot.keyClick(window, "F")
    assert panels.stage.plane.isVisible()
    assert panels.stage.picture.isVisible()
    assert window.isFullScreen()
    others = (panels.picture, panels.plane, panels.bars, panels.curves, window.toolbar, window.status_bar)
    assert not any(other.isVisible() for other in others)
    until(lambda: panels.stage.size() == window.centralWidget().size())
    for key, large in (("X", panels.stage.bars[0]), ("T", panels.stage.curves), ("V", panels.stage.plane)):
        qtbot.keyClick(window, key)
        assert large.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert panels.picture.isVisible()
    assert panels.plane.isVisible()
    assert panels.curves.isVisible()
    assert not panels.bars.isVisible()  # as it was


def test_leaving_the_stage_never_needs_room_for_both(window: Window) -> None:
    stage, least = window.user_actions.stage, window.minimumSizeHint().height()
    stage.trigger()
    stage.trigger()
    assert window.minimumSizeHint().height() <= least  # else the window grows, and stays so


@pytest.mark.parametrize("key", ["F", Qt.Key.Key_F11])
def test_a_maximised_window_is_maximised_again_afterwards(window: Window, qtbot, key: str | Qt.Key) -> None:
    window.showMaximized()
    qtbot.keyClick(window, key)
    assert window.isFullScreen()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.isMaximized() and not window.isFullScreen()


def test_a_click_and_a_key_choose_who_is_followed(playing: Window, qtbot) -> None:
    assert playing.panels.followed == 1
    qtbot.keyClick(playing, "N")
    assert playing.panels.followed == 2
    playing.panels.picture.picked.emit(1)
    assert playing.panels.followed == playing.panels.plane.followed == 1


def test_in_a_picture_that_stands_still_the_bars_follow_too(window: Window) -> None:
    window.panels.show_result(Result(frame(), (face(1), face(2))))
    assert window.panels.bars.summary().startswith("person 1")
    window.user_actions.next_person.trigger()
    assert window.panels.bars.summary().startswith("person 2")


def test_a_sheet_takes_the_focus_and_gives_it_back_to_no_button(window: Window, until: Until) -> None:
    window.activateWindow()
    until(window.hasFocus)
    for action, sheet in (
        (window.user_actions.keys, window.help_sheet),
        (window.user_actions.details, window.details_sheet),
    ):
        action.trigger()
        until(lambda sheet=sheet: sheet.isAncestorOf(window.focusWidget()))
        action.trigger()
        until(window.hasFocus)


def test_light_and_dark_change_while_it_runs(playing: Window, qtbot) -> None:
    for scheme, theme in ((Qt.ColorScheme.Light, LIGHT), (Qt.ColorScheme.Dark, DARK)):
        playing.follow(scheme)
        corner = playing.panels.bars.grab().toImage().pixelColor(1, 1).name()
        assert corner == theme.panel


@pytest.mark.parametrize("size", [(1024, 640), (1440, 900), (1920, 1080)])
def test_nothing_overlaps_or_is_cut_off(playing: Window, qtbot, until: Until, size) -> None:
    c = playing.user_actions
    folder = "/home/somebody/Documents/" + "/".join(["a-folder-with-a-long-name"] * 6)
    buttons = c.try_again, c.open_video, c.play_sample, c.open_folder
    playing.notice_bar.say(f"The recording is in {folder}.", *buttons)
    playing.resize(*size)
    until(lambda: all_fits(playing, size))


def all_fits(playing: Window, size: tuple[int, int]) -> None:
    assert playing.size().toTuple() == size
    visible = [w for w in playing.findChildren(QWidget) if w.isVisible() and w.window() is playing]
    for widget in visible:
        place = widget.rect().translated(widget.mapTo(playing, widget.rect().topLeft()))
        assert playing.rect().contains(place), widget
        if isinstance(widget, QLabel | QAbstractButton) and widget.accessibleName() != "Source":
            needed = widget.minimumSizeHint()
            assert widget.width() >= needed.width(), widget
            tall = widget.heightForWidth(widget.width()) if widget.hasHeightForWidth() else needed.height()
            assert widget.height() >= tall, widget
    for parent in {w.parentWidget() for w in visible}:
        children = [w for w in visible if w.parentWidget() is parent and w is not playing.help_sheet]
        for i, one in enumerate(children):
            for other in children[i + 1 :]:
                assert not one.geometry().intersects(other.geometry()), (one, other)


def test_what_can_be_reached_has_a_name_and_an_order(window: Window) -> None:
    reached, widget = [], window.toolbar
    while (widget := widget.nextInFocusChain()) is not window.toolbar:
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled():
            reached.append(widget)
    names = [widget.accessibleName() or getattr(widget, "text", str)() for widget in reached]
    assert all(names), [w for w, name in zip(reached, names, strict=True) if not name]
    start = names.index("Start")
    assert names[start : start + 4] == ["Start", "Source", "Boxes", "Eyes"]
    assert names.index("Record") > names.index("Stage")


def test_what_was_chosen_is_kept(window: Window) -> None:
    window.user_actions.view[View.BOX].trigger()
    window.toolbar.smoothing.set_value(0.8)
    for view in (View.GAZE, View.AXES, View.LIDS):
        window.user_actions.view[view].trigger()
    kept = window.settings()
    assert (kept.view, kept.smoothing) == ("box;gaze;axes;lids", 0.8)
    again = Window(kept, Live(FakePipeline, 4))
    assert again.user_actions.shown() == window.user_actions.shown()
    assert again.panels.picture.view == SHOWN_AT_FIRST - {View.BOX, View.GAZE, View.LIDS} | {View.AXES}
    assert again.toolbar.smoothing.value == 0.8
    again.close()


def test_the_focus_can_be_seen_wherever_tab_goes(window: Window, until: Until) -> None:
    window.activateWindow()
    window.toolbar.setFocus()
    widget, seen = window.toolbar, 0
    while (widget := widget.nextInFocusChain()) is not window.toolbar:
        if not (widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus):
            continue
        if not window.toolbar.isAncestorOf(widget):
            continue
        window.setFocus()
        before = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        until(widget.hasFocus)
        assert widget.grab().toImage() != before, widget
        seen += 1
    assert seen >= 9


def test_everything_that_can_be_seen_has_a_name_or_a_text(playing: Window) -> None:
    panels = playing.panels
    for panel in (panels.picture, panels.plane, panels.bars, panels.curves, panels.stage, playing.help_sheet):
        assert panel.accessibleName()
    for button in playing.findChildren(QAbstractButton):
        if button.isVisible() and button.window() is playing:
            assert button.accessibleName() or button.text(), button
            assert button.toolTip(), button


def test_it_is_never_larger_than_the_screen(qapp: QApplication, settings: Settings, live: Live) -> None:
    made = Window(settings, live)
    room = made.screen().availableGeometry()
    assert made.width() <= min(room.width(), USUAL_SIZE[0])
    assert made.height() < min(room.height(), USUAL_SIZE[1] + 1)
    made.close()


@pytest.mark.parametrize("size", [(1000, 560), (683, 344)])
def test_a_small_screen_leaves_panels_out_and_keeps_what_is_needed(
    playing: Window, until: Until, size: tuple[int, int]
) -> None:
    playing.resize(*size)
    until(lambda: all_fits(playing, size))
    panels = playing.panels
    assert panels.picture.isVisible() and panels.plane.isVisible()
    assert panels.bars.isVisible() is (size[1] > 500) and not playing.toolbar.smoothing.isVisible()
    names = {b.accessibleName() for b in playing.toolbar.findChildren(QAbstractButton) if b.isVisible()}
    assert {"Record", "Session", "Stage", "View"} <= names
    playing.resize(*USUAL_SIZE)
    until(lambda: panels.curves.isVisible() and panels.bars.isVisible())
    assert playing.toolbar.smoothing.isVisible()


def test_the_theme_is_the_systems_until_one_is_chosen(playing: Window, qtbot) -> None:
    for name, theme in (("light", LIGHT), ("dark", DARK)):
        qtbot.keyClick(playing, Qt.Key.Key_F8)
        assert playing.panels.bars.grab().toImage().pixelColor(1, 1).name() == theme.panel
        assert playing.settings().theme == name and playing.banner.text() == f"Colours: {name}"
    qtbot.keyClick(playing, Qt.Key.Key_F8)
    assert playing.settings().theme == "system"


def test_tab_stays_in_a_sheet(window: Window, qtbot, until: Until) -> None:
    window.activateWindow()
    for action, sheet in (
        (window.user_actions.details, window.details_sheet),
        (window.user_actions.keys, window.help_sheet),
    ):
        action.trigger()
        until(lambda sheet=sheet: sheet.isAncestorOf(window.focusWidget()))
        seen = []
        while (widget := window.focusWidget()) not in seen:
            assert sheet.isAncestorOf(widget)
            seen.append(widget)
            qtbot.keyClick(widget, Qt.Key.Key_Tab)
        assert widget is seen[0] and len(seen) >= 1
        action.trigger()


def test_what_python_keeps_of_the_window_outlives_sheets_and_notices(window: Window, qtbot) -> None:
    everything = [window, *window.findChildren(QObject)]
    for key in (Qt.Key.Key_J, Qt.Key.Key_F9, Qt.Key.Key_F1):
        qtbot.keyClick(window, key)
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Backtab)
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        qtbot.keyClick(window, Qt.Key.Key_Q)  # deletes the buttons of the notice before
    lost = [thing for thing in everything if not isinstance(thing, QPushButton) and not isValid(thing)]
    assert not lost
    # PySide loses what it counts as a child together with its parent: nothing may belong to a stranger
    owners = {thing: re.search(r"^parent\S+ .* at (0x[0-9a-f]+)", dump(thing), re.M) for thing in everything}
    by_place = {id(thing): thing for thing in everything}
    for thing, found in owners.items():
        owner = by_place.get(int(found[1], 16)) if found else None
        if isinstance(owner, QWidget):
            assert thing in owner.findChildren(QObject), f"{owner} counts as the owner of {thing}"
    assert window.status_bar.faces.choice == 4


@pytest.mark.qt_no_exception_capture
def test_the_end_is_noticed_although_a_text_fails(
    window: Window, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.status_bar.faces, "show_seen", lambda *_: 1 / 0)
    window.player.play(FakeSource(frames=20))
    until(lambda: "has ended" in window.notice_bar.text)
