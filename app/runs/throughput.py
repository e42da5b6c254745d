"""`mien bench --files N`: how many files a minute one worker measures, and two."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from app.system import paths
from app.system.errors import UserError

SECONDS = 2.0  # of each file that are measured: many short files show what a file costs


def program() -> list[str]:
    """The words that start Mien as it runs here."""
    if paths.is_packaged():
        return [sys.executable]
    return [sys.executable, "-m", "app"]


def throughput(file: Path, count: int, options: Sequence[str] = ()) -> str:
    """Measures `count` copies of `file` in each way; gives a table for the terminal. Raises UserError.

    `options` are further words behind `mien analyze`, such as --precision float32.

    Each way begins with the start of its processes, and has its own folder, so that nothing is done already.
    """
    with tempfile.TemporaryDirectory(prefix="mien-") as name:
        folder = Path(name)
        files = folder / "files"
        files.mkdir()
        for number in range(count):
            _copy(file, files / f"{number:04}{file.suffix}")
        ways: dict[str, Sequence[Sequence[str]]] = {
            "1 worker": [["--jobs", "1"]],
            "2 workers": [["--jobs", "2"]],
            "2 independent processes": [["--shard", "1/2"], ["--shard", "2/2"]],
        }
        if importlib.util.find_spec("distributed") is not None:
            ways["2 workers of a Dask cluster"] = [["--cluster", "local", "--jobs", "2"]]
        rates = {
            way: 60
            * count
            / _seconds(files, folder / str(number), [[*words, *options] for words in commands])
            for number, (way, commands) in enumerate(ways.items())
        }
    independent = rates["2 independent processes"]
    lines = [f"{count} files, the first {SECONDS:g} s of {file.name} each"]
    lines += [f"{way:28} {rate:6.1f} files a minute" for way, rate in rates.items()]
    lines += [
        f"{'efficiency':28} {rates[way] / independent:6.2f} {way}, of 2 independent processes"
        for way in ways
        if way.startswith("2 workers")
    ]
    return "\n".join(lines)


def _copy(file: Path, to: Path) -> None:
    if not file.exists():
        raise UserError(f"{file} does not exist: check its name.")
    if not file.is_file():
        raise UserError(f"{file} is no file: name a video.")
    try:
        shutil.copy(file, to)
    except OSError as error:
        raise UserError(f"{file} cannot be copied ({error.strerror}): name a video that plays.") from error


def _seconds(files: Path, out: Path, commands: Sequence[Sequence[str]]) -> float:
    """How long the commands take, all at the same time."""
    begun = time.perf_counter()
    running = list[subprocess.Popen[str]]()
    try:
        for words in commands:
            running.append(_started(files, out, words))
        for process in running:
            said = process.communicate()[1]
            if process.returncode:
                last = (said.strip().splitlines() or [""])[-1]
                raise UserError(f"The files could not be measured ({last}): name a video that plays.")
    finally:
        for process in running:
            process.terminate()
        for process in running:  # nobody writes into a folder that is being removed
            if process.stderr is not None and not process.stderr.closed:
                process.communicate()
    return time.perf_counter() - begun


def _started(files: Path, out: Path, words: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*program(), "analyze", str(files), "-o", str(out), "--seconds", str(SECONDS), *words],
        cwd=paths.PACKAGE.parent, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
