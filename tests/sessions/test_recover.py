"""A process that is really killed, at random moments, and what the next start makes of it."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import pytest

from app.sessions import recover
from app.sessions.header import sha256
from app.sessions.info import SessionError, read_info
from app.sessions.mkv import index
from app.sessions.reading import RecordedSession
from app.sessions.recorder import Recorder
from app.sessions.set_aside import cut
from tests.fakes import face, result, running, wait_for
from tests.sessions.test_recorder import CAMERA, NO_LIMITS, whole_rows

ROOT = Path(__file__).parents[2]

RECORD = """
import itertools, sys, time
from pathlib import Path
from app.sessions.recorder import Recorder
from app.sessions.video_recorder import VideoKind
from tests.fakes import face
from tests.sessions.test_recorder import CAMERA, NO_LIMITS
from tests.sessions.test_video_recorder import stripes
recorder = Recorder(Path(sys.argv[1]), CAMERA, video=VideoKind.CLEAN, room=NO_LIMITS)
for i in itertools.count():
    recorder.append(stripes(i, i / 200, face(1), face(1 + i // 20)))
    recorder.events.mark(f"marker, {i}", "key")
    time.sleep(0.005)
    while recorder.video.written + recorder.video.dropped <= i:
        time.sleep(0.001)
"""


def on_disk(folder):
    """Frames, markers and pictures that lie whole on the disk, of the session in `folder`."""
    rows, events = (
        b"".join(path.read_bytes() for path in folder.glob(name)) for name in ("*/faces.csv", "*/events.csv")
    )
    markers = events[: events.rfind(b"\n")].count(b",marker,")
    return rows.count(b"\n") // 2, markers, sum(len(index(path).times) for path in folder.glob("*/video.mkv"))


def recorded_until_killed(folder, frames):
    """What was on the disk when a process was killed that had brought so many `frames` there."""
    with running(RECORD, folder):
        wait_for(lambda: list(folder.glob("*/session.json")) and min(on_disk(folder)) >= frames)
        return on_disk(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("frames", [0, 1, *(random.Random(1).randrange(2, 500) for _ in range(2))])
def test_after_a_kill_the_session_is_found_and_closed_with_all_that_was_on_the_disk(tmp_path, frames):
    before = recorded_until_killed(tmp_path, frames)
    (folder,) = recover.interrupted_sessions(tmp_path)
    found = recover.recover(folder)
    recording = RecordedSession(folder)
    info = recording.info
    assert info.finished and info.whole["recovered"] and "stopped while recording" in info.ended_by
    assert info.whole["rows_sha256"] == sha256(recording.csv)
    rows = whole_rows(recording.csv)
    assert found.rows == info.whole["rows"] == len(rows) == 2 * found.frames
    markers = [event for event in recording.events() if event.kind == "marker"]
    assert all(marker.text.startswith("marker, ") for marker in markers)
    video = cv2.VideoCapture(str(folder / "video.mkv"))
    seen = 0
    while video.isOpened() and video.read()[0]:
        seen += 1
    assert seen == info.whole["video"]["frames"]
    assert found.frames >= before[0] and len(markers) >= before[1] and seen >= before[2]
    assert info.whole["video"]["kind"] == "clean"  # known from the first second
    assert list(recover.interrupted_sessions(tmp_path)) == []
    assert {p.name for p in folder.iterdir()} <= {"faces.csv", "events.csv", "session.json", "video.mkv"}


RECORD_AND_SAY = """
import sys, time
from pathlib import Path
from app.sessions.recorder import Recorder
from app.sessions.video_recorder import VideoKind
from tests.fakes import face
from tests.sessions.test_recorder import CAMERA, NO_LIMITS
from tests.sessions.test_video_recorder import stripes
recorder = Recorder(Path(sys.argv[1]), CAMERA, video=VideoKind.CLEAN, room=NO_LIMITS)
begun = time.perf_counter()
for i in range(100000):
    now = time.perf_counter() - begun
    recorder.append(stripes(i, now, face(1), face(1 + i // 20)))
    recorder.events.mark(f"marker, {i}", "key")
    print(i, now, flush=True)
    time.sleep(0.005)
"""


def appended_until_killed(folder, seconds):
    """Frames and times of all frames that a process had recorded when it was killed after `seconds`."""
    process = subprocess.Popen(
        [sys.executable, "-c", RECORD_AND_SAY, str(folder)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    appended = []
    for line in process.stdout:
        appended.append((int(line.split()[0]), float(line.split()[1])))
        if appended[-1][1] >= seconds:
            break
    os.kill(process.pid, signal.SIGKILL)
    process.stdout.read()
    process.stdout.close()
    process.wait()
    return appended


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("seed", range(4))
def test_after_a_kill_all_but_the_last_second_is_there(tmp_path, seed):
    appended = appended_until_killed(tmp_path, random.Random(seed).uniform(0.05, 2.5))
    (folder,) = recover.interrupted_sessions(tmp_path)
    found = recover.recover(folder)
    needed = [i for i, at in appended if at < appended[-1][1] - 1.0]
    markers = [event for event in RecordedSession(folder).events() if event.kind == "marker"]
    assert found.frames >= len(needed) and len(markers) >= len(needed)
    assert read_info(folder / "session.json").whole["video"]["frames"] >= len(needed)


def left(tmp_path, frames=5, **changes):
    """A session whose process is gone."""
    recorder = Recorder(tmp_path, CAMERA, room=NO_LIMITS)
    for i in range(frames):
        recorder.append(result(i, i / 10, face(), wall=1_700_000_000.0 + i / 10))
    recorder.close()
    path = recorder.folder / "session.json"
    info = json.loads(path.read_text())
    info |= {
        "finished": False,
        "finished_utc": "",
        "ended_by": "",
        "writer": {**info["writer"], "since": 1.0},
    }
    path.write_text(json.dumps(info | changes))
    return recorder.folder


def test_a_session_that_is_being_recorded_is_left_alone(tmp_path):
    recorder = Recorder(tmp_path, CAMERA, room=NO_LIMITS)
    assert list(recover.interrupted_sessions(tmp_path)) == []
    recorder.close()


def test_a_process_number_that_is_used_again_does_not_protect_it(tmp_path):
    folder = left(tmp_path)
    assert json.loads((folder / "session.json").read_text())["writer"]["pid"] == os.getpid()
    assert list(recover.interrupted_sessions(tmp_path)) == [folder]


def test_a_session_of_another_computer_is_left_alone_while_it_grows(tmp_path):
    folder = left(tmp_path, writer={"host": "another", "pid": 1, "since": 0.0})
    assert list(recover.interrupted_sessions(tmp_path)) == []
    long_ago = time.time() - 100
    for file in folder.iterdir():
        os.utime(file, (long_ago, long_ago))
    assert list(recover.interrupted_sessions(tmp_path)) == [folder]


@pytest.mark.parametrize("tail", [b"4,0.4", b"4,0.4,\n", b"\0" * 100, b"\0" * 50 + b"\n", b"\xff\xfe,"])
def test_a_torn_end_is_cut_off_and_nothing_else(tmp_path, tail):
    folder = left(tmp_path)
    rows = folder / "faces.csv"
    before = rows.read_bytes()
    rows.write_bytes(before + tail)
    found = recover.recover(folder)
    assert rows.read_bytes() == before and (found.rows, found.frames) == (5, 5)
    assert found.seconds == pytest.approx(0.4)
    assert read_info(folder / "session.json").whole["finished_utc"] == "2023-11-14T22:13:20.400Z"
    assert "0 s (5 rows)" in found.sentence() and str(folder) in found.sentence()


def test_quoted_commas_of_an_event_are_whole(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text('a,b,c\n1,"x, y",2\n1,"x, ')
    assert cut(path) is None and path.read_text() == 'a,b,c\n1,"x, y",2\n'


def test_killed_before_the_first_row(tmp_path):
    folder = left(tmp_path, frames=0)
    (folder / "faces.csv").unlink()
    (folder / "events.csv").unlink()
    (folder / "session.json.77.tmp").write_text("{")
    assert recover.recover(folder).rows == 0
    assert len(RecordedSession(folder).rows("frame")) == 0
    assert sorted(p.name for p in folder.iterdir()) == ["faces.csv", "session.json"]


@pytest.mark.parametrize("written", [b"", b"frame,time", bytes(40)], ids=["empty", "torn", "zeros"])
def test_killed_before_the_first_line_was_whole(tmp_path, written):
    folder = left(tmp_path, frames=0)
    header = (folder / "faces.csv").read_bytes()
    for name in ("faces.csv", "events.csv"):
        (folder / name).write_bytes(written)
    assert recover.recover(folder).rows == 0
    recording = RecordedSession(folder)
    assert (folder / "faces.csv").read_bytes() == header and len(recording.rows("frame")) == 0
    assert not (folder / "events.csv").exists() and list(recording.events()) == []


def test_a_first_line_with_zeros_in_it_is_no_first_line(tmp_path):
    folder = left(tmp_path)
    rows = folder / "faces.csv"
    header, *whole = rows.read_bytes().splitlines(keepends=True)
    damaged = header.replace(b"time_s", bytes(6)) + b"".join(whole)
    rows.write_bytes(damaged)
    found = recover.recover(folder)
    assert rows.read_bytes() == header and [path.read_bytes() for path in found.aside] == [damaged]


def test_a_session_whose_times_run_back_has_no_length(tmp_path):
    folder = left(tmp_path)
    text = (folder / "faces.csv").read_text()
    assert ",0.000000," in text
    (folder / "faces.csv").write_text(text.replace(",0.000000,", ",0.900000,", 1))
    assert recover.recover(folder).seconds == 0.0


def test_what_is_no_session_is_left_alone(tmp_path):
    for name, text in (("a", "{"), ("b", "[]"), ("c", '{"finished": false}')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "session.json").write_text(text)
    assert list(recover.interrupted_sessions(tmp_path)) == []
    assert list(recover.interrupted_sessions(tmp_path / "none")) == []


@pytest.mark.parametrize(
    "changes", [{"columns": None}, {"columns": []}, {"writer": {"since": None}}, {"writer": 1}, {"video": 5}]
)
def test_what_somebody_edited_and_nobody_needs_hinders_nothing(tmp_path, changes):
    folder = left(tmp_path, **changes)
    assert list(recover.interrupted_sessions(tmp_path)) == [folder]
    assert recover.recover(folder).rows == 5 and RecordedSession(folder).info.recovered


@pytest.mark.parametrize(
    "changes", [{"columns": [{}]}, {"source": None}, {"settings": {"max_faces": 10**9}}, {"models": 3}]
)
def test_one_that_somebody_edited_is_named_and_then_made_anew_from_its_rows(tmp_path, changes):
    folder = left(tmp_path, **changes)
    text = (folder / "session.json").read_bytes()
    with pytest.raises(SessionError, match="was edited and does not fit"):
        recover.recover(folder, rebuild=False)
    assert (folder / "session.json").read_bytes() == text
    found = recover.recover(folder)
    assert found.rows == 5 and RecordedSession(folder).info.source == "Desk-camera"
    assert [path.read_bytes() for path in found.aside] == [text]


def test_a_recovery_that_is_cut_off_can_be_repeated(tmp_path, monkeypatch):
    folder = left(tmp_path)
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)

    def die(*_, **__):
        raise OSError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(recover, "replace_text", die)
        with pytest.raises(SessionError, match="power cut"):
            recover.recover(folder)
    assert set(recover.interrupted_sessions(tmp_path)) == {folder, copy}
    assert recover.recover(folder).rows == recover.recover(copy).rows == 5
