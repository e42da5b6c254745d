"""Starts Mien for the first time in many surroundings: `first_starts.py dist/mien/mien [FOLDER]`.

Each start has a home of its own, and opens the window without any option, as a double click does. It passes
if the window is there, paints, and closes when it is asked to, with exit code 0 and without a traceback. With
FOLDER a picture of each is kept there, and one of the whole screen where ImageMagick is. A start whose tools
are missing is left out and named.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

WAITS = 60.0  # s for a screen to be there, or a window
OPEN = 8.0  # s that the window stays open


@dataclass(frozen=True, slots=True)
class Start:
    """One first start: where it runs, and what it needs."""

    name: str
    how: str  # for people
    screen: tuple[str, ...]  # the command that makes it; {work} is a folder of the start's own
    tools: tuple[str, ...]
    said: dict[str, str] = field(default_factory=dict)  # environment variables


SOCKET = "wayland-mien"
# Ends when it is asked to: then Weston ends, and Xvfb with its last client.
NESTED = f"""Xvfb :$1 -terminate -nolisten tcp -screen 0 2800x800x24 &
while ! [ -e /tmp/.X11-unix/X$1 ]; do sleep 0.1; done
DISPLAY=:$1 exec weston --backend=x11-backend.so --output-count=2 --width=1366 --height=768 --idle-time=0 \
  --socket={SOCKET}"""
XVFB = ("Xvfb", ":{number}", "-nolisten", "tcp", "-screen", "0")
STARTS = (
    Start("no camera", "Xvfb of 1440 x 900, no device file", (*XVFB, "1440x900x24"), ("Xvfb",)),
    Start("small screen", "Xvfb of 1366 x 768", (*XVFB, "1366x768x24"), ("Xvfb",)),
    Start("two screens", "Weston with two screens side by side, in Xvfb, which has but one",
          ("sh", "-c", NESTED, "sh", "{number}"), ("Xvfb", "weston"),
          {"WAYLAND_DISPLAY": SOCKET, "QT_QPA_PLATFORM": "wayland"}),
    Start("few colours", "Xvfb with 16 bits a pixel, as over a slow remote desktop", (*XVFB, "1280x800x16"),
          ("Xvfb",)),
    Start("remote desktop", "an X server that is only seen over VNC (Xvnc), without OpenGL",
          ("Xvnc", ":{number}", "-SecurityTypes", "None", "-localhost", "-geometry", "1366x768", "-extension",
           "GLX"), ("Xvnc",)),
    Start("Turkish", "Xvfb, LANG=tr_TR.UTF-8: a decimal comma, and an i with and without its dot",
          (*XVFB, "1440x900x24"), ("Xvfb", "localedef"), {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"}),
    Start("plain C locale", "Xvfb, LC_ALL=C and PYTHONUTF8=0", (*XVFB, "1440x900x24"), ("Xvfb",),
          {"LC_ALL": "C", "PYTHONUTF8": "0"}),
    Start("Wayland", "Weston without a screen of its own, and no X server",
          ("weston", "--backend=headless-backend.so", f"--socket={SOCKET}", "--idle-time=0",
           "--width=1366", "--height=768"), ("weston",),
          {"WAYLAND_DISPLAY": SOCKET, "QT_QPA_PLATFORM": "wayland"}),
)  # fmt: skip


def lacks(start: Start) -> str:
    """What it needs and does not find; "" for nothing."""
    return next((tool for tool in start.tools if shutil.which(tool) is None), "")


@contextmanager
def screen(start: Start, work: Path, environment: dict[str, str]) -> Iterator[None]:
    """The start's screen, while the block runs."""
    number = next(n for n in range(70, 170) if not Path(f"/tmp/.X11-unix/X{n}").exists())
    command = [part.format(number=number, work=work) for part in start.screen]
    if "WAYLAND_DISPLAY" in start.said:
        there = work / "run" / SOCKET
    else:
        there = Path(f"/tmp/.X11-unix/X{number}")
        environment["DISPLAY"] = f":{number}"
    with subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as server:  # fmt: skip
        try:
            wait(there.exists, f"{command[0]} does not start")
            yield
        finally:
            server.terminate()


def wait(condition: Callable[[], bool], otherwise: str) -> None:
    """Raises SystemExit with `otherwise` if it is not so in time."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > WAITS:
            raise SystemExit(f"FAILED: {otherwise}")
        time.sleep(0.1)


def turkish(work: Path) -> dict[str, str]:
    """The Turkish locale, made in `work` where the system has none."""
    made = work / "locales/tr_TR.UTF-8"
    made.parent.mkdir()
    subprocess.run(["localedef", "-i", "tr_TR", "-f", "UTF-8", str(made)], check=False, capture_output=True)
    return {"LOCPATH": str(made.parent)}


def attempt(start: Start, program: Path, work: Path, pictures: Path | None) -> str:
    """Starts it for a picture of itself, then as a user does, until a signal; gives what came of it."""
    environment = {
        "HOME": str(work / "home"),
        "XDG_RUNTIME_DIR": str(work / "run"),
        "LANG": "C.UTF-8",
    } | start.said
    for name in ("home", "run"):
        (work / name).mkdir(mode=0o700)
    if start.name == "Turkish":
        environment |= turkish(work)
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "TMPDIR")}
    with screen(start, work, environment):
        everything = kept | environment
        picture = work / "home/first.png"
        shot = subprocess.run(
            [str(program), "--screenshot", str(picture), "--after", "3"], env=everything,
            capture_output=True, text=True, errors="replace", timeout=10 * WAITS, check=False,
        )  # fmt: skip
        if shot.returncode or "Traceback" in shot.stderr or not picture.exists():
            raise SystemExit(f"FAILED: {start.name}: {shot.returncode}\n{shot.stdout}{shot.stderr}")
        if pictures is not None:
            shutil.copy(picture, pictures / f"{start.name.replace(' ', '-')}.png")
        with subprocess.Popen([str(program)], env=everything, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, start_new_session=True) as running:  # fmt: skip
            time.sleep(OPEN)
            if running.poll() is not None:
                raise SystemExit(f"FAILED: {start.name}: it ended by itself: {running.communicate()}")
            if pictures is not None and "DISPLAY" in environment and shutil.which("import"):
                whole = pictures / f"{start.name.replace(' ', '-')}-screen.png"
                subprocess.run(["import", "-window", "root", str(whole)], env=everything, check=False)
            os.killpg(running.pid, signal.SIGTERM)
            _, errors = running.communicate(timeout=10 * WAITS)
            if running.returncode or b"Traceback" in errors:
                raise SystemExit(
                    f"FAILED: {start.name}: {running.returncode} {errors.decode(errors='replace')}"
                )
    log = work / "home/.local/state/mien/log/mien.log"
    warned = len(log.read_text("utf-8").splitlines()) if log.exists() else 0
    return f"picture of {picture.stat().st_size // 1000} kB, closed when asked, {warned} lines in the log"


def main(program: Path, pictures: Path | None = None) -> None:
    """Tries all. Raises SystemExit with the first that fails."""
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    for start in STARTS:
        if lack := lacks(start):
            print(f"{start.name}: left out, since {lack} is missing", flush=True)
            continue
        with tempfile.TemporaryDirectory() as work:
            Path(work).chmod(0o755)
            said = attempt(start, program.resolve(), Path(work), pictures)
        print(f"{start.name}: {said}", flush=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
