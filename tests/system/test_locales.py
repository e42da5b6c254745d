"""Turkish and Azeri locales, where the small letter of I has no dot: the same rows, a report, a window."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLIP = ROOT / "tests/clips/one-face.jpg"


def has(name: str) -> bool:
    """Whether the C library knows a locale."""
    said = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.lower()
    return name.lower().replace("-", "") in said.replace("-", "").split()


def mien(name: str, folder: Path, *words: str) -> str:
    """What Mien says on standard error under the locale `name`."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LC_")}
    environment |= {"LC_ALL": name, "LANG": name, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "app", *words]
    done = subprocess.run(
        command, cwd=folder, env=environment | {"HOME": str(folder)}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stderr.decode()


@pytest.mark.skipif(sys.platform != "linux", reason="locales of glibc")
@pytest.mark.parametrize("name", ["tr_TR.UTF-8", "az_AZ.UTF-8"])
def test_analysis_report_and_window(tmp_path: Path, name: str) -> None:
    if not has(name):
        pytest.skip("the locale is not installed")
    for each in ("C.UTF-8", name):
        mien(each, tmp_path, "analyze", str(CLIP), "-o", each)
    usual, here = (sorted(tmp_path.glob(f"{each}/*/faces.csv")) for each in ("C.UTF-8", name))
    assert here[0].read_bytes() == usual[0].read_bytes()
    (row,) = csv.DictReader(here[0].read_text(encoding="utf-8").splitlines())
    assert row["status"] == "ok" and row["face"] == "1"
    mien(name, tmp_path, "report", str(here[0].parent))
    assert "<h1>" in (here[0].parent / "report.html").read_text(encoding="utf-8")
    window = ("--video", str(CLIP), "--screenshot", "window.png", "--after", "1")
    mien(name, tmp_path, *window)
    assert (tmp_path / "window.png").stat().st_size > 10_000
