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

from app.playing.replay import RecordedSource
from app.streams.osc import OscSender
from app.streams.streams import Address, StreamOptions
from app.system import paths
from app.system.errors import UserError
from app.system.settings import Settings
from app.types import Frame, Result
from app.ui.controls import actions
from app.ui.controls.toolbar import Button
from app.ui.flows.live import Live
from app.ui.look.theme import DARK, LIGHT
from app.ui.window import Window
from tests.fakes import LONG
from tests.ui.doubles import FakePipeline, FakeSource, face, frame
from tests.ui.seen import Until, beats, buttons, records, rows, shows_faces


def test_picture_plane_bars_and_curves_show_the_same_people(playing: Window, until: Until) -> None:
    until(lambda: playing.body.curves.valence[1].getData()[0] is not None)
    assert playing.body.plane.trail(1)
    assert playing.body.plane.trail(2)
    until(lambda: playing.body.bars.summary().startswith("person 1: "))
    until(lambda: "frames/s" in playing.status.texts()["rate"])
    assert "detect 0.0" in playing.status.tip("latency")
    assert "total 5.0" in playing.status.tip("latency")
    assert "640 × 480" in playing.status.texts()["source"]  # noqa: RUF001


@pytest.mark.parametrize(
    ("key", "name"),
    [("B", "boxes"), ("E", "eyes"), ("W", "words"), ("I", "ids"), ("M", "mirror"), ("S", "smoothing")],
)
def test_each_toggle_has_its_key(window: Window, qtbot, key: str, name: str) -> None:
    action = getattr(window.commands, name)
    before = action.isChecked()
    qtbot.keyClick(window, key)
    assert action.isChecked() is not before


def test_toggles_reach_picture_and_smoother(playing: Window, pipeline: FakePipeline, until: Until) -> None:
    video, c = playing.body.video, playing.commands
    for action, part in ((c.boxes, "boxes"), (c.eyes, "eyes"), (c.words, "words"), (c.ids, "ids")):
        action.trigger()
        assert getattr(video.parts, part) is False
    c.mirror.trigger()
    assert video.mirrored
    c.smoothing.trigger()
    until(lambda: pipeline.smoother.smoothing == 0)


def test_every_action_has_a_key_that_its_tooltip_shows_and_no_key_twice(window: Window) -> None:
    keys = [key.toString() for action in window.commands.all() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))
    for action in window.commands.all():
        assert action.shortcuts()
        assert f"({action.shortcuts()[0].toString()})" in action.toolTip()


def test_the_sheet_shows_every_licence_text(window: Window, monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "texts").write_text("a library: MIT", "utf-8")
    monkeypatch.setattr(paths, "licences", lambda: tmp_path / "texts")
    window.commands.keys.trigger()
    labels = [label for label in window.sheet.findChildren(QLabel) if "licences" in label.text()]
    labels[0].linkActivated.emit("licences")
    (shown,) = (text for text in window.sheet.findChildren(QPlainTextEdit) if text.isVisible())
    assert shown.toPlainText() == "a library: MIT"
    window.commands.back.trigger()
    window.commands.keys.trigger()
    assert not shown.isVisible()


def test_the_sheet_names_every_key_and_escape_closes_it(window: Window, qtbot) -> None:
    qtbot.keyClick(window, "?")
    assert window.sheet.isVisible()
    text = " ".join(label.text() for label in window.sheet.findChildren(QLabel))
    assert "valence and arousal are derived" in text and "not on ratings of faces" in " ".join(text.split())
    for action in window.commands.all():
        assert f"{action.shortcuts()[0].toString()}" in text
    assert "not of what a person feels" in text
    assert "published coordinates" in text
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.sheet.isVisible()


