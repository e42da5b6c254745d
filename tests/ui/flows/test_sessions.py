"""Recording, marking, taking a baseline and replaying, as a person at the window does it."""

from __future__ import annotations

import csv
import errno
import json
import time
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton

from app.playing.adaptive import AdaptivePipeline
from app.sessions import disk, recorder
from app.sessions.disk import Limits
from app.sessions.events import EventLog
from app.sessions.header import SessionHeader
from app.sessions.mkv import index
from app.sessions.reading import RecordedSession
from app.sessions.recorder import Recorder
from app.sources.source import Mode
from app.sources.video import VideoFile
from app.stages.baseline import BaselineStage
from app.system.settings import Settings
from app.ui.controls.seek_bar import clock
from app.ui.flows import live as live_module
from app.ui.flows.live import Live
from app.ui.look import echo
from app.ui.window import Window
from tests.fakes import LONG, write_video
from tests.made_session import make_session
from tests.ui.doubles import FakeSource
from tests.ui.seen import Until, records, shows_faces


@pytest.fixture
def settings(sessions: Path) -> Settings:
    return Settings(sessions=str(sessions), markers="start; stop")


@pytest.fixture
def recording(playing: Window, until: Until) -> Window:
    playing.commands.record.trigger()
    until(lambda: playing.player.is_recording)
    until(records(playing, 1))
    return playing


def finish(window: Window, until: Until) -> RecordedSession:
    window.commands.record.trigger()
    until(lambda: not window.player.is_recording)
    return RecordedSession(window.player.recorded)


def lines(recording: RecordedSession) -> list[dict[str, str]]:
    with (recording.folder / "events.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_number_keys_mark_with_their_names_and_the_picture_echoes_it(
    recording: Window, qtbot, until: Until, monkeypatch
) -> None:
    monkeypatch.setattr(echo, "SHOWN", 1000 * round(LONG))
    begun = time.perf_counter()
    qtbot.keyClick(recording, "1")
    until(lambda: recording.echo.isVisible() and recording.echo.text() == "start")
    qtbot.keyClick(recording, "3")
    until(lambda: recording.echo.text() == "marker 3")
    curves = recording.body.curves
    until(lambda: curves._marks[0].getData()[0] is not None and len(curves._marks[0].getData()[0]) == 4)
    ago = -curves._marks[0].getData()[0]
    assert ((ago >= 0) & (ago <= time.perf_counter() - begun + 1)).all()  # in seconds, to the frame
    monkeypatch.setattr(echo, "SHOWN", 50)
    qtbot.keyClick(recording, "U")
    until(lambda: recording.echo.text() == "Taken back: marker 3")
    until(lambda: recording.echo.isHidden())
    done = finish(recording, until)
    assert [(e.text, e.origin) for e in done.events() if e.kind == "marker"] == [("start", "key")]
    assert [line["kind"] for line in lines(done) if line["origin"] == "key"] == ["marker", "marker", "undo"]


def test_a_text_marks_the_moment_when_its_key_was_pressed(recording: Window, qtbot, until: Until) -> None:
    before = time.time()
    qtbot.keyClick(recording, "K")
    after = time.time()
    line = recording.marking._line
    until(lambda: line.hasFocus())
    time.sleep(0.5)
    qtbot.keyClicks(line, "look 1, there")  # its keys do not reach the window
    qtbot.keyClick(line, Qt.Key.Key_Return)
    until(lambda: recording.echo.text() == "look 1, there" and line.isHidden())
    (marker,) = [event for event in finish(recording, until).events() if event.kind == "marker"]
    assert marker.text == "look 1, there"
    assert before - 0.1 < datetime.fromisoformat(marker.wall_utc).timestamp() < after + 0.1


def test_escape_puts_the_text_away_without_a_marker(recording: Window, qtbot, until: Until) -> None:
    qtbot.keyClick(recording, "K")
    line = recording.marking._line
    qtbot.keyClicks(line, "never mind")
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert line.isHidden()
    assert [e for e in finish(recording, until).events() if e.kind == "marker"] == []


def test_without_a_recording_the_echo_says_so(window: Window, qtbot, until: Until) -> None:
    window.player.play(FakeSource())
    until(lambda: window.player.is_live)
    qtbot.keyClick(window, "2")
    until(lambda: window.echo.text() == "stop (not recorded)")
    qtbot.keyClick(window, "U")
    until(lambda: window.echo.text() == "There is no marker to take back")


