"""Markers by their keys, in a recording, without one, and in a replay."""

from __future__ import annotations

import time
from datetime import datetime

import numpy as np
from PySide6.QtCore import Qt

from app.ui.panels import banner
from app.ui.panels.curves import Curves
from app.ui.window import Window
from tests.fakes import LONG
from tests.ui.doubles import FakeSource
from tests.ui.seen import Until, finish, lines


def drawn(curves: Curves) -> np.ndarray:
    """Where the upright lines of markers begin and end, in s from now."""
    times = curves.marker_lines[0].getData()[0]
    return np.empty(0) if times is None else times


def test_number_keys_mark_with_their_names_and_a_banner_says_it(
    recording: Window, qtbot, until: Until, monkeypatch
) -> None:
    monkeypatch.setattr(banner, "SHOWN", 1000 * round(LONG))
    begun = time.perf_counter()
    qtbot.keyClick(recording, "1")
    until(lambda: recording.banner.isVisible() and recording.banner.text() == "start")
    qtbot.keyClick(recording, "3")
    until(lambda: recording.banner.text() == "marker 3")
    curves = recording.panels.curves
    until(lambda: len(drawn(curves)) == 4)
    ago = -drawn(curves)
    assert ((ago >= 0) & (ago <= time.perf_counter() - begun + 1)).all()  # in seconds, to the frame
    monkeypatch.setattr(banner, "SHOWN", 50)
    qtbot.keyClick(recording, "U")
    until(lambda: recording.banner.text() == "Undone: marker 3")
    until(lambda: recording.banner.isHidden())
    done = finish(recording, until)
    assert [(e.text, e.origin) for e in done.events() if e.kind == "marker"] == [("start", "key")]
    assert [line["kind"] for line in lines(done) if line["origin"] == "key"] == ["marker", "marker", "undo"]


def test_a_text_marks_the_moment_when_its_key_was_pressed(recording: Window, qtbot, until: Until) -> None:
    before = time.time()
    qtbot.keyClick(recording, "K")
    after = time.time()
    line = recording.marker_keys.text
    until(lambda: line.hasFocus())
    time.sleep(0.5)
    qtbot.keyClicks(line, "look 1, there")  # its keys do not reach the window
    qtbot.keyClick(line, Qt.Key.Key_Return)
    until(lambda: recording.banner.text() == "look 1, there" and line.isHidden())
    (marker,) = [event for event in finish(recording, until).events() if event.kind == "marker"]
    assert marker.text == "look 1, there"
    assert before - 0.1 < datetime.fromisoformat(marker.wall_utc).timestamp() < after + 0.1


def test_escape_puts_the_text_away_without_a_marker(recording: Window, qtbot, until: Until) -> None:
    qtbot.keyClick(recording, "K")
    line = recording.marker_keys.text
    qtbot.keyClicks(line, "never mind")
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert line.isHidden()
    assert [e for e in finish(recording, until).events() if e.kind == "marker"] == []


def test_without_a_recording_the_banner_says_so(window: Window, qtbot, until: Until) -> None:
    window.player.play(FakeSource())
    until(lambda: window.player.is_measuring)
    qtbot.keyClick(window, "2")
    until(lambda: window.banner.text() == "stop (not recorded)")
    qtbot.keyClick(window, "U")
    until(lambda: window.banner.text() == "There is no marker to undo")


def test_markers_are_ticks_are_said_and_can_be_added(replaying: Window, qtbot, until: Until) -> None:
    line, replay = replaying.seek_bar.timeline, replaying.player.steering
    until(lambda: len(line.markers()) == 1)
    assert replaying.panels.curves.markers == (2.0,)
    assert "bell" in line.toolTip() and abs(line.tick(line.events[0]).x() / line.width() - 0.2) < 0.05
    replay.set_speed(0.25)

    def rings() -> bool:
        if replay.position > 2.5:  # not yet there, or on a busy machine long past it
            replay.seek(1.9)
            replay.play()
        return replaying.banner.text() == "bell"

    until(rings)
    replay.set_speed(1.0)
    replay.pause()
    qtbot.keyClick(replaying, "1")
    until(lambda: len(line.markers()) == 2)
    added = replaying.player.replayed / "events-added.csv"
    assert ",marker,start," in added.read_text()
    qtbot.keyClick(replaying, "U")
    until(lambda: len(line.markers()) == 1)
    assert replaying.panels.curves.markers == (2.0,)
    assert added.read_text().count("\n") == 3
