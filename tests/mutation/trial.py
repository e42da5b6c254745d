"""Runs the tests of one module in a process of their own, which has the libraries but not Mien."""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from pathlib import Path

# Loaded once, before any process is split off: they take longer than most tests.
import cv2  # noqa: F401
import hypothesis  # noqa: F401
import numpy  # noqa: F401
import onnx  # noqa: F401
import onnxruntime  # noqa: F401
import pytest
from PySide6 import QtWidgets  # noqa: F401

sys.dont_write_bytecode = True  # an old one would hide a change that was made within the same second
PRELOADED = "ignore::pytest.PytestAssertRewriteWarning"  # pytest would rather load its plugins itself
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"


def passes(tree: Path, tests: tuple[str, ...], seconds: float) -> bool:
    """Whether the `tests` in the copy `tree` of the repository pass within so many seconds.

    What they print is in `said.txt` beside it.
    """
    child = os.fork()
    if child == 0:
        _test(tree, tests)
    end, done, status = time.monotonic() + seconds, 0, 0
    try:
        while not done and time.monotonic() < end:
            done, status = os.waitpid(child, os.WNOHANG)
            time.sleep(0.005)
    finally:
        _kill_group(child)  # also what the tests have left behind
    if not done:
        os.waitpid(child, 0)
    return bool(done) and os.waitstatus_to_exitcode(status) == 0


def _kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def _test(tree: Path, tests: tuple[str, ...]) -> None:
    """Never returns."""
    os.setsid()
    said = os.open(tree.with_name("said.txt"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(said, 1)
    os.dup2(said, 2)
    sys.path[:] = [str(tree), *(path for path in sys.path if path not in ("", str(Path.cwd())))]
    os.chdir(tree)
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    code = 1
    try:
        code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-W", PRELOADED, *tests]))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
