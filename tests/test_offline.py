"""Nothing leaves the machine: no socket towards a network, and no library keeps a ledger of its own."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MIEN = (sys.executable, "-m", "app")
SELFTEST = ("--selftest",)
WINDOW = ("--video", str(ROOT / "assets/sample.mp4"), "--screenshot", "window.png", "--after", "5")

# Runs Mien as `python -m app` does, and writes down every socket that is not a local one: those of Python
# when made or used, those of libraries while they are open. The file is named by the first argument.
WATCHED = """
import json, runpy, socket, sys, threading
from pathlib import Path
import psutil

found, over = [], threading.Event()
local = getattr(socket, "AF_UNIX", None)

def hear(event, arguments):
    if event.startswith("socket.") and event not in ("socket.gethostname", "socket.sethostname"):
        family = getattr(arguments[0], "family", None) if arguments else None
        if event == "socket.__new__":
            family = arguments[1]
        if family is None or family != local:
            found.append(f"{event} {arguments[1:]}")

def look():
    while not over.wait(0.02):
        found.extend(str(each) for each in psutil.Process().net_connections("inet"))

out = Path(sys.argv.pop(1))
sys.addaudithook(hear)
looking = threading.Thread(target=look)
looking.start()
try:
    runpy.run_module("app", run_name="__main__", alter_sys=True)
finally:
    over.set()
    looking.join()
    out.write_text(json.dumps(found))
"""


def run(home, *command):
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}
    environment |= {"HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def sockets(home, *arguments):
    """What was seen of sockets while Mien ran with these arguments."""
    run(home, sys.executable, "-c", WATCHED, str(home / "found.json"), *arguments)
    return json.loads((home / "found.json").read_text())


def test_no_library_writes_into_the_home_folder(tmp_path):
    run(tmp_path, *MIEN, *SELFTEST)
    strange = [file for file in tmp_path.rglob("*") if file.is_file() and "mien" not in str(file).lower()]
    assert strange == []


def test_the_training_side_is_as_quiet(tmp_path):
    pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")
    run(tmp_path, sys.executable, "-c", "import export.to_onnx, onnxruntime")
    assert not list(tmp_path.rglob("*deviceid*"))


def test_the_window_plays_and_paints_without_a_socket(tmp_path):
    assert sockets(tmp_path, *WINDOW) == []
    assert (tmp_path / "window.png").stat().st_size > 20_000


def test_a_window_that_listens_is_noticed(tmp_path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    seen = sockets(tmp_path, *WINDOW, "--udp-markers", str(port))
    assert any(each.startswith("socket.bind") for each in seen)  # by Python, when it happened
    # By the system, as it was open.
    assert any(each.startswith("pconn") and str(port) in each for each in seen)


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
@pytest.mark.parametrize("arguments", [SELFTEST, WINDOW], ids=["selftest", "window"])
def test_no_socket_towards_a_network_is_opened(tmp_path, arguments):
    trace = tmp_path / "trace"
    run(tmp_path, "strace", "-f", "-e", "trace=socket,connect", "-o", str(trace), *MIEN, *arguments)
    assert not re.findall(r"AF_INET6?\b.*", trace.read_text())
