"""Installs silently, tries what was installed, removes it, on Windows: `try_installed.py FILE-setup.exe`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

SMOKE = Path(__file__).parents[1] / "smoke.py"
HANGS = 600  # s that no installer takes


def main(setup: Path) -> None:
    """Raises SystemExit or CalledProcessError where a step fails."""
    place = Path(os.environ["LOCALAPPDATA"]) / "Programs/Mien"
    subprocess.run([str(setup), "/S"], check=True, timeout=HANGS)
    subprocess.run([sys.executable, str(SMOKE), str(place / "mien-console.exe")], check=True)
    subprocess.run([str(place / "uninstall.exe"), "/S"], check=True, timeout=HANGS)
    begun = time.monotonic()
    while place.exists():  # the uninstaller goes on in a copy of itself
        if time.monotonic() - begun > HANGS:
            raise SystemExit(f"{place} is still there after the program was removed: {list(place.iterdir())}")
        time.sleep(1)
    print("Installed, tried, and removed.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
