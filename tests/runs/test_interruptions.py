"""Ctrl-C, SIGTERM and a closed terminal at random moments of an analysis: it ends whole, and at once."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOON = 2.0  # s on a machine that does nothing else; a busy one has four times as long
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C of another process is a Unix thing")
TRIES = int(os.environ.get("MIEN_INTERRUPTIONS", "4"))


def as_in_a_terminal():
    """Also where the tests run in the background, or under nohup, which Mien respects."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def analysing(out, files, *more):
    return subprocess.Popen(
        [sys.executable, "-m", "app", "analyze", *map(str, files), "-o", str(out), *more], cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=as_in_a_terminal,
    )  # fmt: skip


def copies(clip, folder, count):
    """`count` files of one clip: a file that is named twice is measured once."""
    folder.mkdir()
    return [Path(shutil.copy(clip, folder / f"{i}{clip.suffix}")) for i in range(count)]


def check(out, process, sent, began):
    said = process.communicate(timeout=60)[1]
    took = time.perf_counter() - began
    assert process.returncode in ({signal.SIGINT: 130}.get(sent, 143), 0), said
    assert "Traceback" not in said and took < 4 * SOON, (took, said)
    for about in out.glob("*/session.json"):
        told = json.loads(about.read_text())
        rows = (about.parent / "faces.csv").read_bytes()
        assert told["finished"] and rows.endswith(b"\n")
    return process.returncode


@pytest.mark.parametrize("trial", range(TRIES))
def test_at_any_moment_it_ends_whole(tmp_path, clips, trial):
    chance = random.Random(trial)
    sent = chance.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    process = analysing(tmp_path / "out", copies(clips / "two-faces.mp4", tmp_path / "clips", 6))
    time.sleep(chance.uniform(0.15, 2.5))
    began = time.perf_counter()
    process.send_signal(sent)
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0, 0.1))
        if process.poll() is None:
            process.send_signal(sent)
    check(tmp_path / "out", process, sent, began)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("after", [1.0, 3.0])
def test_a_signal_to_the_parent_alone_ends_all_processes(tmp_path, clips, sent, after):
    process = analysing(
        tmp_path / "out", copies(clips / "crossing.mp4", tmp_path / "clips", 400), "--jobs", "2"
    )
    time.sleep(after)
    began = time.perf_counter()
    process.send_signal(sent)
    assert check(tmp_path / "out", process, sent, began) != 0
