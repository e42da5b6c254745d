"""Compares speed and memory of the program with an earlier commit: `python -m export.limits.ratio COMMIT`.

Needs: git, Linux or macOS, and an environment in which both run; --python names the Python of another one for
COMMIT, which may need packages that are gone from this one. Prints a table. COMMIT is checked out into a
folder that is removed again; the two take turns in processes of their own, on the same 720p pictures.
Each figure is the median over the turns. Let nothing else run meanwhile: the load is printed, too.

  python -m export.limits.ratio eb42db4
  python -m export.limits.ratio eb42db4 --pairs 3 --window 1
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter

from app.system.errors import UserError
from export.data.places import ROOT
from export.training import outcome
from export.training.arguments import parser as new_parser
from export.training.arguments import positive

SIZE = "1280x720"
FACES = (1, 4)
MEGABYTE = 1e6
Figures = dict[str, float]
"""What one turn gave, by the name in the table."""
BENCH = {
    "ms a frame, median": r"^total +([\d.]+)",
    "ms of detect, median": r"^detect +([\d.]+)",
    "ms of processor time a frame": r"^([\d.]+) ms of processor time",
}
WINDOW = {
    "ms from capture to paint, median": r"^latency +([\d.]+) ms",
    "% of one core": r"^processor +([\d.]+) %",
    "MB at the end": r"^memory .* ([\d.]+) MB at the end",
}


@dataclass(frozen=True, slots=True)
class Program:
    """One of the two that take turns."""

    name: str
    root: Path  # of its checkout
    python: str  # the interpreter that runs it


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has ended well, and what it used."""

    said: str
    seconds: float
    processor: float  # s, over all threads
    memory: float  # MB at most


def main(argv: list[str] | None = None) -> int:
    """0 when the table is printed; 2 where the commit or something it needs is missing, with one sentence."""
    parser = new_parser("limits.ratio", __doc__)
    parser.add_argument("commit", help="what this checkout is compared with, such as eb42db4")
    parser.add_argument("--python", default=sys.executable, help="runs COMMIT (default: this one)")
    parser.add_argument("--pairs", type=positive, default=5, help="turns of each (default: %(default)s)")
    parser.add_argument("--frames", type=positive, default=300, help="of a turn (default: %(default)s)")
    parser.add_argument("--window", type=positive, metavar="M", help="also the window, M minutes a turn")
    args = parser.parse_args(argv)
    return outcome.run(
        lambda: _compare(args.commit, args.python, args.pairs, args.frames, args.window), "nothing is kept."
    )


def _compare(commit: str, python: str, pairs: int, frames: int, minutes: int | None) -> None:
    with checkout(commit) as root, tempfile.TemporaryDirectory() as folder:
        base, present = Program(commit, root, python), Program("present", ROOT, sys.executable)
        _say(f"{pairs} turns each of {commit} and of this checkout; load {_load()}")
        for faces in FACES:
            clip = Path(folder) / f"{faces}.avi"
            with ProcessPoolExecutor(1, get_context("spawn")) as pool:  # its memory does not count
                pool.submit(write_clip, clip, faces, frames).result()
            found: dict[Program, list[Figures]] = {base: [], present: []}
            for turn in range(-1, pairs):  # the first fills the caches and does not count
                for program in (base, present) if turn % 2 else (present, base):
                    figures = measure(program, faces, frames, clip, minutes if turn >= 0 else None)
                    if turn >= 0:
                        found[program].append(figures)
            _say(table(faces, commit, found[base], found[present]))
        _say(f"load at the end {_load()}")


@contextmanager
def checkout(commit: str) -> Iterator[Path]:
    """A folder with the files of `commit`, which goes at the end. Raises FileNotFoundError for none."""
    if _git("rev-parse", "--quiet", "--verify", f"{commit}^{{commit}}", check=False):
        raise FileNotFoundError(f"{commit} is not in this repository; name one of its commits.")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "checkout"
        _git("worktree", "add", "--detach", root, commit)
        try:
            yield root
        finally:
            _git("worktree", "remove", "--force", root)


