"""Many files in several processes: the same rows as one after the other, and what is done is left out."""

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from app.analysis.analyze import Loader, analyze
from app.analysis.jobs import analyze_at_once, close_unfinished, not_done
from app.sessions.recorder import RecordError
from app.sessions.recover import unfinished
from tests.fakes import LONG, wait_for, write_video

ROOT = Path(__file__).parents[2]


def rows(out):
    """The rows of each session in `out`, by the name of its file."""
    said = {p.parent: json.loads(p.read_text()) for p in out.glob("*/session.json")}
    return {about["source"]["name"]: (folder / "faces.csv").read_bytes() for folder, about in said.items()}


def test_several_processes_give_the_same_bytes_and_name_what_failed(tmp_path, media, models, capsys):
    files = [
        media / "one-face.mp4",
        media / "two-people.mp4",
        tmp_path / "missing.mp4",
        media / "no-face.mp4",
    ]
    load = Loader(models, 4)
    assert analyze_at_once(files, tmp_path / "many", load, 4, 2) == 1
    said = capsys.readouterr()
    assert said.err.splitlines()[-1].startswith("2 of 4 files failed: ")
    assert "missing.mp4 does not exist" in said.err and "no face was found" in said.err
    assert "one-face.mp4: 72 frames" in said.out
    assert analyze(files[:2], tmp_path / "one", load, 4) == 0
    one, many = rows(tmp_path / "one"), rows(tmp_path / "many")
    assert set(many) == {"one-face.mp4", "two-people.mp4", "no-face.mp4"}
    assert all(many[name] == content for name, content in one.items())


def test_what_concerns_every_file_is_said_once(tmp_path, media, models):
    (tmp_path / "file").touch()
    with pytest.raises(RecordError, match="choose another folder"):
        analyze_at_once([media / "one-face.mp4"] * 3, tmp_path / "file", Loader(models, 4), 4, 1)


def test_what_is_done_is_left_out_until_something_changes(tmp_path, media, models, capsys):
    clip = tmp_path / "a.mp4"
    shutil.copy(media / "one-face.mp4", clip)
    other = write_video(tmp_path / "b.avi")
    out = tmp_path / "out"
    assert not_done([clip, other, tmp_path / "none"], out, models, 4) == [clip, other, tmp_path / "none"]
    analyze([clip], out, Loader(models, 4), 4)
    capsys.readouterr()
    copy = tmp_path / "renamed.mp4"
    shutil.copy(clip, copy)
    assert not_done([clip, copy, other], out, models, 4) == [other]  # by content, not by name
    assert "a.mp4: analysed already, see " in capsys.readouterr().out
    assert not_done([clip], out, models, 2) == [clip]
    card = models / "affect.toml"
    card.write_text(card.read_text().replace('sha256 = "', 'sha256 = "00'))
    assert not_done([clip], out, models, 4) == [clip]


@pytest.mark.parametrize("explained", [False, True])
def test_a_file_without_a_face_is_done_once_it_was_read_to_its_end(
    tmp_path, media, models, explained, capsys
):
    empty, cut = write_video(tmp_path / "empty.avi", 30), write_video(tmp_path / "cut.avi", 100, (320, 240))
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    out = tmp_path / "out"
    assert analyze([empty, cut], out, Loader(models, 4), 4, explained=explained) == 1
    said = capsys.readouterr().err
    assert "empty.avi: no face was found" in said and "cut.avi" in said and "cut off" in said
    assert not_done([empty, cut], out, models, 4, explained=explained) == [cut]
    assert "empty.avi: analysed already, see " in capsys.readouterr().out
    if not explained:
        assert not_done([empty], out, models, 4, explained=True) == [empty]


def test_sessions_that_somebody_edited_are_in_nobodys_way(tmp_path, media, models, capsys):
    clip = media / "one-face.mp4"
    analyze([clip], tmp_path, Loader(models, 4), 4)
    (path,) = tmp_path.glob("*/session.json")
    about = json.loads(path.read_text())
    path.write_text(json.dumps(about | {"settings": {"max_faces": "four"}}))
    assert not_done([clip], tmp_path, models, 4) == [clip]
    path.write_text(json.dumps(about | {"finished": False, "writer": None, "columns": None}))
    os.utime(path, (0, 0))
    os.utime(path.parent / "faces.csv", (0, 0))
    os.utime(path.parent / "events.csv", (0, 0))
    close_unfinished(tmp_path)
    assert "cannot be closed" in capsys.readouterr().err


def test_an_analysis_that_was_stopped_is_not_done(tmp_path, media, models):
    out = tmp_path / "out"
    analyze([media / "one-face.mp4"], out, Loader(models, 4), 4)
    (about,) = out.glob("*/session.json")
    said = json.loads(about.read_text())
    about.write_text(json.dumps(said | {"ended_by": "stop"}))
    assert not_done([media / "one-face.mp4"], out, models, 4) == [media / "one-face.mp4"]


ANALYZE = """
import signal, sys, time
from pathlib import Path
from app.analysis.analyze import Loader
from app.analysis.jobs import analyze_at_once
from app.sources.video import VideoFile

read = VideoFile.read

def read_and_wait(video):
    frame = read(video)
    if frame is not None and frame.index == 40 and video.path.name.startswith("signing"):
        while not signal.getsignal(signal.SIGINT).came:
            time.sleep(0.01)
    return frame

VideoFile.read = read_and_wait  # in each of the processes, too: they run this file
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have Ctrl-C ignored
    files = [Path(name) for name in sys.argv[3:]]
    sys.exit(analyze_at_once(files, Path(sys.argv[1]), Loader(Path(sys.argv[2]), 4), 4, 2))
"""


@pytest.fixture
def files(media):
    return [media / name for name in ("one-face.mp4", "signing-no.mkv", "signing-yes.mkv", "two-people.mp4")]


@pytest.fixture
def analysing(tmp_path, files, models):
    """Two processes on `files` into `out`: the first is done, the next two come to no end before Ctrl-C."""
    out, script = tmp_path / "out", tmp_path / "analyze_script.py"
    script.write_text(ANALYZE)
    process = subprocess.Popen(
        [sys.executable, str(script), str(out), str(models), *map(str, files)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        wait_for(lambda: sorted(finished(out)) == [False, False, True] or process.poll() is not None)
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def finished(out):
    """Of each session in `out`, whether it is finished."""
    return [json.loads(path.read_text())["finished"] for path in out.glob("*/session.json")]


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C of another process is a Unix thing")
def test_ctrl_c_closes_what_is_begun_and_begins_nothing(tmp_path, analysing):
    os.killpg(analysing.pid, signal.SIGINT)
    said = analysing.communicate(timeout=LONG)[1]
    assert said.count("Stopped. The rows of the first") == 2
    assert finished(tmp_path / "out") == [True] * 3


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_with_all_its_processes_it_goes_on_where_it_was(tmp_path, analysing, files, models, capsys):
    out = tmp_path / "out"
    os.killpg(analysing.pid, signal.SIGKILL)
    analysing.communicate(timeout=LONG)
    wait_for(lambda: len(list(unfinished(out))) == 2)  # the others die a moment after the first
    close_unfinished(out)
    assert capsys.readouterr().err.count("A recording was cut off") == 2
    assert not list(unfinished(out))
    assert not_done(files, out, models, 4) == files[1:]
    assert analyze(files[1:], out, Loader(models, 4), 4) == 0
    assert not_done(files, out, models, 4) == []
