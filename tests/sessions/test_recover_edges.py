"""What a recovery writes, counts and says, to the second and to the byte."""

import errno
import hashlib
import json
import math
import os
import socket
import sys
from pathlib import Path

import pytest

from app.sessions import recover as module
from app.sessions.info import SessionError
from app.sessions.mkv import MkvWriter, index
from app.sessions.recover import ENDED_BY, interrupted_sessions, is_interrupted, is_whole, recover
from app.sessions.schema.faces import HEADER
from app.sessions.writing_lock import WritingLock
from tests.made_session import describe

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="a Unix thing: links and rights of a file")
NAMES = HEADER.strip().split(",")
NOW = 1_800_000_000.0
EVENTS = "event,kind,text,time_s\n1,marker,a,0\n"


def line(**cells):
    return ",".join(str(cells.get(name, "")) for name in NAMES) + "\n"


ROWS = HEADER + line(frame=7, time_s=10.5, wall_utc="a") + line(frame=8, time_s=12.75, wall_utc="b")


def put(folder: Path, files=(), **changes) -> Path:
    """An interrupted session of two rows, whose `files` are others where they are given."""
    folder.mkdir()
    said = {"session.json": json.dumps(describe(finished=False, **changes)), "faces.csv": ROWS} | dict(files)
    for name, content in said.items():
        if content is not None:
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def video(path: Path, pictures=2, *, sealed=False) -> bytes:
    writer = MkvWriter(path, (64, 48), 30.0, "mien test")
    for i in range(pictures):
        writer.write(i / 10, b"\xff\xd8picture")
    if sealed:
        writer.close()
    return path.read_bytes()


def said(folder: Path) -> dict:
    return json.loads((folder / "session.json").read_text("utf-8"))


