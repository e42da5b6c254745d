"""Who has the lock of a session, who hasn't, and what is left of it."""

import errno
import sys

import pytest

from app.sessions import writing_lock as module
from app.sessions.writing_lock import WritingLock, is_written
from app.system.lock import LockedError

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="a Unix thing: how a disk refuses a lock")


def test_its_file_is_there_as_long_as_it_is_held(tmp_path):
    assert not is_written(tmp_path)
    lock = WritingLock(tmp_path)
    assert (tmp_path / "recording.lock").is_file() and is_written(tmp_path)
    with pytest.raises(LockedError):
        WritingLock(tmp_path)
    lock.release()
    assert list(tmp_path.iterdir()) == [] and not is_written(tmp_path)


def test_one_that_a_crash_left_is_free_and_can_be_taken(tmp_path):
    (tmp_path / "recording.lock").touch()
    assert not is_written(tmp_path) and (tmp_path / "recording.lock").exists()
    lock = WritingLock(tmp_path)
    assert is_written(tmp_path)
    lock.release()
    assert list(tmp_path.iterdir()) == []


def test_to_give_it_back_twice_takes_it_from_nobody(tmp_path):
    first = WritingLock(tmp_path)
    first.release()
    second = WritingLock(tmp_path)
    first.release()
    assert (tmp_path / "recording.lock").exists() and is_written(tmp_path)
    second.release()
    assert not is_written(tmp_path)


@needs_posix
def test_its_file_may_be_gone_when_it_is_given_back(tmp_path):
    lock = WritingLock(tmp_path)
    (tmp_path / "recording.lock").unlink()
    lock.release()
    assert list(tmp_path.iterdir()) == []


def test_another_process_that_was_faster_has_it(tmp_path, monkeypatch):
    (tmp_path / "recording.lock").touch()
    monkeypatch.setattr(module, "is_there", lambda _path: False)  # as it was a moment before
    for needed in (True, False):
        with pytest.raises(LockedError):
            WritingLock(tmp_path, needed=needed)
    assert (tmp_path / "recording.lock").exists()


@needs_posix
def test_a_disk_without_locks_is_told_where_one_is_needed(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(OSError, match="No locks available"):
        WritingLock(tmp_path)
    with pytest.raises(OSError, match="No locks available"):
        is_written(tmp_path)
    WritingLock(tmp_path, needed=False).release()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_cannot_be_written(tmp_path):
    for needed in (True, False):
        with pytest.raises(FileNotFoundError):
            WritingLock(tmp_path / "none", needed=needed)
