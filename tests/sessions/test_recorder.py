import csv
import errno
import itertools
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from app.playing.engine import Engine
from app.sessions import row_file
from app.sessions.disk import Limits
from app.sessions.header import SessionHeader
from app.sessions.recorder import Recorder, RecordError
from app.sessions.recover import cut
from app.sessions.schema.faces import COLUMNS, HEADER
from app.sessions.video_recorder import VideoKind
from app.sources.source import Mode
from app.types import Result
from tests.fakes import LONG, FakeSource, face, result, running, wait_for

ROOT = Path(__file__).parents[2]
NO_LIMITS = Limits(0, 0)
CAMERA = SessionHeader("Desk camera", True, Mode(1280, 720, 30.0, "MJPG"), (), 4, True)


def read(recorder):
    with recorder.csv.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def info(recorder):
    return json.loads((recorder.folder / "session.json").read_text(encoding="utf-8"))


def test_a_session_is_a_folder_with_its_rows_and_what_they_mean(tmp_path):
    recorder = Recorder(tmp_path, CAMERA)
    recorder.append(result(10, 50.0, face(1), face(2), wall=1_700_000_000.0))
    recorder.append(result(12, 50.04, dropped=1))
    recorder.close()
    rows = read(recorder)
    # Time counts from the session's first frame.
    assert [(r["frame"], r["time_s"], r["face"], r["status"]) for r in rows] == [
        ("10", "0.000000", "1", "ok"),
        ("10", "0.000000", "2", "ok"),
        ("12", "0.040000", "", "no_face"),
    ]
    assert float(rows[0]["latency_ms"]) > 0
    said = info(recorder)
    assert said["finished"] and said["ended_by"] == "stop" and (said["frames"], said["rows"]) == (2, 3)
    assert said["source"] == {
        "name": "Desk camera", "live": True, "width": 1280, "height": 720, "rate": 30.0, "format": "MJPG"
    }  # fmt: skip
    assert [c["name"] for c in said["columns"]] == list(rows[0]) == [c.name for c in COLUMNS]
    assert said["settings"] == {"max_faces": 4, "smoothing": True, "search": 5, "detector": "onnx"}
    assert said["started_utc"].endswith("Z")
    assert sorted(p.name for p in recorder.folder.iterdir()) == ["events.csv", "faces.csv", "session.json"]


def test_it_says_what_it_is_from_the_first_second_and_that_it_is_not_finished(tmp_path):
    recorder = Recorder(tmp_path, CAMERA)
    assert info(recorder)["finished"] is False and info(recorder)["columns"]
    assert recorder.csv.read_text() == HEADER
    recorder.close()


def test_models_are_named_with_their_hashes(tmp_path, models):
    from app.stages.cards import read_card

    card = read_card(models / "eyes.toml")
    recorder = Recorder(tmp_path, SessionHeader("a", False, Mode(1, 1, 1.0, ""), (card,), 1, False))
    recorder.close()
    (model,) = info(recorder)["models"]
    assert model["name"] == "eyes" and model["sha256"] == card.sha256 and "command" in model["measured"]


def test_a_file_keeps_its_own_times_and_an_analysis_has_no_latency(tmp_path):
    recorder = Recorder(
        tmp_path, SessionHeader("c.mp4", False, Mode(4, 4, 30.0, ""), (), 4, True), latency=False
    )
    recorder.append(result(3, 0.1, face()))
    recorder.close("end of file")
    (row,) = read(recorder)
    assert row["time_s"] == "0.100000" and row["latency_ms"] == row["wall_utc"] == ""
    assert info(recorder)["ended_by"] == "end of file"


def test_no_session_overwrites_another(tmp_path):
    recorders = [Recorder(tmp_path, CAMERA) for _ in range(5)]
    assert len({r.folder for r in recorders}) == 5
    for recorder in recorders:
        recorder.close()


@pytest.mark.parametrize("name", ["../../etc/x", "a/b\\c:d*?", "...", "Ümläut 1", "x" * 300])
def test_any_name_makes_a_folder_inside(tmp_path, name):
    recorder = Recorder(tmp_path, SessionHeader(name, True, Mode(1, 1, 1.0, ""), (), 1, True))
    recorder.close()
    assert recorder.folder.parent == tmp_path and recorder.folder.is_dir()


