"""Many files in several processes: the same rows as one after the other, also after Ctrl-C and a kill."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.analysis import parallel
from app.analysis.analyze import analyze
from app.analysis.options import AnalysisOptions
from app.analysis.parallel import analyze_in_parallel
from app.analysis.resume import close_interrupted, not_analyzed
from app.sessions.recorder import RecordError
from app.sessions.recover import interrupted_sessions
from app.stages.detectors import DEFAULT_DETECTOR
from app.types import Result
from tests.fakes import LONG, wait_for

ROOT = Path(__file__).parents[2]


def rows(out):
    """The rows of each session in `out`, by the name of its file."""
    said = {p.parent: json.loads(p.read_text()) for p in out.glob("*/session.json")}
    return {about["source"]["name"]: (folder / "faces.csv").read_bytes() for folder, about in said.items()}


def plain_picture(path, grey):
    path.write_bytes(cv2.imencode(".png", np.full((16, 16, 3), grey, np.uint8))[1].tobytes())
    return path


def test_several_processes_give_the_same_bytes_and_name_what_failed(tmp_path, clips, models, capsys):
    nobody = plain_picture(tmp_path / "nobody.png", 128)
    files = [clips / "one-face.jpg", clips / "two-faces.mp4", tmp_path / "missing.mp4", nobody]
    assert analyze_in_parallel(files, AnalysisOptions(tmp_path / "many", models), 2) == 1
    said = capsys.readouterr()
    assert said.err.splitlines()[-1].startswith("1 of 4 files failed: ")
    assert "missing.mp4 does not exist" in said.err and "two-faces.mp4: 60 frames" in said.out
    assert "No face was found in 1 frame." in said.out and "nobody.png" not in said.err
    assert analyze(files[:2], AnalysisOptions(tmp_path / "one", models)) == 0
    one, many = rows(tmp_path / "one"), rows(tmp_path / "many")
    assert set(many) == {"one-face.jpg", "two-faces.mp4", "nobody.png"}
    assert all(many[name] == content for name, content in one.items())


def test_what_concerns_every_file_is_said_once(tmp_path, clips, models):
    (tmp_path / "file").touch()
    with pytest.raises(RecordError, match="choose another folder"):
        analyze_in_parallel([clips / "one-face.jpg"] * 3, AnalysisOptions(tmp_path / "file", models), 1)


class NoPipeline:
    """Finds nobody, without any network."""

    cards = ()
    detector = DEFAULT_DETECTOR

    def process(self, frame):
        return Result(frame, ())

    def close(self):
        pass


def load_none(still):
    assert still
    return NoPipeline()


def test_more_files_than_two_processes_may_have_are_all_analysed(tmp_path, models, monkeypatch, capsys):
    monkeypatch.setattr(parallel, "FILES_A_PROCESS", 3)
    pictures = [plain_picture(tmp_path / f"{i}.png", i) for i in range(7)]
    options = AnalysisOptions(tmp_path / "out", models)
    assert analyze_in_parallel(pictures, options, 2, load_none) == 0
    assert capsys.readouterr().out.count("No face was found") == 7
    assert len(rows(tmp_path / "out")) == 7 and not_analyzed(pictures, options) == pictures


DEADLY = 99  # grey level


class DeadlyPipeline(NoPipeline):
    """Ends its process at a picture of one grey level."""

    def process(self, frame):
        if frame.image[0, 0, 0] == DEADLY:
            os._exit(9)
        return super().process(frame)


def load_deadly(still):
    return DeadlyPipeline()


def test_a_file_that_ends_its_process_takes_no_other_with_it(tmp_path, models, capsys):
    pictures = [plain_picture(tmp_path / f"{i}.png", DEADLY if i in (2, 5) else i) for i in range(8)]
    analyze_in_parallel(pictures, AnalysisOptions(tmp_path / "out", models), 2, load_deadly)
    said = capsys.readouterr().err
    assert said.count("it ended its process") == 2
    assert "2.png: it ended" in said and "5.png: it ended" in said
    whole = [p for p in (tmp_path / "out").glob("*/session.json") if json.loads(p.read_text())["finished"]]
    assert {json.loads(p.read_text())["source"]["name"] for p in whole} == {
        f"{i}.png" for i in (0, 1, 3, 4, 6, 7)
    }


ANALYZE = """
import signal, sys, time
from pathlib import Path
from app.analysis.options import AnalysisOptions
from app.analysis.parallel import analyze_in_parallel
from app.sources.video import VideoFile

read = VideoFile.read

def read_and_wait(video):
    frame = read(video)
    if frame is not None and frame.index == 40 and video.path.stem in ("two-faces", "crossing"):
        while not signal.getsignal(signal.SIGINT).came:
            time.sleep(0.01)
    return frame

VideoFile.read = read_and_wait  # in each of the processes, too: they run this file
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have Ctrl-C ignored
    options = AnalysisOptions(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.exit(analyze_in_parallel([Path(name) for name in sys.argv[3:]], options, 2))
"""


@pytest.fixture
def files(clips):
    return [clips / name for name in ("one-face.jpg", "two-faces.mp4", "crossing.mp4", "face-then-none.mp4")]


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
    options = AnalysisOptions(out, models)
    os.killpg(analysing.pid, signal.SIGKILL)
    analysing.communicate(timeout=LONG)
    wait_for(lambda: len(list(interrupted_sessions(out))) == 2)  # the others die a moment after the first
    close_interrupted(out)
    assert capsys.readouterr().err.count("A recording was interrupted") == 2
    assert not list(interrupted_sessions(out))
    assert not_analyzed(files, options) == files[1:]
    assert analyze(files[1:], options) == 0
    assert not_analyzed(files, options) == []
