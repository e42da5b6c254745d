"""A crash is written down, and told at the next start, once."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.system import crash

ROOT = Path(__file__).parents[2]
NATIVE = """
import ctypes, sys
from pathlib import Path
from app.system import crash
with crash.watched(Path(sys.argv[1])):
    ctypes.string_at(0)
"""


def test_a_run_that_ends_well_leaves_nothing(tmp_path):
    with crash.watched(tmp_path) as earlier:
        assert earlier is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not delete a file in use")
def test_a_file_that_another_mien_removed_is_no_error(tmp_path):
    with crash.watched(tmp_path):
        (tmp_path / crash.NAME).unlink()


def test_an_error_that_ends_the_program_is_told_once(tmp_path):
    with pytest.raises(ZeroDivisionError), crash.watched(tmp_path):
        1 / 0  # noqa: B018
    with crash.watched(tmp_path) as earlier:
        assert "ZeroDivisionError" in earlier.read_text()
    with crash.watched(tmp_path) as earlier:
        assert earlier is None


def test_a_crash_of_native_code_leaves_the_python_stack(tmp_path):
    done = subprocess.run([sys.executable, "-c", NATIVE, str(tmp_path)], cwd=ROOT, check=False)
    assert done.returncode != 0
    with crash.watched(tmp_path) as earlier:
        assert "string_at" in earlier.read_text()


def test_a_folder_that_cannot_be_written_is_no_trouble(tmp_path):
    (tmp_path / "file").touch()
    with crash.watched(tmp_path / "file") as earlier:
        assert earlier is None