def test_each_page_of_the_sheet_is_whole_at_the_smallest_size(window: Window, qtbot, until: Until) -> None:
    window.resize(1024, 640)
    qtbot.keyClick(window, "?")
    tabs = [button for button in window.sheet.findChildren(QPushButton) if button.isVisible()]
    assert [tab.text() for tab in tabs] == ["Keys", "What the numbers mean"]
    for tab, words in zip(tabs, ("Choose a camera or a video", "Dropped"), strict=True):
        qtbot.mouseClick(tab, Qt.MouseButton.LeftButton)
        (page,) = (area for area in window.sheet.findChildren(QScrollArea) if area.isVisible())
        assert any(words in label.text() for label in page.findChildren(QLabel))
        until(lambda page=page: page.viewport().rect().contains(page.widget().geometry()))
        for label in page.findChildren(QLabel):
            assert label.width() >= label.minimumSizeHint().width()
            assert label.height() >= label.heightForWidth(label.width())
    assert window.rect().contains(window.sheet.geometry())
    qtbot.keyClick(tabs[1], Qt.Key.Key_Left)
    until(lambda: tabs[0].isChecked() and not page.isVisible())
    window.commands.back.trigger()
    window.commands.keys.trigger()
    assert tabs[0].isChecked() and not tabs[1].isChecked()


def test_the_stage_fills_the_screen_and_escape_brings_all_back(window: Window, qtbot, until: Until) -> None:
    body = window.body
    window.commands.show_bars.trigger()
    qtbot.keyClick(window, "F")
    assert body.stage.plane.isVisible()
    assert body.stage.video.isVisible()
    assert window.isFullScreen()
    others = (body.video, body.plane, body.bars, body.curves, window.controls, window.status)
    assert not any(other.isVisible() for other in others)
    until(lambda: body.stage.size() == window.centralWidget().size())
    for key, large in (("X", body.stage.bars[0]), ("T", body.stage.curves), ("V", body.stage.plane)):
        qtbot.keyClick(window, key)
        assert large.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert body.video.isVisible()
    assert body.plane.isVisible()
    assert body.curves.isVisible()
    assert not body.bars.isVisible()  # as it was


@pytest.mark.parametrize("key", ["F", Qt.Key.Key_F11])
def test_a_maximised_window_is_maximised_again_afterwards(window: Window, qtbot, key: str | Qt.Key) -> None:
    window.showMaximized()
    qtbot.keyClick(window, key)
    assert window.isFullScreen()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.isMaximized() and not window.isFullScreen()


def test_space_stops_and_starts_again(playing: Window, qtbot, until: Until) -> None:
    qtbot.keyClick(playing, Qt.Key.Key_Space)
    assert playing.commands.start.text() == actions.START
    assert playing.body.followed is None
    qtbot.keyClick(playing, Qt.Key.Key_Space)
    until(lambda: shows_faces(playing))


def test_the_space_bar_presses_a_button_that_has_the_focus(window: Window, qtbot) -> None:
    button = next(b for b in window.controls.findChildren(Button) if b.objectName() == "eyes")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert not window.commands.eyes.isChecked()
    assert window.commands.start.text() == actions.START


@pytest.mark.parametrize("where", ["strip", "details", "consent", "view"])
def test_so_it_does_outside_the_bar(window: Window, qtbot, where: str) -> None:
    pressed = list[bool]()
    window.strip.say("Something happened.", window.commands.details)
    window.details.show()
    button = {
        "strip": next(b for b in window.strip.findChildren(QPushButton) if b.text() == "Details"),
        "details": window.details.close_button,
        "consent": window.details.consent,
        "view": next(b for b in window.controls.findChildren(QToolButton) if "View" in b.text()),
    }[where]
    if isinstance(button, QToolButton):
        button.setMenu(None)  # it would wait for a choice
    button.clicked.connect(lambda: pressed.append(True))
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert pressed == [True]
    assert window.commands.start.text() == actions.START


def test_a_list_opens_with_the_space_bar(window: Window, qtbot) -> None:
    window.details.show()
    window.details.video.setFocus()
    qtbot.keyClick(window.details.video, Qt.Key.Key_Space)
    assert window.details.video.view().isVisible()
    window.details.video.hidePopup()
    assert window.commands.start.text() == actions.START


