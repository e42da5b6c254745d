"""A lock says whether a session is written: no clock, no process number, no name of a computer does."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.sessions import recover
from app.sessions.info import SessionError
from app.sessions.recorder import Recorder
from app.sessions.recover_all import recover_all
from app.sessions.writing_lock import WritingLock, is_written
from app.system.lock import LockedError
from tests.fakes import face, result
from tests.sessions.test_recorder import CAMERA, NO_LIMITS

ROOT = Path(__file__).parents[2]
OTHERS = {
    "a process that is gone": {"host": None, "pid": 2**22, "since": 0.0},
    "the clock was set on": {"since": 1.0},
    "the clock was set back": {"since": 4e9},
    "nothing": None,
}


@pytest.mark.parametrize("writer", OTHERS.values(), ids=OTHERS)
def test_whatever_its_file_says_a_running_recording_is_left_alone(tmp_path, writer):
    recorder = Recorder(tmp_path, CAMERA, room=NO_LIMITS)
    recorder.append(result(0, 0.0, face()))
    path = recorder.folder / "session.json"
    info = json.loads(path.read_text())
    path.write_text(json.dumps(info | {"writer": writer and info["writer"] | writer}))
    for file in recorder.folder.iterdir():
        os.utime(file, (0, 0))
    assert is_written(recorder.folder) and list(recover.interrupted_sessions(tmp_path)) == []
    with pytest.raises(SessionError, match="is still running: end it first"):
        recover.recover(recorder.folder)
    recorder.append(result(1, 0.1, face()))
    recorder.close()
    assert recorder.frames == 2 and not is_written(recorder.folder)
    assert not (recorder.folder / "recording.lock").exists()


def recover_elsewhere(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "app", "recover", str(folder)], capture_output=True, text=True, cwd=ROOT
    )
    return f"{done.returncode} {done.stdout}{done.stderr}"


def test_another_process_sees_it_too(tmp_path):
    recorder = Recorder(tmp_path, CAMERA, room=NO_LIMITS)
    assert "2 The recording in " in (said := recover_elsewhere(recorder.folder)) and "still running" in said
    recorder.close()
    assert recover_elsewhere(recorder.folder).startswith("0 The session in ")


def test_of_two_only_one_has_it(tmp_path):
    lock = WritingLock(tmp_path)
    with pytest.raises(LockedError):
        WritingLock(tmp_path)
    assert is_written(tmp_path)
    lock.release()
    lock.release()
    assert not is_written(tmp_path) and list(tmp_path.iterdir()) == []
    WritingLock(tmp_path).release()


@pytest.mark.skipif(sys.platform == "win32", reason="a Unix thing: pipes and links")
def test_a_lock_that_is_a_link_is_refused(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "recording.lock").symlink_to(tmp_path / "outside")
    with pytest.raises(OSError, match="it is a link"):
        WritingLock(folder)
    assert not (tmp_path / "outside").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a Unix thing: rights of a file")
def test_only_the_owner_may_look(tmp_path):
    old = os.umask(0)
    try:
        recorder = Recorder(tmp_path, CAMERA, room=NO_LIMITS, video=None)
        recorder.append(result(0, 0.0, face()))
        recorder.events.mark("a", "key")
        while_open = {p.name: p.stat().st_mode & 0o777 for p in recorder.folder.iterdir()}
        recorder.close()
    finally:
        os.umask(old)
    assert recorder.folder.stat().st_mode & 0o777 == 0o700
    assert set(while_open.values()) == {0o600} and len(while_open) == 4
    assert {p.stat().st_mode & 0o777 for p in recorder.folder.iterdir()} == {0o600}


@pytest.mark.skipif(sys.platform == "win32", reason="a Unix thing: how a disk says that it knows no locks")
def test_a_disk_that_knows_no_locks_is_recorded_on_and_recovered_by_hand(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    recorder = Recorder(tmp_path, CAMERA, room=NO_LIMITS)
    recorder.append(result(0, 0.0, face()))
    (named,) = recover_all(tmp_path)  # nobody can tell whether it is still written
    assert "No locks available" in named.sentence()
    recorder.close()
    assert not (recorder.folder / "recording.lock").exists() and list(recover_all(tmp_path)) == []
    path = recorder.folder / "session.json"
    path.write_text(path.read_text().replace('"finished": true', '"finished": false'))
    (recorder.folder / "recording.lock").touch()
    assert len(list(recover_all(tmp_path))) == 1 and recover.recover(recorder.folder).rows == 1
