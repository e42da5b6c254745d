"""Names that the terminal cannot write, and streams that are closed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="closing a handle is a Unix thing")


def run(command, **environment):
    return subprocess.run(
        ["/bin/sh", "-c", command], cwd=ROOT, env={**os.environ, "MIEN": sys.executable, **environment},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_any_name_is_written_where_there_is_only_ascii(tmp_path, clips):
    path = tmp_path / "\u9762.jpg"
    path.write_bytes((clips / "one-face.jpg").read_bytes())
    done = run(f'"$MIEN" -m app analyze {path} -o {tmp_path}/out', PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and "\\u9762.jpg: 1 frame" in done.stdout, done.stderr
    assert len(list((tmp_path / "out").glob("*/faces.csv"))) == 1


@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "1>&- 2>&-", "0<&- 1>&- 2>&-"])
def test_closed_streams_change_nothing(tmp_path, clips, closed):
    done = run(f'"$MIEN" -m app analyze {clips / "one-face.jpg"} -o {tmp_path}/out {closed}')
    assert done.returncode == 0, done.stderr
    (rows,) = (tmp_path / "out").glob("*/faces.csv")
    assert len(rows.read_text().splitlines()) == 2
