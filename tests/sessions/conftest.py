"""A real file system that is soon full, where one can be mounted."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def small_disk(tmp_path: Path, request) -> Iterator[Path]:
    """A disk of 64 kB, or of as much as the test says: `@pytest.mark.parametrize(..., indirect=True)`."""
    mounted = tmp_path / "disk"
    mounted.mkdir()
    size = getattr(request, "param", "64k")
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(mounted)]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("needs the right to mount a small file system")
    yield mounted
    subprocess.run(["umount", "-l", str(mounted)], check=True)