def hashed(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_all_that_is_written_and_told(tmp_path):
    folder = put(tmp_path / "s", {"events.csv": EVENTS, "session.json.1.tmp": "", "video.mkv.2.tmp": "",
                                  "events.csv.3.tmp": "", "mine.tmp": "", "mine": ""})  # fmt: skip
    found = recover(folder)
    assert (found.folder, found.frames, found.rows, found.seconds) == (folder, 2, 2, 2.25)
    assert (found.aside, found.lacks) == ((), "")
    assert said(folder) == describe(
        finished=True, finished_utc="b", ended_by=ENDED_BY, recovered=True, frames=2, rows=2,
        rows_sha256=hashed(folder / "faces.csv"), events_sha256=hashed(folder / "events.csv"),
    )  # fmt: skip
    assert (folder / "faces.csv").read_bytes() == ROWS.encode()
    assert {p.name for p in folder.iterdir()} == {
        "session.json",
        "faces.csv",
        "events.csv",
        "mine",
        "mine.tmp",
    }
    assert is_whole(folder)


@needs_posix
def test_only_the_owner_may_read_it(tmp_path):
    folder = put(tmp_path / "s")
    (folder / "session.json").chmod(0o644)
    old = os.umask(0)
    try:
        recover(folder)
    finally:
        os.umask(old)
    assert (folder / "session.json").stat().st_mode & 0o777 == 0o600
    assert said(folder)["events_sha256"] == ""


@needs_posix
@pytest.mark.parametrize("name", ["faces.csv", "events.csv"])
def test_a_link_that_appears_meanwhile_is_not_followed(tmp_path, monkeypatch, name):
    folder = put(tmp_path / "s", {"events.csv": EVENTS})
    video(folder / "video.mkv")

    def swap(_path):
        (folder / name).rename(tmp_path / "outside")
        (folder / name).symlink_to(tmp_path / "outside")
        return 0

    monkeypatch.setattr(module, "seal", swap)
    with pytest.raises(SessionError, match="cannot be closed \\(it is a link"):
        recover(folder)
    assert said(folder)["finished"] is False


# The cells of each row as far as a test sets them, then frames and seconds.
COUNTED = {
    "one row": ([{"frame": 3, "time_s": 5}], 1, 0.0),
    "two faces in a frame": ([{"frame": 3, "face": 1}, {"frame": 3, "face": 2}, {"frame": 4}], 2, 0.0),
    "without numbers": ([{"face": 1}, {"face": 2}, {"frame": 1}], 2, 0.0),
    "half a second": ([{"frame": 1, "time_s": 2}, {"frame": 2, "time_s": 2.5}], 2, 0.5),
    "back in time": ([{"frame": 1, "time_s": 2}, {"frame": 2, "time_s": 1.5}], 2, 0.0),
    "forever": ([{"frame": 1, "time_s": 0}, {"frame": 2, "time_s": "inf"}], 2, 0.0),
    "no time": ([{"frame": 1, "time_s": 1}, {"frame": 2, "time_s": "x"}], 2, 0.0),
    "a quoted comma": ([{"frame": 1, "time_s": 1}, {"frame": 2, "time_s": 4, NAMES[-1]: '"a,b"'}], 2, 3.0),
}


@pytest.mark.parametrize(("rows", "frames", "seconds"), COUNTED.values(), ids=COUNTED)
def test_frames_and_seconds_are_counted(tmp_path, rows, frames, seconds):
    found = recover(put(tmp_path / "s", {"faces.csv": HEADER + "".join(line(**cells) for cells in rows)}))
    assert (found.frames, found.rows, found.seconds) == (frames, len(rows), seconds)


def test_columns_may_stand_in_any_order(tmp_path):
    text = "".join(",".join(row.split(",")[::-1]) + "\n" for row in ROWS.split("\n")[:-1])
    more = text + text.splitlines(keepends=True)[-1].replace("12.75", "13.5")
    found = recover(put(tmp_path / "s", {"faces.csv": more}))
    assert (found.frames, found.rows, found.seconds) == (2, 3, 3.0)


def test_rows_without_numbers_of_frames_are_told_apart_by_their_first_cell(tmp_path):
    found = recover(put(tmp_path / "s", {"faces.csv": "a,b\n1,2\n1,3\n2,4\n"}))
    assert (found.frames, found.rows, found.seconds) == (2, 3, 0.0)
    assert said(tmp_path / "s")["finished_utc"] == ""


def test_rows_that_are_gone_begin_anew_with_their_columns(tmp_path):
    columns = [{"name": "frame"}, {"name": "time_s"}]
    for name, said_columns, header in (
        ("a", columns, "frame,time_s\n"),
        ("b", [], HEADER),
        ("c", None, HEADER),
    ):
        folder = put(tmp_path / name, {"faces.csv": None}, columns=said_columns)
        found = recover(folder)
        assert (folder / "faces.csv").read_text() == header
        assert (found.frames, found.rows, found.seconds, said(folder)["finished_utc"]) == (0, 0, 0.0, "")


def test_a_file_without_its_first_line_is_kept_only_where_lines_follow(tmp_path):
    damaged = b"event,\0\0\0\0,text\n1,marker\n"
    folder = put(tmp_path / "s", {"events.csv": damaged, "events-added.csv": b"\0\0eve"})
    found = recover(folder)
    assert found.aside == (folder / "events-rest.csv",) and found.aside[0].read_bytes() == damaged
    assert {p.name for p in folder.iterdir()} == {"session.json", "faces.csv", "events-rest.csv"}


def test_whole_lines_after_damage_are_named(tmp_path):
    folder = put(tmp_path / "s", {"events.csv": EVENTS + "\0\0\n2,marker,b,1\n"})
    assert recover(folder).aside == (folder / "events-rest.csv",)
    assert (folder / "events.csv").read_text() == EVENTS


@pytest.mark.parametrize("tail", [b"", b"\x1f\x43\xb6\x75torn", b"x\x1c\x53\xbb\x6b", bytes(9)])
@pytest.mark.parametrize("told", [{"kind": "clean", "quality": 90}, None])
def test_a_video_is_cut_and_completed(tmp_path, tail, told):
    folder = put(tmp_path / "s", video=told)
    content = video(folder / "video.mkv")
    video(tmp_path / "sealed.mkv", sealed=True)
    (folder / "video.mkv").write_bytes(content + tail)
    found = recover(folder)
    assert (found.aside, found.lacks) == ((), "")
    assert said(folder)["video"] == (told or {}) | {"file": "video.mkv", "codec": "MJPEG", "frames": 2}
    assert (folder / "video.mkv").read_bytes() == (tmp_path / "sealed.mkv").read_bytes()


def test_a_video_that_is_complete_or_empty_stays_as_it_is(tmp_path):
    for name, pictures, sealed in (("a", 3, True), ("b", 0, False)):
        folder = put(tmp_path / name)
        content = video(folder / "video.mkv", pictures, sealed=sealed)
        found = recover(folder)
        assert (found.aside, found.lacks, said(folder)["video"]["frames"]) == ((), "", pictures)
        assert (folder / "video.mkv").read_bytes() == content


@pytest.mark.parametrize("damage", [bytes(50), b"x\x1c\x53\xbb\x6b"])
def test_pictures_after_damage_are_set_aside(tmp_path, damage):
    folder = put(tmp_path / "s")
    content = video(folder / "video.mkv", 3)
    last = int(index(folder / "video.mkv").clusters[2])
    (folder / "video.mkv").write_bytes(content[:last] + damage + content[last:])
    found = recover(folder)
    assert found.aside == (folder / "video-rest.mkv",) and said(folder)["video"]["frames"] == 2
    assert found.aside[0].read_bytes() == damage + content[last:]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError(errno.EIO, "the disk fails"), "the disk fails"),
        (ValueError("odd"), "odd"),
        (LookupError("no"), "no"),
    ],
)
def test_a_video_that_cannot_be_completed_hinders_nothing(tmp_path, monkeypatch, error, why):
    folder = put(tmp_path / "s")
    content = video(folder / "video.mkv")

    def fails(_path):
        raise error

    monkeypatch.setattr(module, "seal", fails)
    assert recover(folder).lacks == f"its video.mkv could not be completed ({why})"
    assert said(folder)["finished"] is True and (folder / "video.mkv").read_bytes() == content