def test_rows_reach_the_disk_within_a_second_without_closing(tmp_path):
    assert row_file.EVERY <= 0.5
    recorder = Recorder(tmp_path, CAMERA)
    for i in range(3):
        begun = time.perf_counter()
        recorder.append(result(i, i / 30, face()))
        wait_for(lambda i=i: len(read(recorder)) == i + 1)
        assert time.perf_counter() - begun < 1.0
    recorder.close()


def test_after_closing_nothing_is_written_and_nothing_fails(tmp_path):
    recorder = Recorder(tmp_path, CAMERA)
    recorder.close()
    recorder.append(result(0, 0.0, face()))
    recorder.close()
    assert read(recorder) == []


@pytest.mark.parametrize("folder", ["a file/sessions", "proc"])
def test_a_folder_that_cannot_be_written(tmp_path, folder):
    (tmp_path / "a file").touch()
    where = Path("/proc/sessions") if folder == "proc" else tmp_path / folder
    with pytest.raises(RecordError, match=r"Nothing can be recorded in .*: choose another folder\.$"):
        Recorder(where, CAMERA)


def whole_rows(csv_path):
    """The rows after checking that each is whole."""
    text = csv_path.read_text(encoding="utf-8")
    assert text.endswith("\n")
    lines = text.splitlines()
    assert lines[0] + "\n" == HEADER and {line.count(",") for line in lines} == {len(COLUMNS) - 1}
    return lines[1:]


def record_until_it_fails(recorder):
    for i in itertools.count():
        recorder.append(result(i, i / 30, face()))
        time.sleep(0.0005)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are a Unix thing")
def test_a_file_that_cannot_grow_ends_with_its_last_whole_row(tmp_path, monkeypatch):
    monkeypatch.setattr(row_file, "EVERY", 0.02)
    recorder = Recorder(tmp_path, CAMERA)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(RecordError, match="free some space"):
            record_until_it_fails(recorder)
        recorder.append(result(0, 0.0))  # said once
        recorder.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert len(whole_rows(recorder.csv)) > 20 and info(recorder)["finished"] is False


def test_a_full_disk_ends_the_recording_but_not_the_picture(small_disk, monkeypatch):
    monkeypatch.setattr(row_file, "EVERY", 0.02)
    recorder = Recorder(small_disk, CAMERA, room=NO_LIMITS)
    engine = Engine(FakeSource(), lambda frame: Result(frame, (face(),)), sinks=(recorder.append,))
    engine.start()
    wait_for(lambda: engine.failure(recorder.append) is not None)
    error = engine.failure(recorder.append)
    assert isinstance(error, RecordError) and "No space left" in str(error)
    engine.results.take()
    wait_for(lambda: engine.results.take() is not None)
    assert engine.running and engine.stop(LONG)
    recorder.close()
    assert len(whole_rows(recorder.csv)) > 20


def test_a_disk_that_was_full_from_the_start(small_disk):
    (small_disk / "filler").write_bytes(b"x" * 60_000)
    with pytest.raises(RecordError, match="No space left"):
        Recorder(small_disk, CAMERA, room=NO_LIMITS)
    with pytest.raises(RecordError, match="only 0 MB are free"):
        Recorder(small_disk, CAMERA)
    assert [p.name for p in small_disk.iterdir()] == ["filler"]  # no empty session is left behind


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not delete a file in use")
def test_a_folder_that_vanishes_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(row_file, "EVERY", 0.02)
    recorder = Recorder(tmp_path, CAMERA)
    shutil.rmtree(recorder.folder)
    with pytest.raises(RecordError, match="is not there any more") as raised:
        record_until_it_fails(recorder)
    assert "whole" not in str(raised.value)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not delete a file in use")
@pytest.mark.parametrize("gone", ["", "faces.csv", "events.csv"])
def test_what_vanished_after_the_last_row_is_not_called_whole(tmp_path, monkeypatch, gone):
    monkeypatch.setattr(row_file, "EVERY", 0.02)
    recorder = Recorder(tmp_path, CAMERA)
    recorder.append(result(0, 0.0, face()))
    wait_for(
        lambda: (
            len(whole_rows(recorder.csv)) == 1
            and "face_appeared" in (recorder.folder / "events.csv").read_text()
        )
    )
    shutil.rmtree(recorder.folder) if not gone else (recorder.folder / gone).unlink()
    with pytest.raises(RecordError, match="is not there any more") as raised:
        recorder.close()
    assert "whole" not in str(raised.value) and str(recorder.folder / gone) in str(raised.value)


