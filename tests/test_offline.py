"""Nothing leaves the machine: no socket towards a network, and no library keeps a ledger of its own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MIEN = (sys.executable, "-m", "app")


def run(home, *command):
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"} | {"HOME": str(home)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_library_writes_into_the_home_folder(tmp_path):
    run(tmp_path, *MIEN, "--selftest")
    strange = [file for file in tmp_path.rglob("*") if file.is_file() and "mien" not in str(file).lower()]
    assert strange == []


def test_the_training_side_is_as_quiet(tmp_path):
    pytest.importorskip("torch", reason="torch is not installed: make export")
    run(tmp_path, sys.executable, "-c", "import export.to_onnx, onnxruntime")
    assert not list(tmp_path.rglob("*deviceid*"))


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_no_socket_towards_a_network_is_opened(tmp_path):
    trace = tmp_path / "trace"
    run(tmp_path, "strace", "-f", "-e", "trace=socket,connect", "-o", str(trace), *MIEN, "--selftest")
    assert not re.findall(r"AF_INET6?\b.*", trace.read_text())