LONG = "x" * 300
DISK = "make the folder writable"
ERRORS = {
    "a disk": (OSError(errno.EIO, "the disk fails"), f"(the disk fails): {DISK}"),
    "a disk without a number": (OSError("power cut"), f"(power cut): {DISK}"),
    **{
        kind.__name__: (kind(LONG), f"({kind.__name__}: {LONG[:200]}): its files were edited")
        for kind in (ValueError, LookupError, TypeError, AttributeError)
    },
}


@pytest.mark.parametrize(("error", "why"), ERRORS.values(), ids=ERRORS)
def test_whatever_goes_wrong_is_one_sentence(tmp_path, monkeypatch, error, why):
    folder = put(tmp_path / "s")

    def fails(_info):
        raise error

    monkeypatch.setattr(module, "to_text", fails)
    with pytest.raises(SessionError) as raised:
        recover(folder)
    assert str(raised.value).startswith(
        f"The recording in {folder} was interrupted and cannot be closed {why}"
    )
    assert said(folder)["finished"] is False and not (folder / "recording.lock").exists()


def test_no_folder_of_that_name(tmp_path):
    there = "There is no session folder"
    for folder in (tmp_path / "none", Path("x" * 400)):
        with pytest.raises(SessionError) as raised:
            recover(folder)
        assert str(raised.value) == f"{there} {str(folder)[:300]}: name one that Mien recorded."


def test_one_that_is_written_now_is_left_alone(tmp_path):
    folder = put(tmp_path / "s")
    lock = WritingLock(folder)
    assert not is_interrupted(folder)
    with pytest.raises(SessionError, match="is still running: end it first"):
        recover(folder)
    lock.release()
    assert is_interrupted(folder)