def test_a_click_and_a_key_choose_who_is_followed(playing: Window, qtbot) -> None:
    assert playing.body.followed == 1
    qtbot.keyClick(playing, "N")
    assert playing.body.followed == 2
    playing.body.video.picked.emit(1)
    assert playing.body.followed == playing.body.plane.followed == 1


def test_in_a_picture_that_stands_still_the_bars_follow_too(window: Window) -> None:
    window.body.show_result(Result(frame(), (face(1), face(2))))
    assert window.body.bars.summary().startswith("person 1")
    window.commands.next_person.trigger()
    assert window.body.bars.summary().startswith("person 2")


def record(window: Window, qtbot, until: Until) -> None:
    """A few frames, with the keys."""
    qtbot.keyClick(window, "R")
    until(lambda: "rec 00:" in window.status.texts()["recording"])
    until(records(window, 5))
    qtbot.keyClick(window, "R")
    until(lambda: "The recording is in" in window.strip.text)


def test_record_writes_a_session_and_names_it(playing: Window, qtbot, until: Until, sessions: Path) -> None:
    record(playing, qtbot, until)
    (folder,) = sessions.iterdir()
    assert f"The recording is in {folder}" in playing.strip.text
    assert {"Verify", "Report", "Open folder"} <= set(buttons(playing))
    assert len(rows(folder)) >= 10
    assert not playing.commands.record.isChecked()
    assert shows_faces(playing)


def test_what_was_recorded_is_verified(playing: Window, qtbot, until: Until, sessions: Path) -> None:
    qtbot.keyClick(playing, "Q")
    assert "Finish a recording or open one" in playing.strip.text
    record(playing, qtbot, until)
    qtbot.keyClick(playing, "Q")
    until(lambda: "unchanged since it was recorded" in playing.strip.text)
    (folder,) = sessions.iterdir()
    with (folder / "faces.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    qtbot.keyClick(playing, "Q")
    until(lambda: "faces.csv: changed since it was recorded" in playing.strip.text)
    assert shows_faces(playing)


def test_a_long_check_keeps_no_camera_from_being_chosen_and_ends_with_the_window(
    window: Window, until: Until, tmp_path: Path, monkeypatch
) -> None:
    state = list[str]()

    def checks(folder: Path, models: Path, interrupted: Callable[[], bool]) -> list[object]:
        state.append("begun")
        while not interrupted():
            time.sleep(0.01)
        state.append("ended")
        return []

    monkeypatch.setattr("app.analysis.verify.verify", checks)
    window.player.source = RecordedSource(tmp_path)
    window.commands.verify.trigger()
    until(lambda: state == ["begun"])
    found = list[object]()
    window.player._live.cameras.connect(found.append)
    window.player._live.find_cameras()
    until(lambda: bool(found))
    window.close()
    until(lambda: state == ["begun", "ended"])


def test_the_report_of_what_was_recorded_is_made_and_shown(
    playing: Window, qtbot, until: Until, sessions: Path, monkeypatch
) -> None:
    shown = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(Path(url.toLocalFile())))
    qtbot.keyClick(playing, "H")
    assert "Finish a recording or open one" in playing.strip.text
    record(playing, qtbot, until)
    qtbot.keyClick(playing, "H")
    until(lambda: bool(shown))
    (folder,) = sessions.iterdir()
    assert shown == [folder / "report.html"] and str(shown[0]) in playing.strip.text
    assert "Person 2" in shown[0].read_text(encoding="utf-8")
    (folder / "faces.csv").unlink()
    qtbot.keyClick(playing, "H")
    until(lambda: "faces.csv cannot be read" in playing.strip.text)
    assert shows_faces(playing)


def test_nothing_to_record_is_said_until_there_is(window: Window, until: Until, monkeypatch) -> None:
    window.commands.record.trigger()
    assert "Nothing can be recorded yet" in window.strip.text
    assert not window.commands.record.isChecked()
    monkeypatch.setattr(window.player, "_open", lambda source: setattr(window.player, "source", source))
    window.player.play(FakeSource())  # whose picture comes while the sentence still stands there
    until(lambda: shows_faces(window))
    window.commands.record.trigger()
    until(lambda: window.commands.record.isChecked() and not window.strip.text)


