"""A replay or a video in the window: played, steered, dropped on it, and what cannot be played."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QPushButton,
)

from app.sources.video import VideoFile
from app.system import clock
from app.ui.controls import actions
from app.ui.window import Window
from tests.fakes import write_video
from tests.made_session import make_session
from tests.ui.doubles import FakePipeline, FakeSource
from tests.ui.seen import Until, buttons, finish, records, rows, shows_faces


def test_a_session_is_replayed_in_the_same_window(replaying: Window, qtbot, until: Until) -> None:
    seek_bar = replaying.seek_bar
    assert seek_bar.isVisible()
    until(lambda: replaying.panels.bars.summary().startswith("person 1: "))
    until(lambda: bool(replaying.panels.plane.trail(2)))
    until(lambda: seek_bar.timeline.maximum() > 9000)
    replay = replaying.player.steering
    replay.play()
    qtbot.keyClick(replaying, Qt.Key.Key_Space)
    until(lambda: replaying.user_actions.start.text() == "Play" and not replay.playing)
    seek_bar.timeline.setValue(5000)
    until(lambda: replay.position == pytest.approx(5.0))
    qtbot.keyClick(replaying, ".")
    until(lambda: replay.position == pytest.approx(5.0 + 1 / 30))
    qtbot.keyClick(replaying, ",")
    until(lambda: replay.position == pytest.approx(5.0))
    until(lambda: seek_bar.time.text() == "00:05.0 / 00:10.0")
    qtbot.keyClick(replaying, "Z")
    until(lambda: seek_bar.speed.text() == "2x")


def test_a_replay_whose_file_is_another_one_says_so_and_plays(
    window: Window, tmp_path: Path, until: Until
) -> None:
    clip = write_video(tmp_path / "clip.avi")
    file = {"path": str(clip), "bytes": clip.stat().st_size + 1, "sha256": ""}
    window.player.replay(make_session(tmp_path / "session", frames=30, faces=1, file=file))
    until(lambda: "clip.avi is not the file that was measured" in window.notice_bar.text)
    until(lambda: shows_faces(window))


def test_one_button_plays_and_pauses(replaying: Window, qtbot, until: Until) -> None:
    def texts() -> list[str]:
        buttons = replaying.findChildren(QAbstractButton)
        return [b.text() for b in buttons if b.isVisible() and b.text() in ("Play", "Pause")]

    replaying.player.steering.play()
    until(lambda: texts() == ["Pause"])
    replaying.user_actions.start.trigger()
    until(lambda: texts() == ["Play"] and not replaying.player.steering.playing)


def test_a_replay_is_not_recorded_and_ends_with_another_source(
    replaying: Window, qtbot, until: Until
) -> None:
    qtbot.keyClick(replaying, "R")
    assert (
        "replaying a recording" in replaying.notice_bar.text and not replaying.user_actions.record.isChecked()
    )
    replaying.player.play(FakeSource())
    until(lambda: replaying.player.is_measuring)
    assert not replaying.seek_bar.isVisible() and replaying.player.steering is None


def drag(window: Window, *urls: str) -> bool:
    """Drops `urls` on the window; whether it takes them."""
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    action, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), action, data, Qt.MouseButton.LeftButton, none)
    window.dragEnterEvent(enter)
    if enter.isAccepted():
        window.dropEvent(QDropEvent(QPointF(5, 5), action, data, Qt.MouseButton.LeftButton, none))
    return enter.isAccepted()


def test_a_session_or_a_video_can_be_dropped_and_a_link_cannot(
    window: Window, tmp_path: Path, until: Until
) -> None:
    session, clip = make_session(tmp_path / "made", frames=30), write_video(tmp_path / "clip.avi")
    assert not drag(window, "https://example.org/face.mp4")
    assert drag(window, "https://example.org/face.mp4", session.as_uri())
    until(lambda: window.player.steering is not None)
    assert drag(window, clip.as_uri())
    until(lambda: window.player.is_measuring)
    assert window.player.source.name == "clip.avi"


def test_a_folder_that_is_no_session_is_said(window: Window, tmp_path: Path, until: Until) -> None:
    window.player.replay(tmp_path / "nothing")
    until(lambda: "There is no session folder" in window.notice_bar.text)
    assert not window.seek_bar.isVisible()


def test_a_video_is_steered_by_the_same_bar_until_it_is_recorded(
    window: Window, tmp_path: Path, qtbot, until: Until
) -> None:
    window.player.play(VideoFile(write_video(tmp_path / "clip.avi", 2000)))
    until(lambda: window.seek_bar.isVisible() and window.seek_bar.timeline.maximum() > 9000)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    until(lambda: window.user_actions.start.text() == "Play")
    window.seek_bar.timeline.setValue(5000)
    until(lambda: window.player.last.frame.time == pytest.approx(5.0))
    qtbot.keyClick(window, ",")
    until(lambda: window.player.last.frame.index == 99)
    qtbot.keyClick(window, "R")
    until(lambda: window.record_flow.is_recording)
    until(lambda: not window.seek_bar.isVisible())
    until(lambda: window.player.last.frame.index > 103)  # it runs on
    assert window.user_actions.start.text() == "Pause"
    finish(window, until)
    until(lambda: window.seek_bar.isVisible())


def test_space_pauses_a_camera_and_goes_on_and_only_stop_closes_it(
    playing: Window, qtbot, until: Until
) -> None:
    source = playing.player.source
    qtbot.keyClick(playing, Qt.Key.Key_Space)
    assert playing.user_actions.start.text() == actions.PLAY
    until(lambda: playing.status_bar.texts()["source"].endswith("paused"))
    assert not playing.status_bar.texts()["rate"] and shows_faces(playing) and source.closed == 0
    shown = playing.player.last
    qtbot.keyClick(playing, Qt.Key.Key_Space)
    until(lambda: playing.player.last is not shown)
    assert playing.user_actions.start.text() == actions.PAUSE and source.opened == 1
    qtbot.keyClick(playing, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert playing.user_actions.start.text() == actions.START and playing.panels.followed is None
    until(lambda: source.closed == 1)


def test_what_is_recorded_is_paused_with_the_gap_marked_and_nothing_else_ends_it(
    recording: Window, tmp_path: Path, qtbot, until: Until
) -> None:
    a, source = recording.user_actions, recording.player.source
    qtbot.keyClick(recording, Qt.Key.Key_Space)
    until(lambda: recording.status_bar.texts()["recording"].endswith("paused"))
    stands = recording.record_flow.seconds
    a.stop.trigger()
    recording.player.play(FakeSource())
    recording.player.replay(tmp_path)
    assert "finish the recording first" in recording.notice_bar.text
    until(lambda: actions.FINISH in buttons(recording))
    assert recording.player.source is source and source.closed == 0
    written = recording.record_flow.active.frames
    assert recording.record_flow.seconds == stands  # the clock of the recording, too
    qtbot.keyClick(recording, Qt.Key.Key_Space)
    until(lambda: recording.record_flow.active.frames > written)
    assert stands < recording.record_flow.seconds < clock.now() - recording.record_flow.active.since
    session = finish(recording, until)
    kinds = [event.kind for event in session.events() if event.kind in ("paused", "resumed")]
    assert kinds == ["paused", "resumed"] and session.info.whole["ended_by"] == "stop"


def test_a_recorded_video_is_paused_and_loses_no_frame(window: Window, tmp_path: Path, until: Until) -> None:
    window.player.play(VideoFile(write_video(tmp_path / "clip.avi", 2000)))
    until(lambda: window.player.is_measuring)
    window.user_actions.record.trigger()
    until(records(window, 2))
    window.user_actions.start.trigger()
    until(lambda: window.status_bar.texts()["recording"].endswith("paused"))
    written = window.record_flow.active.frames
    window.user_actions.start.trigger()
    until(lambda: window.record_flow.active.frames > written + 3)
    frames = sorted({int(row["frame"]) for row in rows(finish(window, until).folder)})
    assert frames == list(range(frames[0], frames[-1] + 1))


def test_a_video_that_ends_stays_in_view(window: Window, until: Until) -> None:
    window.player.play(FakeSource(frames=5))
    until(lambda: "has ended" in window.notice_bar.text)
    assert shows_faces(window)
    assert "Start" in buttons(window)


def test_a_picture_says_what_it_shows_and_a_video_how_to_see_it_again(
    window: Window, tmp_path: Path, pipeline: FakePipeline, until: Until
) -> None:
    cv2.imwrite(str(tmp_path / "group.png"), np.zeros((90, 120, 3), np.uint8))
    for count, said in (
        (2, "group.png: 2 faces are measured."),
        (1, "one face is"),
        (0, "No face was found in"),
    ):
        pipeline.people = count
        window.player.play(VideoFile(tmp_path / "group.png"))
        until(lambda said=said: said in window.notice_bar.text)
    window.player.play(VideoFile(write_video(tmp_path / "clip.avi", 3)))
    until(lambda: "clip.avi has ended: Space plays it again." in window.notice_bar.text)


def test_try_again_plays_the_same_source(window: Window, until: Until, qtbot) -> None:
    source = FakeSource(fail_at=3)
    window.player.play(source)
    until(lambda: "stopped sending" in window.notice_bar.text)
    source.fail_at = math.inf
    again = next(b for b in window.notice_bar.findChildren(QPushButton) if b.text() == "Try again")
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    until(lambda: shows_faces(window))
    assert not window.notice_bar.isVisible()
