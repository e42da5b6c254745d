"""A file of rows: whole lines on its own thread, its hash, and what an error or a deleted file leaves."""

import errno
import os
import sys
import threading

import pytest

from app.sessions import row_file
from app.sessions.header import sha256
from app.sessions.row_file import RowFile
from tests.fakes import LONG, Clock, wait_for

HALF_A_SECOND = row_file.EVERY


def test_a_crash_loses_little():
    assert HALF_A_SECOND == 0.5


@pytest.fixture(autouse=True)
def seldom(monkeypatch):
    """It writes only when it is made and when it is closed, unless a test says otherwise."""
    monkeypatch.setattr(row_file, "EVERY", LONG)


def refuse(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def writes(monkeypatch, *sizes):
    """Lets os.write take so many bytes in its next calls, and then fail."""
    real, sizes = os.write, list(sizes)
    monkeypatch.setattr(os, "write", lambda to, data: real(to, data[: sizes.pop(0)]) if sizes else refuse())


def test_the_header_is_written_at_once_and_the_rest_in_a_moment(tmp_path, monkeypatch):
    monkeypatch.setattr(row_file, "EVERY", 0.01)
    path = tmp_path / "rows.csv"
    rows = RowFile(path, "n\n")
    assert path.read_text() == "n\n" and rows.sha256 == sha256(path)
    rows.append("1\n2\n")
    rows.append("3\n")
    wait_for(lambda: path.read_text() == "n\n1\n2\n3\n")
    rows.append("ä\n")
    rows.close()
    rows.close()
    assert path.read_text(encoding="utf-8") == "n\n1\n2\n3\nä\n" and rows.sha256 == sha256(path)
    with pytest.raises(FileExistsError):
        RowFile(path, "n\n")


def test_a_file_whose_header_cannot_be_written_is_not_left_behind(tmp_path, monkeypatch):
    closed, real = [], os.close
    monkeypatch.setattr(os, "close", lambda handle: (closed.append(handle), real(handle)))
    monkeypatch.setattr(os, "write", refuse)
    with pytest.raises(OSError, match="No space left"):
        RowFile(tmp_path / "rows.csv", "n\n")
    assert not list(tmp_path.iterdir()) and len(closed) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not delete a file in use")
def test_a_header_that_cannot_be_written_is_the_error_also_where_the_file_is_gone(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "write", lambda *_: ((tmp_path / "rows.csv").unlink(), refuse()))
    with pytest.raises(OSError, match="No space left"):
        RowFile(tmp_path / "rows.csv", "n\n")


def test_what_the_disk_takes_in_parts_is_written_wholly(tmp_path, monkeypatch):
    rows = RowFile(tmp_path / "rows.csv", "n\n")
    rows.append("1\n2\n3\n")
    writes(monkeypatch, 1, 3, 2)
    rows.close()
    assert (tmp_path / "rows.csv").read_text() == "n\n1\n2\n3\n"


@pytest.mark.parametrize(("taken", "left"), [(0, ""), (1, ""), (2, "1\n"), (3, "1\n"), (4, "1\n")])
def test_after_an_error_the_file_ends_with_its_last_whole_line(tmp_path, monkeypatch, taken, left):
    rows = RowFile(tmp_path / "rows.csv", "n\n")
    rows.append("1\n22\n")
    writes(monkeypatch, taken) if taken else writes(monkeypatch)
    with pytest.raises(OSError, match="No space left"):
        rows.close()
    assert (tmp_path / "rows.csv").read_text() == f"n\n{left}"
    assert rows.sha256 == sha256(tmp_path / "rows.csv")
    with pytest.raises(OSError, match="No space left"):
        rows.append("3\n")
    with pytest.raises(OSError, match="No space left"):
        rows.close()


@pytest.mark.parametrize("line", ["\n", "1\n"])
def test_a_first_line_counts_however_short(tmp_path, monkeypatch, line):
    rows = RowFile(tmp_path / "rows.csv", "")
    rows.append(f"{line}22\n")
    writes(monkeypatch, len(line) + 1)
    with pytest.raises(OSError, match="No space left"):
        rows.close()
    assert (tmp_path / "rows.csv").read_text() == line


def test_lines_are_on_the_disk_itself_before_they_count(tmp_path, monkeypatch):
    synced, real = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda to: (synced.append(os.fstat(to).st_size), real(to)))
    rows = RowFile(tmp_path / "rows.csv", "n\n")
    assert synced == [2]
    rows.append("1\n")
    rows.close()
    assert synced == [2, 4]


def test_how_long_a_write_has_taken_is_known_while_it_takes(tmp_path, monkeypatch):
    clock, begun, go_on, real = Clock(), threading.Event(), threading.Event(), os.fsync
    clock.passed = 100.0
    monkeypatch.setattr(row_file, "time", clock)
    rows = RowFile(tmp_path / "rows.csv", "n\n")
    assert rows.stuck == 0.0
    monkeypatch.setattr(os, "fsync", lambda to: (begun.set(), go_on.wait(), real(to)))
    rows.append("1\n")
    closing = threading.Thread(target=rows.close)
    closing.start()
    assert begun.wait(LONG)
    clock.passed += 2.5
    assert rows.stuck == 2.5
    go_on.set()
    closing.join()
    assert rows.stuck == 0.0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not delete a file in use")
def test_a_file_that_was_deleted_is_an_error(tmp_path):
    rows = RowFile(tmp_path / "rows.csv", "n\n")
    (tmp_path / "rows.csv").unlink()
    rows.append("1\n")
    with pytest.raises(OSError, match="deleted") as raised:
        rows.close()
    assert raised.value.errno == errno.ENOENT


def test_a_program_that_ends_is_not_held_up_by_the_thread(tmp_path):
    before = set(threading.enumerate())
    rows = RowFile(tmp_path / "rows.csv", "n\n")
    (thread,) = set(threading.enumerate()) - before
    assert thread.daemon
    rows.close()
    assert not thread.is_alive()


def test_threads_may_write_at_once(tmp_path):
    rows = RowFile(tmp_path / "rows.csv", "n\n")
    threads = [
        threading.Thread(target=lambda k=k: [rows.append(f"{k}\n") for _ in range(500)]) for k in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows.close()
    lines = (tmp_path / "rows.csv").read_text().splitlines()
    assert lines[0] == "n" and sorted(lines[1:]) == sorted("0123" * 500)
    with pytest.raises(FileExistsError):
        RowFile(tmp_path / "rows.csv", "n\n")
