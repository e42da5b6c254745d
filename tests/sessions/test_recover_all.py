"""One bad session never keeps another from being recovered, and what lies after damage is kept."""

import json
import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from app.sessions import recover_all as module
from app.sessions.reading import RecordedSession
from app.sessions.recover import Recovered, recover
from app.sessions.recover_all import NotRecovered, recover_all
from app.sessions.schema.files import INFO_FILE
from app.sessions.video_recorder import VideoKind
from tests.fakes import face
from tests.made_session import make_session
from tests.sessions.test_recorder import CAMERA, NO_LIMITS, Recorder
from tests.sessions.test_strangers import WRONG_INFO, WRONG_ROWS, spoilt
from tests.sessions.test_video_recorder import stripes

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="a Unix thing: pipes and links")


def interrupted(folder: Path, **changes) -> Path:
    return make_session(folder, frames=5, finished=False, **changes)


@pytest.mark.parametrize("what", sorted(set(WRONG_INFO) - {"empty", "zeros", "a newer format"}))
def test_a_session_json_that_cannot_be_is_named_and_the_others_are_recovered(tmp_path, what):
    bad = interrupted(tmp_path / "1 bad")
    spoilt(bad, INFO_FILE, WRONG_INFO[what])
    text = (bad / INFO_FILE).read_bytes()
    if b'"finished": true' in text:
        spoilt(bad, INFO_FILE, lambda old: old.replace(b'"finished": true', b'"finished": false'))
        text = (bad / INFO_FILE).read_bytes()
    good = interrupted(tmp_path / "2 good")
    named, done = recover_all(tmp_path)
    assert isinstance(named, NotRecovered) and named.folder == bad and named.sentence().count("\n") == 0
    assert len(named.sentence()) < 700 and (bad / INFO_FILE).read_bytes() == text
    assert isinstance(done, Recovered) and done.folder == good and done.rows == 10
    assert recover(bad).rows == 10 and RecordedSession(bad).info.recovered
    assert (bad / "session-rest.json").read_bytes() == text


@pytest.mark.parametrize("what", WRONG_ROWS)
def test_rows_that_cannot_be_hinder_no_other(tmp_path, what):
    spoilt(interrupted(tmp_path / "1 bad"), "faces.csv", WRONG_ROWS[what])
    good = interrupted(tmp_path / "2 good")
    assert good in [done.folder for done in recover_all(tmp_path) if isinstance(done, Recovered)]


@needs_posix
@pytest.mark.parametrize("name", ["session.json", "faces.csv", "events.csv", "video.mkv", "recording.lock"])
@pytest.mark.parametrize("put", ["pipe", "link", "folder"])
def test_what_is_no_plain_file_hinders_no_other_and_is_left_as_it_is(tmp_path, name, put):
    outside = tmp_path / "outside"
    outside.write_bytes(b"a,b\n1,2\ntorn")
    sessions = tmp_path / "sessions"
    path = interrupted(sessions / "1 bad") / name
    path.unlink(missing_ok=True)
    {"pipe": os.mkfifo, "link": lambda p: p.symlink_to(outside), "folder": Path.mkdir}[put](path)
    good = interrupted(sessions / "2 good")
    begun = time.perf_counter()
    done = {found.folder: found for found in recover_all(sessions)}
    assert isinstance(done[good], Recovered) and time.perf_counter() - begun < 10
    assert outside.read_bytes() == b"a,b\n1,2\ntorn" and path.lstat()
    if name == "video.mkv":
        assert "video.mkv could not be completed (it is a " in done[path.parent].sentence()
    elif path.parent in done:
        assert isinstance(done[path.parent], NotRecovered) and "it is a " in done[path.parent].sentence()


@needs_posix
def test_a_folder_that_is_a_link_is_not_followed(tmp_path):
    elsewhere = interrupted(tmp_path / "elsewhere" / "made")
    sessions = tmp_path / "sessions"
    sessions.mkdir()
    (sessions / "linked").symlink_to(elsewhere)
    assert list(recover_all(sessions)) == []
    assert json.loads((elsewhere / INFO_FILE).read_text())["finished"] is False


def test_a_disk_that_does_not_answer_is_left_behind(tmp_path, monkeypatch):
    stuck, good = interrupted(tmp_path / "1 stuck"), interrupted(tmp_path / "2 good")
    real = module.row_columns
    monkeypatch.setattr(module, "row_columns", lambda f: time.sleep(60) if f == stuck else real(f))
    named, done = recover_all(tmp_path, seconds=0.2, answer=1.0)
    assert (named.folder, done.folder) == (stuck, good)
    assert "its disk does not answer" in named.sentence() and f"mien recover {stuck}" in named.sentence()