def test_details_and_the_video_that_was_chosen_reach_the_session(window: Window, qtbot, until: Until) -> None:
    qtbot.keyClick(window, "J")
    assert window.details.isVisible()
    qtbot.keyClicks(window.details.participant, "P07")
    window.details.consent.setChecked(True)
    window.details.condition.setText("music")
    window.details.notes.setPlainText("left-handed\nwears glasses")
    window.details.video.setCurrentIndex(3)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.details.isVisible()
    window.player.play(FakeSource())
    until(lambda: window.player.is_live)
    window.commands.record.trigger()
    until(lambda: window.player.is_recording)
    assert window.echo.text() == "Recording the numbers and the picture (blurred)"
    said = json.loads((window.player.recorded / "session.json").read_text())  # from the first second
    assert (said["participant"], said["condition"], said["consent"]) == ("P07", "music", True)
    assert said["notes"] == "left-handed\nwears glasses" and said["finished"] is False
    until(lambda: window.player._live._ongoing._recorder.video.written > 3)
    done = finish(window, until)
    assert done.about.whole["video"]["kind"] == "blurred"
    assert len(index(done.folder / "video.mkv").times) == done.about.whole["video"]["frames"] > 3


def test_consent_is_one_persons_and_by_default_only_numbers_are_kept(
    recording: Window, qtbot, until: Until
) -> None:
    assert recording.echo.text() == "Recording the numbers only"
    recording.details.consent.setChecked(True)
    recording.commands.details.trigger()
    qtbot.keyClicks(recording.details.participant, "8")
    assert not recording.details.consent.isChecked()
    recording.commands.details.trigger()
    assert not (finish(recording, until).folder / "video.mkv").exists()


def test_names_of_markers_are_kept_for_the_next_start(window: Window) -> None:
    window.details._names[4].setText("pause; coffee")
    assert window.settings().markers == "start;stop;;;pause, coffee"


def test_a_baseline_is_counted_down_said_and_recorded(recording: Window, qtbot, until: Until) -> None:
    live = recording.marking._live
    live.baseline._seconds = LONG
    qtbot.keyClick(recording, "L")
    until(lambda: recording.echo.text().startswith("Neutral faces, please: "))
    live.baseline._seconds = 0.5
    until(lambda: "neutral face of person 1 and 2" in recording.strip.text)
    until(lambda: recording.player._last.faces[0].origin is not None)
    shown = recording.body.plane.trail(1)[-1][0]
    until(lambda: recording.body.plane.trail(1)[-1][0] > shown)
    face = recording.player._last.faces[0]
    assert abs(recording.body.plane.trail(1)[-1][1] - face.smooth.valence) > 0.001
    done = finish(recording, until)
    assert {p["face"] for p in done.about.whole["baseline"]} == {1, 2}
    assert sum(e.kind == "baseline_set" for e in done.events()) == 2


def test_a_baseline_needs_a_picture(window: Window, qtbot) -> None:
    qtbot.keyClick(window, "L")
    assert "Start a camera or a video first" in window.strip.text
    assert BaselineStage().left is None


def test_a_low_disk_is_said_while_it_is_recorded(
    window: Window, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "EVERY", 0.05)
    monkeypatch.setattr("app.sessions.recorder.ROOM", Limits(warn=1e18, stop=0))
    real = live_module.Recorder
    limits = Limits(warn=1e18, stop=0)
    monkeypatch.setattr(live_module, "Recorder", lambda *a, **k: real(*a, **k, room=limits))
    window.player.play(FakeSource())
    until(lambda: window.player.is_live)
    window.commands.record.trigger()
    until(lambda: "make room, or the recording will stop" in window.strip.text)
    until(lambda: window.player.is_recording)


def test_smoothing_that_changes_meanwhile_is_an_event(recording: Window, until: Until) -> None:
    recording.controls.smoothing.set_value(0.9)
    events = finish(recording, until).events()
    assert [event.text for event in events if event.kind == "smoothing"] == ["0.9"]


