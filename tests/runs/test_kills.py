"""Workers are killed at random moments: every file has one whole session, with the bytes as ever."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from app.analysis.options import AnalysisOptions
from app.runs.ledger import lines
from app.stages.detectors import DEFAULT_DETECTOR
from app.types import Result
from tests.fakes import LONG, face, write_video
from tests.measured import analyze, analyze_in_parallel, rows

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("MIEN_KILLS", "4"))  # the fourth is that of the parent; more on request
FILES = 8


class SlowPipeline:
    """One face in each frame, after a moment."""

    cards = ()
    detector = DEFAULT_DETECTOR

    def process(self, frame):
        time.sleep(0.02)
        return Result(frame, (face(1),))

    def close(self):
        pass


def load_slow(still):
    return SlowPipeline()


def work(folder):
    """What the killed process does: all files of `folder`, with two workers."""
    files = sorted(Path(folder).glob("*.avi"))
    return analyze_in_parallel(files, AnalysisOptions(Path(folder) / "out", Path(folder)), 2, load_slow)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_workers_leave_each_file_one_whole_session(tmp_path):
    files = [write_video(tmp_path / f"{i}.avi", 25) for i in range(FILES)]
    chance, kills = random.Random(1), 0
    command = [
        sys.executable,
        "-c",
        "import sys; from tests.runs.test_kills import work; sys.exit(work(sys.argv[1]))",
    ]
    for turn in range(40):
        process = subprocess.Popen(
            [*command, str(tmp_path)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        while process.poll() is None:
            time.sleep(chance.uniform(0.1, 0.8))
            if kills < KILLS and (children := workers_of(process)):
                kills += 1
                victim = process.pid if kills % 4 == 0 else chance.choice(children)
                os.kill(victim, signal.SIGKILL)
        said = process.communicate(timeout=LONG)[1]
        if process.returncode == 0:
            break
        assert turn < 39, said
    assert kills == KILLS or len(rows(tmp_path / "out")) == FILES
    assert analyze(files, AnalysisOptions(tmp_path / "whole", tmp_path), load_slow) == 0
    assert rows(tmp_path / "out") == rows(tmp_path / "whole")
    left = sorted(path.name for path in (tmp_path / "out").iterdir() if not path.name.startswith("run"))
    assert left == sorted(rows(tmp_path / "whole")) and len(left) == FILES
    table = list(lines(tmp_path / "out" / "run.csv"))
    assert {line["file"] for line in table} == set(map(str, files))


def workers_of(process):
    """The processes that measure for `process`."""
    try:
        found = psutil.Process(process.pid).children(recursive=True)
        return [child.pid for child in found if "spawn_main" in " ".join(child.cmdline())]
    except psutil.Error:
        return []