def test_a_sheet_takes_the_focus_and_gives_it_back_to_no_button(window: Window, until: Until) -> None:
    window.activateWindow()
    until(window.hasFocus)
    for action, sheet in ((window.commands.keys, window.sheet), (window.commands.details, window.details)):
        action.trigger()
        until(lambda sheet=sheet: sheet.isAncestorOf(window.focusWidget()))
        action.trigger()
        until(window.hasFocus)


def test_links_in_the_sheet_have_the_looks_own_colour(window: Window) -> None:
    for scheme, look in ((Qt.ColorScheme.ExposureTip, LIGHT), (Qt.ColorScheme.Dark, DARK)):
        window.follow(scheme)
        assert any(f"color: {look.focus}" in label.text() for label in window.sheet.findChildren(QLabel))


def test_a_folder_that_cannot_be_written_is_said_and_the_picture_goes_on(
    playing: Window, until: Until, sessions: Path
) -> None:
    sessions.write_text("in the way")
    playing.commands.record.trigger()
    until(lambda: "choose another folder" in playing.strip.text)
    assert "Choose a folder" in buttons(playing)
    assert not playing.commands.record.isChecked()
    assert shows_faces(playing)


def test_closing_while_recording_finishes_the_session(playing: Window, until: Until, sessions: Path) -> None:
    playing.commands.record.trigger()
    until(lambda: playing.commands.record.isChecked() and "rec" in playing.status.texts()["recording"])
    playing.close()
    (folder,) = sessions.iterdir()
    assert '"finished": true' in (folder / "session.json").read_text()


def test_a_camera_that_is_unplugged_while_recording(window: Window, until: Until, sessions: Path) -> None:
    source = FakeSource()
    window.player.play(source)
    until(lambda: shows_faces(window))
    window.commands.record.trigger()
    until(records(window, 1))
    source.fail_at = 0
    until(lambda: "stopped sending pictures" in window.strip.text)
    (folder,) = sessions.iterdir()
    assert str(folder) in window.strip.text
    assert {"Try again", "Open a video", "Play the sample", "Open folder"} <= set(buttons(window))
    assert "stopped sending pictures" in (folder / "session.json").read_text()
    assert window.commands.start.text() == actions.START


def test_a_video_that_ends_stays_in_view(window: Window, until: Until) -> None:
    window.player.play(FakeSource(frames=5))
    until(lambda: "has ended" in window.strip.text)
    assert shows_faces(window)
    assert "Start" in buttons(window)


def test_a_broken_model_is_one_sentence(qtbot, until: Until) -> None:
    def load() -> FakePipeline:
        raise UserError("The model card affect.toml is damaged; install Mien again.")

    window = Window(Settings(), Live(load, 4))
    qtbot.addWidget(window)
    window.show()
    window.player.play(FakeSource())
    until(lambda: "affect.toml" in window.strip.text)
    assert window.commands.start.text() == actions.START
    window.close()


def test_try_again_plays_the_same_source(window: Window, until: Until, qtbot) -> None:
    source = FakeSource(fail_at=3)
    window.player.play(source)
    until(lambda: "stopped sending" in window.strip.text)
    source.fail_at = math.inf
    again = next(b for b in window.strip.findChildren(QPushButton) if b.text() == "Try again")
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    until(lambda: shows_faces(window))
    assert not window.strip.isVisible()


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
    window.commands.start.trigger()
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
    for scheme, look in ((Qt.ColorScheme.ExposureTip, LIGHT), (Qt.ColorScheme.Dark, DARK)):
        playing.follow(scheme)
        corner = playing.body.bars.grab().toImage().pixelColor(1, 1).name()
        assert corner == look.panel