def test_a_slow_disk_delays_nobody_and_loses_nothing(tmp_path, monkeypatch):
    real, stuck, free = os.fsync, threading.Event(), threading.Event()
    recorder = Recorder(tmp_path, CAMERA)
    monkeypatch.setattr(os, "fsync", lambda handle: (stuck.set(), free.wait(LONG), real(handle)))
    recorder.append(result(0, 0.0, face()))
    assert stuck.wait(LONG)
    begun = time.perf_counter()
    for i in range(1, 200):
        recorder.append(result(i, i / 30, face()))
    assert time.perf_counter() - begun < LONG  # the disk has not answered yet
    free.set()
    recorder.close()
    assert len(read(recorder)) == 200


def test_an_error_while_closing_is_said(tmp_path, monkeypatch):
    recorder = Recorder(tmp_path, CAMERA)
    recorder.append(result(0, 0.0, face()))

    def refuse(*_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "write", refuse)
    with pytest.raises(RecordError, match="Input/output error"):
        recorder.close()


def test_after_an_error_nothing_is_left_open(tmp_path, monkeypatch):
    before = set(threading.enumerate())
    recorder = Recorder(tmp_path, CAMERA, video=VideoKind.CLEAN)
    monkeypatch.setattr("app.sessions.recorder.rows", refuse)
    with pytest.raises(RecordError, match="No space left"):
        recorder.append(result(0, 0.0, face()))
    recorder.close()
    recorder.close()
    wait_for(lambda: set(threading.enumerate()) <= before)


def refuse(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


RECORD_FOR_EVER = """
import sys, time
from pathlib import Path
from app.sessions.recorder import Recorder
from tests.fakes import face, result
from tests.sessions.test_recorder import CAMERA
recorder = Recorder(Path(sys.argv[1]), CAMERA)
for i in range(100000):
    recorder.append(result(i, time.perf_counter(), face()))
    time.sleep(0.002)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_process_loses_nothing_that_was_on_the_disk(tmp_path):
    with running(RECORD_FOR_EVER, tmp_path):
        wait_for(lambda: any(path.stat().st_size > 100_000 for path in tmp_path.glob("*/faces.csv")))
        (folder,) = tmp_path.iterdir()
        before = (folder / "faces.csv").read_bytes()
    cut(folder / "faces.csv")  # the kill may have come in the middle of a write
    rows = whole_rows(folder / "faces.csv")
    assert len(rows) > 100 and (folder / "faces.csv").read_bytes().startswith(before)
    said = json.loads((folder / "session.json").read_text())
    assert said["finished"] is False and said["columns"]


RECORD_AND_SAY = """
import sys, time
from pathlib import Path
from app.sessions.recorder import Recorder
from tests.fakes import face, result
from tests.sessions.test_recorder import CAMERA
recorder = Recorder(Path(sys.argv[1]), CAMERA)
for i in range(100000):
    recorder.append(result(i, time.perf_counter(), face()))
    print(i, time.perf_counter(), flush=True)
    time.sleep(0.01)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_process_loses_at_most_the_last_second(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", RECORD_AND_SAY, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    appended = []
    for line in process.stdout:
        appended.append(tuple(map(float, line.split())))
        # Between two writes, which come every 0.5 s: one that is cut short leaves a part of a line, and that
        # recovery cuts it off is tested with recovery.
        if appended[-1][1] - appended[0][1] > 2.25:
            os.kill(process.pid, signal.SIGKILL)
            break
    process.stdout.read()
    process.wait()
    process.stdout.close()
    (folder,) = tmp_path.iterdir()
    rows = whole_rows(folder / "faces.csv")
    last_needed = max(i for i, at in appended if at < appended[-1][1] - 1.0)
    assert len(rows) >= last_needed
    said = json.loads((folder / "session.json").read_text())
    assert said["finished"] is False and said["columns"]