@needs_posix
def test_a_lock_that_is_a_link_and_a_disk_without_locks(tmp_path, monkeypatch):
    linked = put(tmp_path / "a")
    (linked / "recording.lock").symlink_to(tmp_path / "outside")
    with pytest.raises(SessionError, match="cannot be closed \\(it is a link"):
        recover(linked)

    def refuse(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    assert recover(put(tmp_path / "b", {"recording.lock": ""})).rows == 2


@needs_posix
def test_what_cannot_be_looked_at_hides_no_other(tmp_path):
    sessions = tmp_path / "sessions"
    sessions.mkdir()
    good = [put(sessions / name) for name in ("5", "1", "3")]
    (put(sessions / "2") / "session.json").write_text("{")
    (put(sessions / "4") / "recording.lock").symlink_to(tmp_path / "outside")
    (sessions / "0").symlink_to(put(tmp_path / "elsewhere"))
    put(sessions / "6", {"session.json": json.dumps(describe(finished=True))})
    put(sessions / "7", {"session.json": json.dumps(describe(finished=None))})
    assert list(interrupted_sessions(sessions)) == sorted(good)


@pytest.mark.parametrize(
    ("writer", "changed", "interrupted"),
    [
        ({"host": "another"}, NOW - 59.5, False), ({"host": "another"}, NOW - 60.0, True),
        ({"host": "another"}, NOW + 59.5, False), ({"host": "another"}, NOW + 60.0, True),
        ({"host": socket.gethostname()}, NOW, True), ({"host": None}, NOW, True), ({}, NOW, True),
        ("another", NOW, True), (None, NOW, True),
    ],
)  # fmt: skip
def test_another_computer_is_given_a_minute(tmp_path, monkeypatch, writer, changed, interrupted):
    folder = put(tmp_path / "s", writer=writer)
    os.utime(folder / "session.json", (changed, changed))
    os.utime(folder / "faces.csv", (changed - 500, changed - 500))
    monkeypatch.setattr(module.time, "time", lambda: NOW)
    assert is_interrupted(folder) == interrupted


def test_nothing_is_recovered_of_what_is_whole_or_never_was_a_session(tmp_path):
    for name, finished in (("a", True), ("b", None)):
        folder = put(tmp_path / name, {"session.json": json.dumps(describe(finished=finished))})
        with pytest.raises(SessionError, match="is whole already: there is nothing to recover"):
            recover(folder)
    nothing = put(tmp_path / "c", {"session.json": None, "faces.csv": "a,b\n"})
    with pytest.raises(SessionError, match=r"has neither session\.json nor rows of a session"):
        recover(nothing)
    assert (nothing / "faces.csv").read_text() == "a,b\n"


@pytest.mark.parametrize("rows", [ROWS, "a,b\n1,2\n"])
def test_a_damaged_description_is_made_anew_only_from_rows_and_where_that_is_wanted(tmp_path, rows):
    folder = put(tmp_path / "s", {"session.json": "{", "faces.csv": rows})
    with pytest.raises(SessionError, match=r"session\.json is damaged"):
        recover(folder, rebuild=False)
    if rows == ROWS:
        found = recover(folder)
        assert found.aside == (folder / "session-rest.json",) and found.aside[0].read_text() == "{"
        assert said(folder)["source"]["name"] == "s" and said(folder)["started_utc"] == "a"
    else:
        with pytest.raises(SessionError, match=r"session\.json is damaged"):
            recover(folder)


def test_a_lost_description_is_made_anew(tmp_path):
    folder = put(tmp_path / "s", {"session.json": None})
    assert recover(folder, rebuild=False).aside == ()
    assert (said(folder)["source"]["name"], said(folder)["finished_utc"]) == ("s", "b")


def test_time_is_up_just_after_the_last_second(tmp_path, monkeypatch):
    def clock(*times):
        left = list(times)
        monkeypatch.setattr(module.time, "monotonic", lambda: left.pop(0) if len(left) > 1 else left[0])

    clock(100.0, 101.0)
    assert recover(put(tmp_path / "a"), seconds=1.0).rows == 2
    clock(100.0, 101.1)
    folder = put(tmp_path / "b")
    with pytest.raises(SessionError) as raised:
        recover(folder, 1.0)
    assert str(raised.value) == (
        f"The recording in {folder} was interrupted and is not closed yet (it takes more than 1 s): use mien "
        f"recover {folder}, which takes as long as it needs."
    )
    assert said(folder)["finished"] is False and recover(folder, math.inf).rows == 2


@pytest.mark.parametrize(("rows", "looks"), [(1, 0), (3, 0), (4, 1), (5, 1), (8, 2)])
def test_the_clock_is_looked_at_every_so_many_rows(tmp_path, monkeypatch, rows, looks):
    asked = []
    monkeypatch.setattr(module, "EVERY", 4)
    monkeypatch.setattr(module.time, "monotonic", lambda: asked.append(1) or 0.0)
    recover(put(tmp_path / "s", {"faces.csv": HEADER + line(frame=1) * rows}))
    assert len(asked) == looks + 2  # also at the beginning, and before it is closed


@needs_posix
def test_what_is_whole_has_its_rows_and_only_plain_files(tmp_path):
    done = {"session.json": json.dumps(describe(finished=True))}
    assert is_whole(put(tmp_path / "a", done)) is True
    assert is_whole(put(tmp_path / "b", {"faces.csv": None})) is False
    assert is_whole(put(tmp_path / "c", {"session.json": "{"})) is False
    with pytest.raises(SessionError, match=r"faces\.csv cannot be read"):
        is_whole(put(tmp_path / "d", done | {"faces.csv": None}))
    for name in ("faces.csv", "events.csv", "events-added.csv", "video.mkv"):
        folder = put(tmp_path / f"with {name}", done | {"faces.csv": None} if name == "faces.csv" else done)
        (folder / name).symlink_to(tmp_path / "a" / "faces.csv")
        with pytest.raises(SessionError, match=f"{name} cannot be read \\(it is a link"):
            is_whole(folder)