def test_a_fault_of_the_program_is_no_disk_that_does_not_answer(tmp_path, monkeypatch):
    make_session(tmp_path / "s", frames=3, finished=False)

    def fails(*_args, **_kwargs):
        raise RecursionError("too deep")

    monkeypatch.setattr(module, "recover", fails)
    (found,) = recover_all(tmp_path)
    assert isinstance(found, NotRecovered) and "RecursionError: too deep" in found.sentence()


def test_what_takes_too_long_is_named_and_can_be_done_by_hand(tmp_path, monkeypatch):
    folder = make_session(tmp_path / "long", frames=900, finished=False)
    (named,) = recover_all(tmp_path, seconds=0.0)
    assert "takes more than 0 s" in named.sentence() and f"mien recover {folder}" in named.sentence()
    assert not (folder / "recording.lock").exists()
    assert recover(folder).rows == 1785


@pytest.mark.parametrize("left", [None, b"", bytes(4096), b"\n"], ids=["missing", "empty", "zeros", "blank"])
def test_a_session_whose_description_was_lost_is_made_anew_from_its_rows(tmp_path, left):
    folder = interrupted(tmp_path / "20260301T093000Z-Desk-camera", events="")
    (folder / INFO_FILE).unlink()
    if left is not None:
        (folder / INFO_FILE).write_bytes(left)
    rows = (folder / "faces.csv").read_bytes()
    (done,) = recover_all(tmp_path)
    assert isinstance(done, Recovered) and done.rows == 10 and (folder / "faces.csv").read_bytes() == rows
    session = RecordedSession(folder)
    assert session.info.finished and session.info.recovered and session.info.source == "Desk-camera"
    assert session.info.live and session.info.started_utc == "2026-03-01T09:30:00.000Z"
    assert list(recover_all(tmp_path)) == []


@pytest.mark.parametrize("content", [{"a.txt": "x"}, {"faces.csv": "a,b\n1,2\n"}, {"session.json": "{"}, {}])
def test_what_is_no_session_is_left_alone(tmp_path, content):
    (tmp_path / "other").mkdir()
    for name, text in content.items():
        (tmp_path / "other" / name).write_text(text)
    assert list(recover_all(tmp_path)) == []
    assert {p.name: p.read_text() for p in (tmp_path / "other").iterdir()} == content


@pytest.mark.parametrize("damage", [bytes(700), b"\0" * 40 + b"\n", b"1,2\n", b"\xff" * 9 + b"\n"])
@pytest.mark.parametrize("name", ["faces.csv", "events.csv"])
def test_whole_lines_after_damage_are_set_aside(tmp_path, name, damage):
    events = "event,kind,text,time_s\n" + "".join(f"{i},marker,m{i},{i}\n" for i in range(1, 9))
    folder = interrupted(tmp_path / "made", events=events)
    before = (folder / name).read_bytes()
    lines = before.splitlines(keepends=True)
    head, tail = b"".join(lines[:4]), b"".join(lines[4:])
    (folder / name).write_bytes(head + damage + tail)
    done = recover(folder)
    (aside,) = done.aside
    assert (folder / name).read_bytes() == head and aside.read_bytes() == damage + tail
    assert aside.name in done.sentence() and "what lay after damage is in" in done.sentence()


@pytest.mark.parametrize("torn", [b"4,0.4", bytes(99), b"4,0.4" + bytes(99), bytes(99) + b"\n" + bytes(9)])
def test_only_a_torn_line_and_zeros_are_thrown_away(tmp_path, torn):
    folder = interrupted(tmp_path / "made")
    before = (folder / "faces.csv").read_bytes()
    (folder / "faces.csv").write_bytes(before + torn)
    done = recover(folder)
    assert done.aside == () and (folder / "faces.csv").read_bytes() == before


def test_pictures_after_damage_are_set_aside(tmp_path):
    recorder = Recorder(tmp_path, CAMERA, room=NO_LIMITS, video=VideoKind.CLEAN)
    for i in range(9):
        recorder.append(stripes(i, i / 10, face(1)))
        while recorder.video.written <= i:
            time.sleep(0.001)
    path = recorder.folder / "video.mkv"
    open_file = path.read_bytes()
    recorder.close()
    spoilt(recorder.folder, INFO_FILE, lambda old: old.replace(b'"finished": true', b'"finished": false'))
    third = [i for i in range(len(open_file)) if open_file.startswith(b"\x1f\x43\xb6\x75", i)][3]
    path.write_bytes(open_file[:third] + bytes(200) + open_file[third + 200 :])
    done = recover(recorder.folder)
    (aside,) = done.aside
    assert RecordedSession(recorder.folder).info.video.frames == 3
    assert aside.read_bytes() == bytes(200) + open_file[third + 200 :]


def test_a_copy_of_a_folder_can_be_recovered_twice(tmp_path):
    folder = interrupted(tmp_path / "made")
    shutil.copytree(folder, tmp_path / "copy")
    assert len(list(recover_all(tmp_path))) == 2 and list(recover_all(tmp_path)) == []
