"""Copies the program out of the disk image, as a user does, and tries it: `try_installed.py FILE.dmg`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

SMOKE = Path(__file__).parents[1] / "smoke.py"


def main(image: Path) -> None:
    """Raises CalledProcessError where a step fails."""
    with tempfile.TemporaryDirectory() as work:
        mounted, programs = Path(work) / "mounted", Path(work) / "Programs"
        how = ["-nobrowse", "-readonly", "-quiet", "-mountpoint", str(mounted)]
        subprocess.run(["hdiutil", "attach", *how, str(image)], check=True)
        try:
            programs.mkdir()
            subprocess.run(["cp", "-R", str(mounted / "Mien.app"), str(programs)], check=True)
        finally:
            subprocess.run(["hdiutil", "detach", "-quiet", str(mounted)], check=True)
        bundle = programs / "Mien.app"
        subprocess.run(["codesign", "--verify", "--deep", "--strict", str(bundle)], check=True)
        subprocess.run([sys.executable, str(SMOKE), str(bundle / "Contents/MacOS/mien")], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