def measure(program: Program, faces: int, frames: int, clip: Path, minutes: int | None) -> Figures:
    """One turn of `program`: `mien bench` and `mien analyze`, and with `minutes` the window.

    `clip` has `frames` frames with so many faces. Raises UserError when it fails.
    """
    shown = ["--size", SIZE, "--copies", str(faces)]
    bench = run(program, "bench", "--frames", str(frames), *shown)
    figures = _read(bench.said, BENCH) | {"MB at most": bench.memory}
    with tempfile.TemporaryDirectory() as out:
        analysis = run(program, "analyze", str(clip), "--out", out)
    figures |= {
        "analyze: s": analysis.seconds,
        "analyze: s of processor time": analysis.processor,
        "analyze: MB at most": analysis.memory,
    }
    if minutes:
        live = run(program, "bench", "--live", "--minutes", str(minutes), *shown)
        figures |= {f"window: {name}": value for name, value in _read(live.said, WINDOW).items()}
    return figures


def run(program: Program, *arguments: str) -> Ended:
    """`mien ARGUMENTS` in a process of its own. Raises UserError when it fails."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [program.python, "-m", "app", *arguments]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        begun = perf_counter()
        process = subprocess.Popen(
            command, cwd=program.root, stdout=output, stderr=subprocess.STDOUT, env=environment
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read()
    if process.returncode:
        raise UserError(f"mien {arguments[0]} of {program.name} failed: {(said.splitlines() or ['?'])[-1]}")
    unit = 1 if sys.platform == "darwin" else 1024  # bytes
    return Ended(said, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * unit / MEGABYTE)


def write_clip(path: Path, faces: int, frames: int) -> None:
    """Writes the sample clip, played in a loop, with so many copies side by side, as Motion JPEG."""
    import cv2

    from app.analysis.stage_times import mosaic
    from app.sources.video import VideoFile
    from app.system import paths

    width, height = map(int, SIZE.split("x"))
    source = VideoFile(paths.sample_clip())
    source.open()
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), source.mode.rate, (width, height))
    for _ in range(frames):
        frame = source.read()
        if frame is None:
            source.open()
            frame = source.read()
        assert frame is not None  # `open` has made sure of one
        writer.write(mosaic(frame.image, (width, height), faces))
    writer.release()
    source.close()


def table(faces: int, commit: str, base: list[Figures], present: list[Figures]) -> str:
    """The medians over the turns of both, as lines with their ratios.

    The last line has the whole frame as a multiple of what the faces' landmarks alone take in `commit`: the
    median frame is one in which it does not search for new faces.
    """
    lines = [f"\n{f'{faces} face' + 's' * (faces > 1):<42}{commit:>10}{'present':>10}{'ratio':>8}"]
    for name in base[0]:
        before, now = (median(turn[name] for turn in turns) for turns in (base, present))
        lines.append(f"{name:<42}{before:10.2f}{now:10.2f}{now / before:8.2f}")
    mesh = median(turn["ms of detect, median"] for turn in base)
    multiples = [median(t["ms a frame, median"] for t in turns) / mesh for turns in (base, present)]
    lines.append(f"{f'frame, in detect stages of {commit}':<42}{multiples[0]:10.2f}{multiples[1]:10.2f}")
    return "\n".join(lines)


def _git(*arguments: str | Path, check: bool = True) -> int:
    """The exit code of git in this checkout; what it says is not shown."""
    quiet = subprocess.DEVNULL
    return subprocess.run(["git", *arguments], cwd=ROOT, check=check, stdout=quiet, stderr=quiet).returncode


def _read(said: str, patterns: dict[str, str]) -> Figures:
    """The numbers that a command printed. Raises UserError when one is not there."""
    figures = {}
    for name, pattern in patterns.items():
        match = re.search(pattern, said, re.MULTILINE)
        if match is None:
            raise UserError(f"No figure for {name!r} was printed: choose a commit with this command.")
        figures[name] = float(match[1])
    return figures


def _load() -> str:
    return f"{os.getloadavg()[0]:.2f}"


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
