"""The whole window on made-up people: keys, toggles, recording, trouble, and that it never waits."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)

from app.streams.osc import OscSender
from app.streams.streams import Address, StreamOptions
from app.system import paths
from app.system.errors import UserError
from app.system.settings import Settings
from app.types import Frame, Result
from app.ui.controls.view import View
from app.ui.controls import actions
from app.ui.controls.toolbar import Button
from app.ui.controls.view import STANDARD, View
from app.ui.flows.live import Live
from app.ui.flows.record_flow import NOT_YET
from app.ui.look.theme import DARK, LIGHT
from app.ui.window import Window
from tests.fakes import LONG
from tests.ui.doubles import FakePipeline, FakeSource, face, frame
from tests.ui.seen import Until, beats, buttons, records, rows, shows_faces


def test_picture_plane_bars_and_curves_show_the_same_people(playing: Window, until: Until) -> None:
    until(lambda: playing.panels.curves.valence[1].getData()[0] is not None)
    assert playing.panels.plane.trail(1)
    assert playing.panels.plane.trail(2)
    until(lambda: playing.panels.bars.summary().startswith("person 1: "))
    until(lambda: "frames/s" in playing.status_bar.texts()["rate"])
    assert "detect 0.0" in playing.status_bar.tip("latency")
    assert "total 5.0" in playing.status_bar.tip("latency")
    assert "640 × 480" in playing.status_bar.texts()["source"]  # noqa: RUF001


@pytest.mark.parametrize(
    ("key", "name"),
    [("B", "box"), ("E", "eyes"), ("W", "expression"), ("I", "id"), ("M", "mirror"), ("S", "smoothing")],
)
def test_each_toggle_has_its_key(window: Window, qtbot, key: str, name: str) -> None:
    action = window.user_actions.named(name)
    before = action.isChecked()
    qtbot.keyClick(window, key)
    assert action.isChecked() is not before


def test_toggles_reach_picture_and_smoother(playing: Window, pipeline: FakePipeline, until: Until) -> None:
    picture, a = playing.panels.picture, playing.user_actions
    for view in View:
        a.view[view].trigger()
        assert (view in picture.view) is not view.on
    assert picture.mirrored and not playing.panels.plane.isVisible()
    a.smoothing.trigger()
    until(lambda: pipeline.smoother.smoothing == 0)


def test_every_action_has_a_key_that_its_tooltip_shows_and_no_key_twice(window: Window) -> None:
    keys = [key.toString() for action in window.user_actions.all() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))
    for action in window.user_actions.all():
        assert action.shortcuts()
        assert f"({action.shortcuts()[0].toString()})" in action.toolTip()


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
    assert "valence and arousal are derived" in text and "not on ratings of faces" in " ".join(text.split())
    for action in window.user_actions.all():
        assert f"{action.shortcuts()[0].toString()}" in text
    assert "not of what a person feels" in text
    assert "published coordinates" in text
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.help_sheet.isVisible()


def test_each_page_of_the_sheet_is_whole_at_the_smallest_size(window: Window, qtbot, until: Until) -> None:
    window.resize(1024, 640)
    qtbot.keyClick(window, "?")
    tabs = [button for button in window.help_sheet.findChildren(QPushButton) if button.isVisible()]
    assert [tab.text() for tab in tabs] == ["Keys", "What the numbers mean"]
    for tab, words in zip(tabs, ("Choose a camera or a video", "Dropped"), strict=True):
        qtbot.mouseClick(tab, Qt.MouseButton.LeftButton)
        (page,) = (area for area in window.help_sheet.findChildren(QScrollArea) if area.isVisible())
        assert any(words in label.text() for label in page.findChildren(QLabel))
        until(lambda page=page: page.viewport().rect().contains(page.widget().geometry()))
        for label in page.findChildren(QLabel):
            assert label.width() >= label.minimumSizeHint().width()
            assert label.height() >= label.heightForWidth(label.width())
    assert window.rect().contains(window.help_sheet.geometry())
    qtbot.keyClick(tabs[1], Qt.Key.Key_Left)
    until(lambda: tabs[0].isChecked() and not page.isVisible())
    window.user_actions.back.trigger()
    window.user_actions.keys.trigger()
    assert tabs[0].isChecked() and not tabs[1].isChecked()


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


@pytest.mark.parametrize("key", ["F", Qt.Key.Key_F11])
def test_a_maximised_window_is_maximised_again_afterwards(window: Window, qtbot, key: str | Qt.Key) -> None:
    window.showMaximized()
    qtbot.keyClick(window, key)
    assert window.isFullScreen()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.isMaximized() and not window.isFullScreen()


def test_space_stops_and_starts_again(playing: Window, qtbot, until: Until) -> None:
    qtbot.keyClick(playing, Qt.Key.Key_Space)
    assert playing.user_actions.start.text() == actions.START
    assert playing.panels.followed is None
    qtbot.keyClick(playing, Qt.Key.Key_Space)
    until(lambda: shows_faces(playing))


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


def record(window: Window, qtbot, until: Until) -> None:
    """A few frames, with the keys."""
    qtbot.keyClick(window, "R")
    until(lambda: "rec 00:" in window.status_bar.texts()["recording"])
    until(records(window, 5))
    qtbot.keyClick(window, "R")
    until(lambda: "The recording is in" in window.notice_bar.text)


def test_record_writes_a_session_and_names_it(playing: Window, qtbot, until: Until, sessions: Path) -> None:
    record(playing, qtbot, until)
    (folder,) = sessions.iterdir()
    assert f"The recording is in {folder}" in playing.notice_bar.text
    assert {"Verify", "Report", "Open folder"} <= set(buttons(playing))
    assert len(rows(folder)) >= 10
    assert not playing.user_actions.record.isChecked()
    assert shows_faces(playing)


def test_what_was_recorded_is_verified(playing: Window, qtbot, until: Until, sessions: Path) -> None:
    qtbot.keyClick(playing, "Q")
    assert "Finish a recording or open one" in playing.notice_bar.text
    record(playing, qtbot, until)
    qtbot.keyClick(playing, "Q")
    until(lambda: "unchanged since it was recorded" in playing.notice_bar.text)
    (folder,) = sessions.iterdir()
    with (folder / "faces.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    qtbot.keyClick(playing, "Q")
    until(lambda: "faces.csv: changed since it was recorded" in playing.notice_bar.text)
    assert shows_faces(playing)


def test_a_long_check_keeps_no_camera_from_being_chosen_and_ends_with_the_window(
    window: Window, live: Live, until: Until, tmp_path: Path, monkeypatch
) -> None:
    state = list[str]()

    def checks(folder: Path, models: Path, interrupted: Callable[[], bool]) -> list[object]:
        state.append("begun")
        while not interrupted():
            time.sleep(0.01)
        state.append("ended")
        return []

    monkeypatch.setattr("app.analysis.verify.verify", checks)
    monkeypatch.setattr(window.player, "replayed", tmp_path)
    window.user_actions.verify.trigger()
    until(lambda: state == ["begun"])
    found = list[object]()
    live.cameras.found.connect(found.append)
    live.cameras.start()
    until(lambda: bool(found))
    window.close()
    until(lambda: state == ["begun", "ended"])


def test_the_report_of_what_was_recorded_is_made_and_shown(
    playing: Window, qtbot, until: Until, sessions: Path, monkeypatch
) -> None:
    shown = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(Path(url.toLocalFile())))
    qtbot.keyClick(playing, "H")
    assert "Finish a recording or open one" in playing.notice_bar.text
    record(playing, qtbot, until)
    qtbot.keyClick(playing, "H")
    until(lambda: bool(shown))
    (folder,) = sessions.iterdir()
    assert shown == [folder / "report.html"] and str(shown[0]) in playing.notice_bar.text
    assert "Person 2" in shown[0].read_text(encoding="utf-8")
    (folder / "faces.csv").unlink()
    qtbot.keyClick(playing, "H")
    until(lambda: "faces.csv cannot be read" in playing.notice_bar.text)
    assert shows_faces(playing)


def test_nothing_to_record_is_said_until_there_is(window: Window, until: Until, monkeypatch) -> None:
    window.user_actions.record.trigger()
    assert "Nothing can be recorded yet" in window.notice_bar.text
    assert not window.user_actions.record.isChecked()
    window.player.play(FakeSource())
    until(lambda: shows_faces(window))
    window.notice_bar.say(NOT_YET)  # as a moment before the first picture
    window.user_actions.record.trigger()
    until(lambda: window.user_actions.record.isChecked() and not window.notice_bar.text)


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


def test_links_in_the_sheet_have_the_looks_own_colour(window: Window) -> None:
    for scheme, theme in ((Qt.ColorScheme.Light, LIGHT), (Qt.ColorScheme.Dark, DARK)):
        window.follow(scheme)
        assert any(
            f"color: {theme.focus}" in label.text() for label in window.help_sheet.findChildren(QLabel)
        )


def test_a_folder_that_cannot_be_written_is_said_and_the_picture_goes_on(
    playing: Window, until: Until, sessions: Path
) -> None:
    sessions.write_text("in the way")
    playing.user_actions.record.trigger()
    until(lambda: "choose another folder" in playing.notice_bar.text)
    assert "Choose a folder" in buttons(playing)
    assert not playing.user_actions.record.isChecked()
    assert shows_faces(playing)


def test_closing_while_recording_finishes_the_session(playing: Window, until: Until, sessions: Path) -> None:
    playing.user_actions.record.trigger()
    until(
        lambda: playing.user_actions.record.isChecked() and "rec" in playing.status_bar.texts()["recording"]
    )
    playing.close()
    (folder,) = sessions.iterdir()
    assert '"finished": true' in (folder / "session.json").read_text()


def test_a_camera_that_is_unplugged_while_recording(window: Window, until: Until, sessions: Path) -> None:
    source = FakeSource()
    window.player.play(source)
    until(lambda: shows_faces(window))
    window.user_actions.record.trigger()
    until(records(window, 1))
    source.fail_at = 0
    until(lambda: "stopped sending pictures" in window.notice_bar.text)
    (folder,) = sessions.iterdir()
    assert str(folder) in window.notice_bar.text
    assert {"Try again", "Open a video", "Play the sample", "Open folder"} <= set(buttons(window))
    assert "stopped sending pictures" in (folder / "session.json").read_text()
    assert window.user_actions.start.text() == actions.START


def test_a_video_that_ends_stays_in_view(window: Window, until: Until) -> None:
    window.player.play(FakeSource(frames=5))
    until(lambda: "has ended" in window.notice_bar.text)
    assert shows_faces(window)
    assert "Start" in buttons(window)


def test_a_broken_model_is_one_sentence(qtbot, until: Until) -> None:
    def load() -> FakePipeline:
        raise UserError("The model card affect.toml is damaged; install Mien again.")

    window = Window(Settings(), Live(load, 4))
    qtbot.addWidget(window)
    window.show()
    window.player.play(FakeSource())
    until(lambda: "affect.toml" in window.notice_bar.text)
    assert window.user_actions.start.text() == actions.START
    window.close()


def test_try_again_plays_the_same_source(window: Window, until: Until, qtbot) -> None:
    source = FakeSource(fail_at=3)
    window.player.play(source)
    until(lambda: "stopped sending" in window.notice_bar.text)
    source.fail_at = math.inf
    again = next(b for b in window.notice_bar.findChildren(QPushButton) if b.text() == "Try again")
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    until(lambda: shows_faces(window))
    assert not window.notice_bar.isVisible()


@pytest.mark.parametrize("slow", ["load", "open", "process"])
def test_the_window_lives_while_something_is_slow(qtbot, until: Until, slow: str) -> None:
    entered, go, waited = threading.Event(), threading.Event(), []

    def hang(part: str) -> None:
        if part == slow:
            entered.set()
            waited.append(go.wait(LONG))

    class Source(FakeSource):
        def open(self) -> None:
            hang("open")
            super().open()

    class Pipeline(FakePipeline):
        def process(self, frame: Frame) -> Result:
            hang("process")
            return super().process(frame)

    def load() -> FakePipeline:
        hang("load")
        return Pipeline()

    window = Window(Settings(), Live(load, 4))
    qtbot.addWidget(window)
    window.show()
    window.player.play(Source())
    until(entered.is_set)
    until(beats(20))
    window.user_actions.start.trigger()
    until(beats(20))
    assert not waited  # it still hangs
    go.set()
    window.close()
    until(lambda: bool(waited) and all(waited))


def test_the_last_source_asked_for_is_the_one_that_plays(window: Window, until: Until) -> None:
    first, second = FakeSource(), FakeSource()
    window.player.play(first)
    window.player.play(second)
    until(lambda: shows_faces(window))
    assert window.player.source is second
    until(lambda: first.closed == 1)


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
    qtbot.wait(400)
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


def test_each_switch_can_be_reached_with_the_mouse(window: Window) -> None:
    shown = [button.defaultAction() for button in window.toolbar.findChildren(Button)]
    menus = [action for menu in window.toolbar.findChildren(QMenu) for action in menu.actions()]
    switches = [action for action in window.user_actions.all() if action.isCheckable()]
    lacking = [a.objectName() for a in switches if a not in shown and a not in menus]
    assert lacking == ["smoothing"]  # which is a slider
    assert all(a.toolTip() and a.text() for a in switches)


def test_what_was_chosen_is_kept(window: Window) -> None:
    window.user_actions.view[View.BOX].trigger()
    window.toolbar.smoothing.set_value(0.8)
    for view in (View.GAZE, View.AXES, View.LIDS):
        window.user_actions.view[view].trigger()
    kept = window.settings()
    assert (kept.view, kept.smoothing) == ("box;gaze;axes;lids", 0.8)
    again = Window(kept, Live(FakePipeline, 4))
    assert again.user_actions.shown() == window.user_actions.shown()
    assert again.panels.picture.view == STANDARD - {View.BOX, View.GAZE, View.LIDS} | {View.AXES}
    assert again.toolbar.smoothing.value == 0.8
    again.close()


def test_the_slider_goes_from_instant_to_calm_and_its_key_to_off_and_back(
    playing: Window, pipeline: FakePipeline, qtbot, until: Until
) -> None:
    smoothing = playing.toolbar.smoothing
    assert smoothing.value == 0.5
    smoothing.slider.setFocus()
    for _ in range(3):
        qtbot.keyClick(smoothing.slider, Qt.Key.Key_Right)
    until(lambda: pipeline.smoother.smoothing == 0.8)
    qtbot.keyClick(playing, "S")
    assert smoothing.value == 0
    until(lambda: pipeline.smoother.smoothing == 0)
    qtbot.keyClick(playing, "S")
    assert smoothing.value == 0.8
    qtbot.keyClick(smoothing.slider, Qt.Key.Key_Home)
    assert not playing.user_actions.smoothing.isChecked()


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


def test_a_stream_that_stops_is_told_of(
    qapp, settings: Settings, pipeline: FakePipeline, until: Until, monkeypatch
) -> None:
    def broken(self: OscSender, result: Result) -> None:
        raise RuntimeError("the library is broken")

    monkeypatch.setattr(OscSender, "__call__", broken)
    window = Window(settings, Live(lambda: pipeline, 4, StreamOptions(osc=Address(9))))
    window.show()
    window.player.play(FakeSource())
    said = "Nothing is sent over OSC (RuntimeError: the library is broken) any more: stop, then start again."
    until(lambda: window.notice_bar.text == said)
    until(lambda: shows_faces(window))
    window.close()
    window.deleteLater()
