"""Room on the disk, on a real small file system where one can be mounted."""

import itertools
import os
import shutil
import threading
import time

import pytest

from app.playing.engine import Engine
from app.sessions import disk, row_file
from app.sessions import recorder as recorder_module
from app.sessions.disk import DiskWatch, Limits, free, in_words
from app.sessions.info import read_info
from app.sessions.recorder import Recorder, RecordError
from app.types import Result
from tests.fakes import LONG, FakeSource, face, result, wait_for
from tests.sessions.test_recorder import CAMERA, NO_LIMITS, whole_rows

MB = 1_000_000
EIGHT_MB = pytest.mark.parametrize("small_disk", ["8m"], indirect=True)


def test_sizes_in_words():
    assert [in_words(b) for b in (0, 12.4e6, 999e6, 1e9, 12.34e9)] == [
        "0 MB",
        "12 MB",
        "999 MB",
        "1.0 GB",
        "12.3 GB",
    ]


@EIGHT_MB
def test_below_one_limit_it_warns_and_below_the_other_it_stops_cleanly(small_disk, monkeypatch):
    monkeypatch.setattr(disk, "EVERY", 0.02)
    recorder = Recorder(small_disk, CAMERA, room=Limits(warn=5 * MB, stop=2 * MB))
    source = FakeSource(rate=100.0)  # slow enough not to fill the disk by itself
    engine = Engine(source, lambda frame: Result(frame, (face(),)), sinks=(recorder.append,))
    engine.start()
    wait_for(lambda: recorder.frames > 10)
    assert recorder.warning == ""
    (small_disk / "filler").write_bytes(bytes(4 * MB))
    wait_for(lambda: "make room, or the recording will stop" in recorder.warning)
    assert engine.failure(recorder.append) is None
    (small_disk / "more").write_bytes(bytes(int(2.5 * MB)))
    wait_for(lambda: engine.failure(recorder.append) is not None)
    error = engine.failure(recorder.append)
    assert isinstance(error, RecordError) and "make room" in str(error)
    engine.results.take()
    wait_for(lambda: engine.results.take() is not None)  # the picture runs on
    assert engine.running and engine.stop(LONG)
    info = read_info(recorder.folder / "session.json")
    assert info.finished and "make room" in info.ended_by
    assert len(whole_rows(recorder.csv)) == info.whole["rows"] == recorder.frames


@EIGHT_MB
def test_a_disk_that_is_filled_to_the_last_byte_leaves_whole_rows_and_events(small_disk, monkeypatch):
    monkeypatch.setattr(row_file, "EVERY", 0.02)
    recorder = Recorder(small_disk, CAMERA, room=NO_LIMITS)
    (small_disk / "filler").write_bytes(bytes(free(small_disk) - 100_000))
    for i in range(60):
        recorder.append(result(i, i / 30, face(i)))  # each face is an event, too
    wait_for(lambda: recorder.csv.read_text().count("\n") == 61)
    with pytest.raises(RecordError, match="No space left"):
        for i in itertools.count(60):
            recorder.append(result(i, i / 30, face(i)))
            time.sleep(0.0002)
    recorder.close()
    assert len(whole_rows(recorder.csv)) >= 60
    events = (recorder.folder / "events.csv").read_text()
    assert events.endswith("\n") and {line.count(",") for line in events.splitlines()} == {8}


def test_a_folder_that_is_gone_is_not_low_on_room(tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "EVERY", 0.01)
    folder = tmp_path / "there"
    folder.mkdir()
    watch = DiskWatch(folder, Limits(warn=float("inf"), stop=float("inf")))
    assert watch.low and watch.out
    shutil.rmtree(folder)
    wait_for(lambda: watch.free is None)
    assert not watch.low and not watch.out
    watch.close()


def test_a_disk_that_does_not_answer_is_said_and_then_forgotten(tmp_path, monkeypatch):
    gate = threading.Event()
    real = os.fsync
    recorder = Recorder(tmp_path, CAMERA, room=NO_LIMITS)
    monkeypatch.setattr(recorder_module, "SLOW", 0.1)
    monkeypatch.setattr(os, "fsync", lambda handle: (gate.wait(), real(handle)))
    recorder.append(result(0, 0.0, face()))
    wait_for(lambda: "does not answer; nothing is lost while Mien stays open" in recorder.warning)
    recorder.append(result(1, 0.1, face()))
    gate.set()
    wait_for(lambda: recorder.warning == "")
    recorder.close()
    assert len(whole_rows(recorder.csv)) == 2