@pytest.mark.parametrize("size", [(1024, 640), (1440, 900), (1920, 1080)])
def test_nothing_overlaps_or_is_cut_off(playing: Window, qtbot, until: Until, size) -> None:
    c = playing.commands
    folder = "/home/somebody/Documents/" + "/".join(["a-folder-with-a-long-name"] * 6)
    buttons = c.try_again, c.open_video, c.play_sample, c.open_folder
    playing.strip.say(f"The recording is in {folder}.", *buttons)
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
        children = [w for w in visible if w.parentWidget() is parent and w is not playing.sheet]
        for i, one in enumerate(children):
            for other in children[i + 1 :]:
                assert not one.geometry().intersects(other.geometry()), (one, other)


def test_what_can_be_reached_has_a_name_and_an_order(window: Window) -> None:
    reached, widget = [], window.controls
    while (widget := widget.nextInFocusChain()) is not window.controls:
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled():
            reached.append(widget)
    names = [widget.accessibleName() or getattr(widget, "text", str)() for widget in reached]
    assert all(names), [w for w, name in zip(reached, names, strict=True) if not name]
    start = names.index("Start")
    assert names[start : start + 4] == ["Start", "Source", "Boxes", "Eyes"]
    assert names.index("Record") > names.index("Stage")


def test_each_switch_can_be_reached_with_the_mouse(window: Window) -> None:
    shown = [button.defaultAction() for button in window.controls.findChildren(Button)]
    menus = [action for menu in window.controls.findChildren(QMenu) for action in menu.actions()]
    switches = [action for action in window.commands.all() if action.isCheckable()]
    lacking = [a.objectName() for a in switches if a not in shown and a not in menus]
    assert lacking == ["smoothing"]  # which is a slider
    assert all(a.toolTip() and a.text() for a in switches)


def test_what_was_chosen_is_kept(window: Window) -> None:
    window.commands.boxes.trigger()
    window.controls.smoothing.set_value(0.8)
    for action in (window.commands.gaze, window.commands.axes, window.commands.lids):
        action.trigger()
    kept = window.settings()
    assert (kept.show_box, kept.show_eyes, kept.smoothing) == (False, True, 0.8)
    standard = Settings()
    assert (kept.show_gaze, kept.show_axes, kept.show_lids) == (
        not standard.show_gaze, not standard.show_axes, not standard.show_lids,
    )  # fmt: skip
    again = Window(kept, Live(FakePipeline, 4))
    assert not again.commands.boxes.isChecked()
    parts = again.body.video.parts
    assert (parts.boxes, parts.gaze, parts.axes, parts.lids) == (
        False, kept.show_gaze, kept.show_axes, kept.show_lids,
    )  # fmt: skip
    assert again.controls.smoothing.value == 0.8
    again.close()


def test_the_slider_goes_from_instant_to_calm_and_its_key_to_off_and_back(
    playing: Window, pipeline: FakePipeline, qtbot, until: Until
) -> None:
    smoothing = playing.controls.smoothing
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
    assert not playing.commands.smoothing.isChecked()


def test_the_focus_can_be_seen_wherever_tab_goes(window: Window, until: Until) -> None:
    window.activateWindow()
    window.controls.setFocus()
    widget, seen = window.controls, 0
    while (widget := widget.nextInFocusChain()) is not window.controls:
        if not (widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus):
            continue
        if not window.controls.isAncestorOf(widget):
            continue
        window.setFocus()
        before = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        until(widget.hasFocus)
        assert widget.grab().toImage() != before, widget
        seen += 1
    assert seen >= 9


def test_everything_that_can_be_seen_has_a_name_or_a_text(playing: Window) -> None:
    body = playing.body
    for panel in (body.video, body.plane, body.bars, body.curves, body.stage, playing.sheet):
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
    said = "Nothing is sent over OSC (RuntimeError: the library is broken) any more: stop, and start anew."
    until(lambda: window.strip.text == said)
    until(lambda: shows_faces(window))
    window.close()
    window.deleteLater()
