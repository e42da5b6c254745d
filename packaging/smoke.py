"""Tries the packaged program as a stranger would: `python packaging/smoke.py dist/mien/mien`.

It runs in a folder of its own, with nothing on PATH, without a network where the system can take it away, and
is compared with the same version run from its source by this Python. Needs Xvfb on Linux; strace if there.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from app import __version__  # noqa: E402

CLIP = ROOT / "assets/sample.mp4"
LINUX = sys.platform == "linux"
ON_SCREEN, FIRST_VALUE = 3.0, 5.0  # s after the start, from a warm disk
SECONDS = 10  # the window plays so long before it takes its picture
TRIES = 10  # for the times at most: others may use the machine
HANGS = 1800  # s that no run takes, however slow the machine


class Smoke:
    """The packaged program, a home folder of its own, and a screen."""

    def __init__(self, program: Path, work: Path, display: str | None) -> None:
        self.program, self.work = program.resolve(), work
        self.home = work / "home"
        self.home.mkdir()
        (work / "nothing").mkdir()
        kept = {} if LINUX else dict(os.environ)
        self.environment = kept | {"HOME": str(self.home), "PATH": str(work / "nothing"), "LANG": "C.UTF-8"}
        if display:
            self.environment["DISPLAY"] = display
        alone = ["unshare", "--map-root-user", "--net"]
        can = (
            LINUX
            and shutil.which("unshare")
            and subprocess.run([*alone, "true"], check=False).returncode == 0
        )
        self.alone = [shutil.which("unshare"), *alone[1:]] if can else []
        self.log: list[str] = []

    def run(self, *arguments: object, before: list[str] | None = None) -> str:
        """What the program says; a failure ends the test."""
        command = [*(self.alone if before is None else before), str(self.program), *map(str, arguments)]
        done = subprocess.run(
            command,
            cwd=self.work,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=HANGS,
        )
        if done.returncode or "Traceback" in done.stderr:
            raise SystemExit(f"FAILED ({done.returncode}): mien {arguments}\n{done.stdout}{done.stderr}")
        return done.stdout

    def version(self) -> str:
        """It says its version, which is that of the checkout."""
        said = self.run("--version").strip()
        assert said == f"mien {__version__}", said
        return said

    def selftest(self) -> str:
        """What `mien --selftest` prints."""
        return self.run("--selftest", "--full").strip()

    def analysis(self) -> str:
        """The same rows as from source."""
        self.run("analyze", CLIP, "-o", self.work / "packaged")
        source = [sys.executable, "-m", "app", "analyze", str(CLIP), "-o", str(self.work / "source")]
        subprocess.run(
            source, cwd=ROOT, check=True, capture_output=True, env=os.environ | {"HOME": str(self.home)}
        )
        packaged, from_source = (next((self.work / p).glob("*/faces.csv")) for p in ("packaged", "source"))
        assert packaged.read_bytes() == from_source.read_bytes(), "other rows than from source"
        return f"{rows(packaged)} rows, the same as from source"

    def window(self) -> str:
        """It opens, plays, takes its own picture, closes; what it recorded is whole."""
        picture = self.work / "window.png"
        self.run("--record", "--screenshot", picture, "--after", SECONDS)
        assert picture.stat().st_size > 50_000, "an empty window"
        kept = ROOT / "dist/window.png"
        kept.parent.mkdir(exist_ok=True)
        shutil.copy(picture, kept)
        (session,) = self.home.rglob("session.json")
        told = json.loads(session.read_text("utf-8"))
        faces = session.parent / "faces.csv"
        assert told["finished"] and told["rows"] == rows(faces) > 20 * SECONDS, told
        assert told["rows_sha256"] == hashlib.sha256(faces.read_bytes()).hexdigest()
        return f"{picture.stat().st_size // 1000} kB of picture, {told['rows']} rows recorded and whole"

    def start(self) -> str:
        """Window and first value are on the screen in time."""
        tried = []
        for _ in range(TRIES):
            said = self.run("--screenshot", self.work / "start.png", "--after", 2)
            times = tuple(float(t) for t in re.findall(r"on the screen ([\d.]+) s", said))
            assert len(times) == 2, said
            tried.append(times)
            if times[0] <= ON_SCREEN and times[1] <= FIRST_VALUE:
                break
        window, value = min(tried)
        assert window <= ON_SCREEN and value <= FIRST_VALUE, f"too late: {tried}"
        return f"window after {window:.2f} s, first value after {value:.2f} s"

    def network(self) -> str:
        """No socket but the screen's own."""
        strace = shutil.which("strace") if LINUX else None
        if strace is None:
            return "left out: strace is not installed"
        trace = self.work / "trace"
        before = [strace, "-f", "-qq", "-e", "trace=socket,connect,bind,sendto", "-o", str(trace)]
        self.run("--screenshot", self.work / "traced.png", "--after", 40, before=before)
        opened = [line for line in trace.read_text().splitlines() if "AF_INET" in line]
        assert not opened, opened
        strange = [f for f in self.home.rglob("*") if f.is_file() and "mien" not in str(f).lower()]
        assert not [f for f in strange if "onnxruntime" in str(f)], strange
        local = trace.read_text().count("AF_UNIX")
        return f"no socket towards a network in 40 s, {local} local ones for the screen"


def rows(path: Path) -> int:
    """How many rows the CSV file `path` has, without its first line."""
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


@contextmanager
def screen() -> Iterator[str | None]:
    """A screen to open windows on: Xvfb's on Linux, elsewhere the one that is there."""
    if not LINUX:
        yield None
        return
    if not shutil.which("Xvfb"):
        raise SystemExit("Xvfb is needed: apt-get install xvfb")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)  # else a server that does not start would be waited for without end
        with os.fdopen(reading) as said:
            number = said.readline().strip()
        if not number:
            raise SystemExit("Xvfb does not start here: try it by hand.")
        try:
            yield f":{number}"
        finally:
            server.terminate()


def main(program: Path) -> None:
    """Tries the packaged `program`, step by step. Raises SystemExit with what failed."""
    with tempfile.TemporaryDirectory() as work, screen() as display:
        smoke = Smoke(program, Path(work), display)
        print("network:   taken away" if smoke.alone else "network:   could not be taken away here")
        steps: tuple[Callable[[], str], ...] = (
            smoke.version, smoke.selftest, smoke.analysis, smoke.window, smoke.start, smoke.network
        )  # fmt: skip
        for step in steps:
            begun = time.perf_counter()
            try:
                said = step()
            except AssertionError as error:
                raise SystemExit(f"FAILED: {step.__name__}: {error}") from error
            print(f"{step.__name__ + ':':<10} {said.replace(chr(10), chr(10) + ' ' * 11)}", end=" ")
            print(f"[{time.perf_counter() - begun:.1f} s]", flush=True)
    print("The packaged program works.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
