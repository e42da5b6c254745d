"""Recording as a person at the window does it, and a disk that refuses."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.playing.adaptive import AdaptivePipeline
from app.sessions import disk, recorder
from app.sessions.disk import Limits
from app.sessions.event_log import EventLog
from app.sessions.header import RecordingOptions
from app.sessions.mkv import index
from app.sessions.recorder import Recorder
from app.sessions.video_recorder import VideoKind
from app.ui.controls import actions
from app.ui.flows import recording_control
from app.ui.flows.live import Live
from app.ui.flows.record_flow import NOT_YET
from app.ui.window import Window
from tests.ui.doubles import FakeSource
from tests.ui.seen import Until, buttons, finish, record, records, rows, shows_faces


def test_details_and_the_video_that_was_chosen_reach_the_session(window: Window, qtbot, until: Until) -> None:
    qtbot.keyClick(window, "J")
    assert window.details_sheet.isVisible()
    qtbot.keyClicks(window.details_sheet.participant, "P07")
    window.details_sheet.consent.setChecked(True)
    window.details_sheet.condition.setText("music")
    window.details_sheet.notes.setPlainText("left-handed\nwears glasses")
    window.details_sheet.video.setCurrentIndex(3)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.details_sheet.isVisible()
    window.player.play(FakeSource())
    until(lambda: window.player.is_measuring)
    window.user_actions.record.trigger()
    until(lambda: window.record_flow.is_recording)
    assert window.banner.text() == "Recording numbers and picture (blurred)"
    said = json.loads((window.record_flow.recorded / "session.json").read_text())  # from the first second
    assert (said["participant"], said["condition"], said["consent"]) == ("P07", "music", True)
    assert said["notes"] == "left-handed\nwears glasses" and said["finished"] is False
    until(records(window, 8))
    done = finish(window, until)
    assert done.info.whole["video"]["kind"] == "blurred"
    assert len(index(done.folder / "video.mkv").times) == done.info.whole["video"]["frames"] > 3


def test_consent_is_one_persons_and_by_default_only_numbers_are_kept(
    recording: Window, qtbot, until: Until
) -> None:
    assert recording.banner.text() == "Recording numbers only"
    recording.details_sheet.consent.setChecked(True)
    recording.user_actions.details.trigger()
    qtbot.keyClicks(recording.details_sheet.participant, "8")
    assert not recording.details_sheet.consent.isChecked()
    recording.user_actions.details.trigger()
    assert not (finish(recording, until).folder / "video.mkv").exists()


def test_a_low_disk_is_said_while_it_is_recorded(
    window: Window, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "EVERY", 0.05)
    monkeypatch.setattr("app.sessions.recorder.ROOM", Limits(warn=1e18, stop=0))
    real = recording_control.Recorder
    limits = Limits(warn=1e18, stop=0)
    monkeypatch.setattr(recording_control, "Recorder", lambda *a, **k: real(*a, **k, room=limits))
    window.player.play(FakeSource())
    until(lambda: window.player.is_measuring)
    window.user_actions.record.trigger()
    until(lambda: "make room, or the recording will stop" in window.notice_bar.text)
    until(lambda: window.record_flow.is_recording)


def test_smoothing_that_changes_meanwhile_is_an_event(recording: Window, until: Until) -> None:
    recording.toolbar.smoothing.set_value(0.9)
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
            recording.user_actions.record.trigger()
        until(lambda: not recording.record_flow.is_recording)
        until(lambda: "No space left on device" in recording.notice_bar.text)
    assert not recording.user_actions.record.isChecked()
    recording.user_actions.record.trigger()
    until(lambda: recording.record_flow.is_recording)
    qtbot.wait(600)
    assert recording.record_flow.is_recording
    assert finish(recording, until).info.finished


def test_what_waits_to_be_said_neither_keeps_a_broken_recording_open_nor_gets_lost(
    recording: Window, live: Live, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.recovery.recovered.emit("An older session is whole again.")
    monkeypatch.setattr(recorder, "rows", refuses)
    until(lambda: not recording.record_flow.is_recording)
    until(lambda: "No space left on device" in recording.notice_bar.text)
    assert "An older session is whole again." in recording.notice_bar.text
    assert recording.notice_bar.text.count("No space left") == 1


def test_a_disk_that_refuses_at_the_end_keeps_no_other_source_from_playing(
    recording: Window, live: Live, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Recorder, "_finish", refuses)
    second = FakeSource()
    live.playback.play(second)
    until(lambda: second.opened == 1)
    until(lambda: "No space left on device" in recording.notice_bar.text)


def test_where_nothing_can_be_recorded_everything_may_be_chosen_again(
    window: Window, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[bool] = []
    monkeypatch.setattr(AdaptivePipeline, "end_recording", lambda _: again.append(True))
    window.player.play(FakeSource())
    until(lambda: window.player.is_measuring)
    window.record_flow.folder = Path(__file__) / "no folder"
    window.user_actions.record.trigger()
    until(lambda: "Nothing can be recorded" in window.notice_bar.text)
    assert again == [True]


def test_record_writes_a_session_and_names_it(playing: Window, qtbot, until: Until, sessions: Path) -> None:
    record(playing, qtbot, until)
    (folder,) = sessions.iterdir()
    assert f"The recording is in {folder}" in playing.notice_bar.text
    assert {"Verify", "Report", "Open folder"} <= set(buttons(playing))
    assert len(rows(folder)) >= 10
    assert not playing.user_actions.record.isChecked()
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


def test_the_banner_says_with_what_the_recording_was_started(playing: Window, until: Until) -> None:
    asked, said = iter([RecordingOptions(video=VideoKind.BLURRED)]), list[str]()
    playing.record_flow.options = lambda: next(asked, RecordingOptions())  # another choice a moment later
    playing.record_flow.began.connect(said.append)
    playing.user_actions.record.trigger()
    until(lambda: bool(said))
    assert said == [f"Recording numbers and picture ({VideoKind.BLURRED.value})"]
    finish(playing, until)


def test_where_a_recording_lies_is_still_said_when_the_video_ends_after_it(window: Window) -> None:
    notices, action = window.notices, window.user_actions.open_folder
    notices.hold()
    notices.release("12 s are saved.", action)
    notices.say_after_recording("The video has ended.")
    assert window.notice_bar.text == "12 s are saved. The video has ended."
    notices.clear()
    notices.say_after_recording("Another video has ended.")
    assert window.notice_bar.text == "Another video has ended."


def test_a_warning_is_still_said_when_the_video_ends_after_it(window: Window) -> None:
    notices = window.notices
    notices.say("There is no study.", warning=True)
    notices.say_after_recording("The video has ended.")
    assert window.notice_bar.text == "There is no study. The video has ended."
    notices.say("Something else.")
    notices.say_after_recording("Another video has ended.")
    assert window.notice_bar.text == "Another video has ended."
