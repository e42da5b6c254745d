"""A disk that takes seconds for a write: pictures may be left out, and that is said while it happens."""

import threading

from app.sessions import video_recorder
from app.sessions.reading import RecordedSession
from app.sessions.recorder import Recorder
from app.sessions.video_recorder import LATELY, ROOM, VideoKind
from app.system import clock
from tests.fakes import LONG, face
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
