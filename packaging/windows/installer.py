"""Makes the installer for Windows of the packaged program, with makensis, which runs on every system."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
USUAL = Path("C:/Program Files (x86)/NSIS/makensis.exe")  # where NSIS installs itself without telling PATH


def makensis() -> str | None:
    """The compiler of installers; None where it is not installed."""
    return shutil.which("makensis") or (str(USUAL) if USUAL.exists() else None)


def build(program: Path, version: str, out: Path, when: int) -> Path:
    """The installer of the folder `program` as the file `out`. Raises SystemExit with what makensis says.

    The same files and the same time `when`, in seconds since 1970, give the same bytes.
    """
    compiler = makensis()
    if compiler is None:
        raise SystemExit("Making the installer needs makensis: install NSIS.")
    told = {
        "VERSION": version,
        "PROGRAM": program.resolve(),
        "OUT": out.resolve(),
        "ICON": ROOT / "assets/icon.ico",
    }
    names = [f"-D{name}={value}" for name, value in told.items()]
    done = subprocess.run(
        [compiler, "-V2", "-WX", *names, str(Path(__file__).with_name("mien.nsi"))],
        capture_output=True, text=True, check=False, env=os.environ | {"SOURCE_DATE_EPOCH": str(when)},
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"The installer could not be made:\n{done.stdout}{done.stderr}")
    return out
