"""The way in: a real process that opens its window, takes a picture of itself, and closes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

ROOT = Path(__file__).parents[2]

PROGRAM = """
import sys
from pathlib import Path
import app.pipeline
from app import ui
from app.settings import Settings
from tests.ui.doubles import FakePipeline, FakeSource

app.pipeline.Pipeline.load = lambda *_: FakePipeline()
source = FakeSource(fail_at=int(sys.argv[2]))
sys.exit(ui.run(source, "Hello", Settings(), screenshot=Path(sys.argv[1]), after=0.5))
"""


def run(home: Path, out: Path, fail_at: int = -1) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(out), str(fail_at)], cwd=ROOT, capture_output=True, text=True,
        timeout=60, env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(home)},
    )  # fmt: skip


def test_a_screenshot_and_a_clean_end(tmp_path: Path) -> None:
    done = run(tmp_path, tmp_path / "window.png")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert QImage(str(tmp_path / "window.png")).width() >= 1000


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, tmp_path / "nowhere" / "window.png")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_source_that_fails_ends_it_at_once(tmp_path: Path) -> None:
    done = run(tmp_path, tmp_path / "window.png", fail_at=0)
    assert done.returncode == 1
    assert "stopped sending pictures" in done.stderr
