"""Chatter stays away, errors do not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from app.system.quiet import without_chatter
from tests.fakes import LONG

ROOT = Path(__file__).parents[2]


def test_only_chatter_is_held_back(capfd):
    with without_chatter():
        os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n")
        os.write(2, b"W0000 00:00:17 42 some_file.cc:114] A warning.\n")
        os.write(2, b"E0000 00:00:17 42 some_file.cc:12] A real error.\nTraceback\n")
    os.write(2, b"W0000 said later\n")
    assert (
        capfd.readouterr().err
        == "E0000 00:00:17 42 some_file.cc:12] A real error.\nTraceback\nW0000 said later\n"
    )


def test_stderr_comes_back_after_an_exception(capfd):
    try:
        with without_chatter():
            os.write(2, b"first\n")
            raise ValueError
    except ValueError:
        os.write(2, b"second\n")
    assert capfd.readouterr().err == "first\nsecond\n"


def test_a_program_that_detects_writes_nothing_to_stderr():
    program = (
        "from pathlib import Path; import numpy as np; from app.stages.detectors import load_detector;"
        "d = load_detector(Path('models'));"
        "[d.detect(np.zeros((90, 120, 3), np.uint8)) for _ in range(3)]; d.close()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=LONG
    )
    assert done.returncode == 0
    assert done.stderr == ""


def test_a_program_without_stderr_works():
    program = "import os; os.close(2)\nfrom app.system.quiet import without_chatter as quiet\n"
    program += "with quiet(): print('ran')"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=LONG
    )
    assert done.stdout == "ran\n"
