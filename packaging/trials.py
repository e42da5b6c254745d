"""Tries the downloads as their users get them: `python packaging/trials.py dist/mien-... dist/mien_...`.

Each trial says what it needs; where that is missing, it is left out and named. The first that fails ends it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Trial:
    """One program that tries downloads, and what it needs."""

    name: str
    command: tuple[str, ...]
    tools: tuple[str, ...] = ()
    root: bool = False

    def lacks(self) -> str:
        """What it needs and does not find; "" for nothing."""
        if self.root and not (hasattr(os, "getuid") and os.getuid() == 0):
            return "root"
        return next((tool for tool in self.tools if shutil.which(tool) is None), "")


def of(downloads: list[Path]) -> list[Trial]:
    """The trials for these downloads, on the system for which they are."""
    named = {file.suffix: str(file) for file in downloads}
    python = sys.executable
    if sys.platform == "win32":
        installed = (python, str(HERE / "windows/try_installed.py"))
        return [Trial("installed", (*installed, named[".exe"]))] if ".exe" in named else []
    if sys.platform == "darwin":
        return [Trial("disk image", (python, str(HERE / "macos/try_installed.py"), named[".dmg"]))]
    here, wine = HERE / "linux", str(HERE / "windows/under_wine.py")
    program = str(HERE.parent / "dist/mien/mien")
    trials = [
        Trial("AppImage", (python, str(here / "try_appimage.py"), named[".AppImage"]), ("Xvfb",)),
        Trial("first starts", (python, str(here / "first_starts.py"), program), ("Xvfb",)),
        Trial("cameras", (python, str(here / "camera_starts.py"), program), ("Xvfb", "setpriv"), root=True),
        Trial("installer under Wine", (python, wine), ("makensis", "wine", "Xvfb")),
    ]
    if ".deb" in named:
        command = (str(HERE / "linux/fresh-machine.sh"), named[".deb"], named[".AppImage"])
        trials.append(Trial("fresh machine", command, ("debootstrap", "Xvfb"), root=True))
    return trials


def main(downloads: list[Path], say: Callable[[str], None] = lambda text: print(text, flush=True)) -> None:
    """Runs all trials. Raises SystemExit with the first that fails."""
    for trial in of(downloads):
        if lack := trial.lacks():
            say(f"{trial.name}: left out, since {lack} is missing")
            continue
        say(f"--- {trial.name}")
        begun = time.perf_counter()
        if subprocess.run(trial.command, check=False).returncode:
            raise SystemExit(f"FAILED: {trial.name}")
        say(f"--- {trial.name}: passed [{time.perf_counter() - begun:.0f} s]")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
