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

from app.analysis.options import AnalysisOptions
from app.runs import child
from app.runs.ledger import lines
from app.sessions.recorder import RecordError
from app.stages.detectors import DEFAULT_DETECTOR
from app.types import Result
from tests.fakes import LONG, wait_for
from tests.measured import analyze, analyze_in_parallel, rows, sessions

ROOT = Path(__file__).parents[2]


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
    assert analyze_in_parallel(files, AnalysisOptions(tmp_path / "many", models), 2) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("1 of 4 files failed: ")  # not of those left
    assert analyze(files[:2], AnalysisOptions(tmp_path / "one", models)) == 0
    one, many = rows(tmp_path / "one"), rows(tmp_path / "many")
    assert len(many) == 3 and one.items() < many.items()
    table = {Path(line["file"]).name: line for line in lines(tmp_path / "many" / "run.csv")}
    assert {name: line["status"] for name, line in table.items()} == {
        "one-face.jpg": "done", "two-faces.mp4": "done", "nobody.png": "done", "missing.mp4": "failed",
    }  # fmt: skip
    assert table["two-faces.mp4"]["frames"] == "60" and table["two-faces.mp4"]["session"] in many


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


def test_a_process_that_grows_is_followed_by_another(tmp_path, models, monkeypatch, capsys):
    monkeypatch.setattr(child, "GROWTH", -1)
    pictures = [plain_picture(tmp_path / f"{i}.png", i) for i in range(4)]
    options = AnalysisOptions(tmp_path / "out", models)
    assert analyze_in_parallel(pictures, options, 2, load_none) == 0
    assert capsys.readouterr().out.count("No face was found") == 4
    assert len(rows(tmp_path / "out")) == 4
    assert len({line["worker"] for line in lines(tmp_path / "out" / "run.csv")}) == 4


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
    pictures = [plain_picture(tmp_path / f"{i}.png", DEADLY if i == 2 else i) for i in range(5)]
    assert analyze_in_parallel(pictures, AnalysisOptions(tmp_path / "out", models), 2, load_deadly) == 1
    said = capsys.readouterr().err
    assert said.count("2.png: it ended its process 3 times") == 1
    assert [name.partition("-")[0] for name in rows(tmp_path / "out")] == ["0", "1", "3", "4"]
    assert not (tmp_path / "out" / "unfinished").exists()


class TerminatedPipeline(NoPipeline):
    """Its process gets SIGTERM after the last frame, when the file is whole."""

    measured = False

    def process(self, frame):
        self.measured = True
        return super().process(frame)

    def close(self):
        if self.measured:
            signal.raise_signal(signal.SIGTERM)


def load_terminated(still):
    return TerminatedPipeline()


def test_a_signal_after_the_last_frame_ends_a_process_in_silence_and_the_file_is_whole(
    tmp_path, models, capfd
):
    pictures = [plain_picture(tmp_path / f"{i}.png", i) for i in range(3)]
    assert analyze_in_parallel(pictures, AnalysisOptions(tmp_path / "out", models), 2, load_terminated) == 0
    assert "Traceback" not in capfd.readouterr().err
    assert len(rows(tmp_path / "out")) == 3


class FaultyPipeline(NoPipeline):
    """Fails at a picture of one grey level as a fault of a library would."""

    def process(self, frame):
        if frame.image[0, 0, 0] == DEADLY:
            raise IndexError("out of range")
        return super().process(frame)


def test_a_fault_at_one_file_is_named_and_the_others_go_on(tmp_path, models, capsys):
    pictures = [plain_picture(tmp_path / f"{i}.png", DEADLY if i == 0 else i) for i in range(3)]
    options = AnalysisOptions(tmp_path / "out", models)
    assert analyze(pictures, options, lambda still: FaultyPipeline()) == 1
    said = capsys.readouterr().err
    assert "\n0.png cannot be measured (IndexError: out of range): please report it with " in said
    assert len(rows(options.out)) == 2


ANALYZE = """
import signal, sys, time
from pathlib import Path
from app.analysis.options import AnalysisOptions
from app.runs.processes import Processes
from app.runs.run import Plan, run
from app.runs.task import Task
from app.sources.video import VideoFile
from app.system.interruption import Interruption

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
    options, interruption = AnalysisOptions(Path(sys.argv[1]), Path(sys.argv[2])), Interruption()
    plan = Plan([Task(Path(name)) for name in sys.argv[3:]], options)
    sys.exit(run(plan, Processes(options, 2, None, interruption), interruption))
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
        wait_for(lambda: (len(sessions(out)), begun(out)) == (1, 2) or process.poll() is not None)
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def begun(out):
    """How many sessions in `out` are being made and have rows."""
    return sum(path.stat().st_size > 2000 for path in (out / "unfinished").glob("*/faces.csv"))


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C of another process is a Unix thing")
def test_ctrl_c_closes_what_is_begun_and_begins_nothing(tmp_path, analysing, files, models):
    out = tmp_path / "out"
    os.killpg(analysing.pid, signal.SIGINT)
    said = analysing.communicate(timeout=LONG)[1]
    assert said.count("Stopped. The rows of the first") == 2
    stopped = [json.loads((folder / "session.json").read_text()) for folder in sessions(out)]
    assert all(about["finished"] for about in stopped)
    assert sorted(about["ended_by"] for about in stopped) == ["end of file", "stop", "stop"]
    assert not (out / "unfinished").exists()
    check_that_the_same_again_gives_the_same_bytes(out, files, models)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_with_all_its_processes_it_goes_on_where_it_was(tmp_path, analysing, files, models):
    os.killpg(analysing.pid, signal.SIGKILL)
    analysing.communicate(timeout=LONG)
    out = tmp_path / "out"
    assert len(sessions(out)) == 1 and len(list((out / "unfinished").glob("*.claim-1"))) == 2
    check_that_the_same_again_gives_the_same_bytes(out, files, models)


def check_that_the_same_again_gives_the_same_bytes(out, files, models):
    options = AnalysisOptions(out, models)
    whole = [lines["session"] for lines in lines(out / "run.csv")]
    assert len(whole) == 1
    assert analyze(files, options) == 0
    assert len(rows(out)) == 4 and not (out / "unfinished").exists()
    uninterrupted = out.with_name("uninterrupted")
    assert analyze(files, AnalysisOptions(uninterrupted, models)) == 0
    assert rows(out) == rows(uninterrupted)
