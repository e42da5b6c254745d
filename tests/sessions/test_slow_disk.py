"""A disk that takes seconds for a write: pictures may be left out, and that is said while it happens."""

import errno
import threading
import time

import pytest

from app.sessions import video_recorder
from app.sessions.mkv import index
from app.sessions.reading import RecordedSession
from app.sessions.recorder import Recorder
from app.sessions.sync_thread import SyncThread
from app.sessions.video_recorder import LATELY, ROOM, SYNC_EVERY, VideoKind, VideoRecorder
from app.system import clock
from tests.fakes import LONG, face, wait_for
from tests.sessions.test_recorder import CAMERA, NO_LIMITS
from tests.sessions.test_video_recorder import stripes


def test_pictures_that_are_left_out_are_said_at_once_and_counted_at_the_end(tmp_path, monkeypatch):
    answered, later = threading.Event(), [0.0]
    real, now = video_recorder.MkvWriter.write, clock.now
    monkeypatch.setattr(video_recorder.MkvWriter, "write", lambda *a: (answered.wait(LONG), real(*a)))
    monkeypatch.setattr(clock, "now", lambda: now() + later[0])
    recorder = Recorder(tmp_path, CAMERA, video=VideoKind.CLEAN, room=NO_LIMITS)
    for i in range(ROOM):
        recorder.append(stripes(i, i / 30, face(1)))
    assert recorder.warning == ""
    for i in range(ROOM, 40):
        recorder.append(stripes(i, i / 30, face(1)))
    missing = recorder.video.dropped
    assert 40 - ROOM - 1 <= missing <= 40 - ROOM
    assert recorder.warning.startswith(
        f"The disk or the computer is too slow for the video: {missing} of its pictures are missing, the"
    )
    later[0] = LATELY  # it has not happened any more since
    assert recorder.warning == ""
    answered.set()
    recorder.close()
    session = RecordedSession(recorder.folder)
    assert session.count() == 40 and session.info.video.dropped == missing
    said = [(event.text, event.origin) for event in session.events() if event.kind == "warning"]
    assert said == [
        ("too slow for the video: from here on some of its pictures are missing", "mien"),
        (f"{missing} pictures are missing in the video", "mien"),
    ]


def test_a_video_that_is_whole_says_nothing(tmp_path):
    recorder = Recorder(tmp_path, CAMERA, video=VideoKind.CLEAN, room=NO_LIMITS)
    recorder.append(stripes(0, 0.0, face(1)))
    assert recorder.warning == ""
    recorder.close()
    assert not [event for event in RecordedSession(recorder.folder).events() if event.kind == "warning"]


def test_no_picture_is_left_out_while_the_disk_takes_its_time_to_keep_them(tmp_path, monkeypatch):
    begun, answered = threading.Event(), threading.Event()
    monkeypatch.setattr(video_recorder.MkvWriter, "sync", lambda writer: (begun.set(), answered.wait(LONG)))
    video = VideoRecorder(tmp_path / "video.mkv", VideoKind.CLEAN, 30.0)
    for i in range(6 * SYNC_EVERY):
        video.append(stripes(i, i / 30, face(1)), i / 30)
        wait_for(lambda count=i + 1: video.written + video.dropped == count)
    assert begun.is_set() and not answered.is_set()
    assert (video.written, video.dropped) == (6 * SYNC_EVERY, 0)
    closing = threading.Thread(target=video.close)
    closing.start()
    closing.join(0.2)
    assert closing.is_alive()  # the disk has not answered yet
    answered.set()
    closing.join(LONG)
    assert not closing.is_alive() and video.error is None
    assert len(index(tmp_path / "video.mkv").times) == 6 * SYNC_EVERY


def test_a_disk_that_refuses_to_keep_pictures_ends_the_video(tmp_path, monkeypatch):
    def refuse(writer):
        raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(video_recorder.MkvWriter, "sync", refuse)
    video = VideoRecorder(tmp_path / "video.mkv", VideoKind.CLEAN, 30.0)
    end = time.monotonic() + LONG
    for i in range(10_000):
        video.append(stripes(i, i / 30, face(1)), i / 30)
        wait_for(lambda count=i + 1: video.written + video.dropped >= count or video.error is not None)
        if video.error is not None or time.monotonic() > end:
            break
    assert video.error is not None and video.error.errno == errno.EIO
    video.close()
    assert len(index(tmp_path / "video.mkv").times) == video.written


def test_what_is_written_during_a_sync_gets_one_more():
    begun, go_on, calls = threading.Semaphore(0), threading.Semaphore(0), []
    syncs = SyncThread(lambda: (calls.append(1), begun.release(), go_on.acquire(timeout=LONG)))
    syncs.ask()
    assert begun.acquire(timeout=LONG)
    for _ in range(100):
        syncs.ask()
    assert len(calls) == 1
    go_on.release()
    assert begun.acquire(timeout=LONG)
    go_on.release()
    syncs.close()
    assert len(calls) == 2


def test_the_error_of_a_sync_is_raised_to_who_asks_next_and_at_the_end():
    begun = threading.Event()

    def refuse():
        begun.set()
        raise OSError(errno.EIO, "input/output error")

    syncs = SyncThread(refuse)
    syncs.ask()
    assert begun.wait(LONG)
    with pytest.raises(OSError):
        syncs.close()
    with pytest.raises(OSError):
        syncs.ask()
