"""Builds wheel and sdist into dist/, installs the wheel into an empty environment and tries it: `make wheel`.

Everything is installed as a user would do it: pip chooses the packages that the wheel asks for. Needs
hatchling and a package index.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from app import __version__  # noqa: E402

HANGS = 900  # s that no run takes, however slow the machine


def build(out: Path, source: Path = ROOT) -> tuple[Path, Path]:
    """Makes the wheel and the sdist of the checkout `source` in the folder `out`; gives their paths."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(out)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return next(out.glob(f"mien-{__version__}-*.whl")), out / f"mien-{__version__}.tar.gz"


def scripts(environment: Path) -> Path:
    """The folder of a virtual environment that holds its programs."""
    return environment / ("Scripts" if sys.platform == "win32" else "bin")


class Trial:
    """An installed Mien, tried in a folder of its own; each step gives what it found as one line."""

    def __init__(self, environment: Path, work: Path) -> None:
        self.python, self.program = (scripts(environment) / name for name in ("python", "mien"))
        self.work = work
        shutil.copy(ROOT / "tests/clips/single-face.mp4", work / "clip.mp4")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self.environment = kept | {"HOME": str(work / "home"), "QT_QPA_PLATFORM": "offscreen"}

    def run(self, *arguments: object, fails: bool = False) -> str:
        """What `mien` prints. Raises AssertionError when it fails, or with `fails`, when it does not."""
        command = [str(self.program), *map(str, arguments)]
        done = subprocess.run(
            command, cwd=self.work, env=self.environment, capture_output=True, text=True, timeout=HANGS,
            check=False,
        )  # fmt: skip
        said = f"mien {' '.join(command[1:])}: {done.returncode}\n{done.stdout}{done.stderr}"
        assert bool(done.returncode) is fails and "Traceback" not in done.stderr, said
        return done.stderr if fails else done.stdout

    def version(self) -> str:
        """The installed version is that of the source."""
        said = self.run("--version").strip()
        assert said == f"mien {__version__}", said
        return said

    def selftest(self) -> str:
        """Its networks and its sample clip are there and work."""
        said = self.run("--selftest").strip().splitlines()[-1]
        assert said == "Everything works.", said
        return said

    def analyze(self) -> str:
        """A clip becomes a finished session."""
        self.run("analyze", "clip.mp4", "-o", "sessions")
        told = json.loads((self.session / "session.json").read_text("utf-8"))
        assert told["finished"] and told["rows"] > 0, told
        return f"{told['rows']} rows"

    def report(self) -> str:
        """A session becomes a page."""
        self.run("report", self.session)
        page = (self.session / "report.html").read_text("utf-8")
        assert page.rstrip().endswith("</html>")
        return f"{len(page) // 1000} kB"

    def window(self) -> str:
        """The window opens, plays the clip, takes its own picture, and closes."""
        self.run("--video", "clip.mp4", "--screenshot", "window.png", "--after", 2)
        size = (self.work / "window.png").stat().st_size
        assert size > 20_000, "an empty window"
        return f"{size // 1000} kB of picture"

    def extra(self) -> str:
        """Without its library an export says what to install, and that is enough."""
        asked = ("export", self.session, "--format", "parquet")
        advice = '-m pip install "mien[formats]"'
        assert advice in self.run(*asked, fails=True)
        subprocess.run([self.python, "-m", "pip", "install", "--quiet", "mien[formats]"], check=True)
        self.run(*asked)
        return f"{advice} made the export work"

    @property
    def session(self) -> Path:
        """The session that `analyze` made."""
        return next((self.work / "sessions").glob("*/session.json")).parent


def main() -> None:
    """Raises SystemExit when a step fails."""
    out, environment = ROOT / "dist", ROOT / ".build/wheel"
    wheel, sdist = build(out)
    print(f"{wheel.stat().st_size / 1e6:.1f} MB {wheel.relative_to(ROOT)}")
    print(f"{sdist.stat().st_size / 1e6:.1f} MB {sdist.relative_to(ROOT)}")
    print("Installing the wheel into an empty environment; this takes a minute or two.", flush=True)
    venv.create(environment, clear=True, with_pip=True)
    quiet = ("--disable-pip-version-check", "--quiet")
    subprocess.run([scripts(environment) / "python", "-m", "pip", "install", *quiet, wheel], check=True)
    with tempfile.TemporaryDirectory() as work:
        trial = Trial(environment, Path(work))
        steps: tuple[Callable[[], str], ...] = (
            trial.version, trial.selftest, trial.analyze, trial.report, trial.window, trial.extra
        )  # fmt: skip
        for step in steps:
            begun = time.perf_counter()
            try:
                said = step()
            except AssertionError as error:
                raise SystemExit(f"FAILED: {step.__name__}: {error}") from error
            print(f"{step.__name__ + ':':<10} {said} [{time.perf_counter() - begun:.1f} s]", flush=True)
    print("The installed program works.")


if __name__ == "__main__":
    main()