def refuses(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("what", ["rows", "a marker", "the end"])
def test_a_disk_that_refuses_ends_a_recording_and_the_next_one_is_none_the_worse(
    recording: Window, qtbot, until: Until, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    broken = {
        "rows": (recorder, "rows"), "a marker": (EventLog, "mark"), "the end": (Recorder, "_finish")
    }[what]  # fmt: skip
    with monkeypatch.context() as disk_is_full:
        disk_is_full.setattr(*broken, refuses)
        if what == "a marker":
            qtbot.keyClick(recording, "1")
        elif what == "the end":
            recording.commands.record.trigger()
        until(lambda: not recording.player.is_recording)
        until(lambda: "No space left on device" in recording.strip.text)
    assert not recording.commands.record.isChecked()
    recording.commands.record.trigger()
    until(lambda: recording.player.is_recording)
    qtbot.wait(600)
    assert recording.player.is_recording
    assert finish(recording, until).about.finished


def test_what_waits_to_be_said_neither_keeps_a_broken_recording_open_nor_gets_lost(
    recording: Window, live: Live, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.recovered.emit("An older session is whole again.")
    monkeypatch.setattr(recorder, "rows", refuses)
    until(lambda: not recording.player.is_recording)
    until(lambda: "No space left on device" in recording.strip.text)
    assert "An older session is whole again." in recording.strip.text
    assert recording.strip.text.count("No space left") == 1


def test_a_disk_that_refuses_at_the_end_keeps_no_other_source_from_playing(
    recording: Window, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Recorder, "_finish", refuses)
    second = FakeSource()
    recording.player.play(second)
    until(lambda: recording.player.is_live and second.opened == 1)
    until(lambda: "No space left on device" in recording.strip.text)


def test_where_nothing_can_be_recorded_everything_may_be_chosen_again(
    window: Window, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[bool] = []
    monkeypatch.setattr(AdaptivePipeline, "recorded", lambda _: again.append(True))
    window.player.play(FakeSource())
    until(lambda: window.player.is_live)
    window.player.sessions = Path(__file__) / "no folder"
    window.commands.record.trigger()
    until(lambda: "Nothing can be recorded" in window.strip.text)
    assert again == [True]


def test_a_recording_that_was_cut_off_is_recovered_and_said(
    window: Window, sessions: Path, until: Until
) -> None:
    from app.sessions.recorder import Recorder
    from tests.fakes import face, result

    recorder = Recorder(sessions, SessionHeader("x", True, Mode(1, 1, 30.0, ""), (), 4, True))
    recorder.append(result(0, 0.0, face()))
    recorder.close()
    path = recorder.folder / "session.json"
    said = json.loads(path.read_text())
    path.write_text(json.dumps(said | {"finished": False, "writer": {**said["writer"], "since": 1.0}}))
    window.marking._live.recover(sessions)
    until(
        lambda: window.strip.text.startswith(
            "A recording was cut off; its 0:00 minutes (1 rows) are recovered"
        )
    )
    assert json.loads(path.read_text())["recovered"] is True


@pytest.fixture
def replaying(window: Window, tmp_path: Path, until: Until) -> Window:
    events = "event,kind,text,time_s,wall_utc,frame,origin,face,cancels\n1,marker,bell,2.0,,60,key,,\n"
    window.player.replay(make_session(tmp_path / "made", frames=300, events=events))
    until(lambda: window.player.replaying is not None and window.player.replaying.ready)
    until(lambda: window.scrubber.isVisible())  # the window is told a moment later
    return window


def test_a_session_is_replayed_in_the_same_window(replaying: Window, qtbot, until: Until) -> None:
    scrubber = replaying.scrubber
    assert scrubber.isVisible()
    until(lambda: replaying.body.bars.summary().startswith("person 1: "))
    until(lambda: bool(replaying.body.plane.trail(2)))
    until(lambda: scrubber.line.maximum() > 9000)
    replay = replaying.player.replaying
    replay.play()
    qtbot.keyClick(replaying, Qt.Key.Key_Space)
    until(lambda: replaying.commands.start.text() == "Play" and not replay.playing)
    scrubber.line.setValue(5000)
    until(lambda: replay.position == pytest.approx(5.0))
    qtbot.keyClick(replaying, ".")
    until(lambda: replay.position == pytest.approx(5.0 + 1 / 30))
    qtbot.keyClick(replaying, ",")
    until(lambda: replay.position == pytest.approx(5.0))
    until(lambda: scrubber._time.text() == "00:05.0 / 00:10.0")
    qtbot.keyClick(replaying, "Z")
    until(lambda: scrubber._speed.text() == "2x")


def test_a_replay_whose_file_is_another_one_says_so_and_plays(
    window: Window, tmp_path: Path, until: Until
) -> None:
    clip = write_video(tmp_path / "clip.avi")
    file = {"path": str(clip), "bytes": clip.stat().st_size + 1, "sha256": ""}
    window.player.replay(make_session(tmp_path / "session", frames=30, faces=1, file=file))
    until(lambda: "clip.avi is not the file that was measured" in window.strip.text)
    until(lambda: shows_faces(window))


def test_one_button_plays_and_pauses(replaying: Window, qtbot, until: Until) -> None:
    def texts() -> list[str]:
        buttons = replaying.findChildren(QAbstractButton)
        return [b.text() for b in buttons if b.isVisible() and b.text() in ("Play", "Pause")]

    replaying.player.replaying.play()
    until(lambda: texts() == ["Pause"])
    replaying.commands.start.trigger()
    until(lambda: texts() == ["Play"] and not replaying.player.replaying.playing)


def test_the_line_is_not_for_an_audience(replaying: Window, until: Until) -> None:
    replaying.commands.stage.trigger()
    assert not replaying.scrubber.isVisible()
    replaying.commands.stage.trigger()
    assert replaying.scrubber.isVisible()


def test_a_click_on_the_line_goes_there(replaying: Window, qtbot, until: Until) -> None:
    line, replay = replaying.scrubber.line, replaying.player.replaying
    until(lambda: line.maximum() > 9000)
    replay.pause()
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(line.width() // 2, line.height() // 2))
    until(lambda: replay.position == pytest.approx(5.0, abs=0.3))


def test_markers_are_ticks_are_echoed_and_can_be_added(replaying: Window, qtbot, until: Until) -> None:
    line, replay = replaying.scrubber.line, replaying.player.replaying
    until(lambda: len(line._markers()) == 1)
    assert replaying.body.curves.markers == (2.0,)
    assert "bell" in line.toolTip() and abs(line.tick(line.events[0]).x() / line.width() - 0.2) < 0.05
    replay.set_speed(0.25)

    def rings() -> bool:
        if replay.position > 2.5:  # not yet there, or on a busy machine long past it
            replay.seek(1.9)
            replay.play()
        return replaying.echo.text() == "bell"

    until(rings)
    replay.set_speed(1.0)
    replay.pause()
    qtbot.keyClick(replaying, "1")
    until(lambda: len(line._markers()) == 2)
    added = replay.source.path / "events-added.csv"
    assert ",marker,start," in added.read_text()
    qtbot.keyClick(replaying, "U")
    until(lambda: len(line._markers()) == 1)
    assert replaying.body.curves.markers == (2.0,)
    assert added.read_text().count("\n") == 3


def test_a_replay_is_not_recorded_and_ends_with_another_source(
    replaying: Window, qtbot, until: Until
) -> None:
    qtbot.keyClick(replaying, "R")
    assert "recorded already" in replaying.strip.text and not replaying.commands.record.isChecked()
    replaying.player.play(FakeSource())
    until(lambda: replaying.player.is_live)
    assert not replaying.scrubber.isVisible() and replaying.player.replaying is None


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
    until(lambda: window.player.replaying is not None)
    assert drag(window, clip.as_uri())
    until(lambda: window.player.is_live)
    assert window.player.source.name == "clip.avi"


def test_a_folder_that_is_no_session_is_said(window: Window, tmp_path: Path, until: Until) -> None:
    window.player.replay(tmp_path / "nothing")
    until(lambda: "There is no session folder" in window.strip.text)
    assert not window.scrubber.isVisible()


def test_nothing_overlaps_in_a_replay_at_the_smallest_size(replaying: Window, qtbot, until: Until) -> None:
    replaying.resize(1024, 640)
    qtbot.wait(300)
    parts = (replaying.controls, replaying.body, replaying.scrubber, replaying.status)

    def fits() -> None:
        assert replaying.size().toTuple() == (1024, 640)
        for i, one in enumerate(parts):
            assert replaying.rect().contains(one.geometry())
            assert not any(one.geometry().intersects(other.geometry()) for other in parts[i + 1 :])

    until(fits)
    replaying.commands.details.trigger()
    assert replaying.rect().contains(replaying.details.geometry())


def test_times_on_the_line() -> None:
    assert [clock(s) for s in (0, 61.25, 3723.4)] == ["00:00.0", "01:01.2", "1:02:03.4"]


def test_a_video_is_steered_by_the_same_bar_until_it_is_recorded(
    window: Window, tmp_path: Path, qtbot, until: Until
) -> None:
    window.player.play(VideoFile(write_video(tmp_path / "clip.avi", 2000)))
    until(lambda: window.scrubber.isVisible() and window.scrubber.line.maximum() > 9000)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    until(lambda: window.commands.start.text() == "Play")
    window.scrubber.line.setValue(5000)
    until(lambda: window.player._last.frame.time == pytest.approx(5.0))
    qtbot.keyClick(window, ",")
    until(lambda: window.player._last.frame.index == 99)
    qtbot.keyClick(window, "R")
    until(lambda: window.player.is_recording)
    until(lambda: not window.scrubber.isVisible())
    until(lambda: window.player._last.frame.index > 103)  # it runs on
    assert window.commands.start.text() == "Stop"
    finish(window, until)
    until(lambda: window.scrubber.isVisible())
