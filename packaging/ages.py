"""Prints when each package of the program was published, the oldest first: `python packaging/ages.py [LOCK]`.

Asks the package index that pip asks, through uv, which writes the dates into a lock of its own. Where the
index knows no date, the newest file in the package's wheel has one, marked with a tilde. Needs uv.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

from locks_fit import environment
from packaging.markers import Marker

ROOT = Path(__file__).parents[1]
PROJECT = """[project]
name = "ages"
version = "0"
requires-python = ">=3.11,<3.12"
dependencies = {pins}
[tool.uv]
environments = ["sys_platform == 'linux' and platform_machine == 'x86_64'"]
override-dependencies = {pins}
"""
PIN = re.compile(r"^([\w.-]+==[^\s;\\]+)(?: ; (.*?))? *\\?$", re.MULTILINE)
LINUX = {
    "sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64",
    "python_version": "3.11", "python_full_version": "3.11.2", "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
}  # fmt: skip
NO_DAYS = ("1980-01-01", "2020-02-02")  # in wheels that are built to have the same bytes each time


def ages(lock: Path) -> list[tuple[str, str, str]]:
    """Name, version and day of publication of each package that `lock` has for Linux, the oldest first.

    The day is "" where the index does not say it. Raises CalledProcessError where uv fails.
    """
    found = PIN.findall(lock.read_text("utf-8"))
    pins = [pin for pin, marker in found if not marker or Marker(marker).evaluate(dict(LINUX))]
    wanted = {pin.partition("==")[0] for pin in pins}
    with tempfile.TemporaryDirectory() as work:
        (Path(work) / "pyproject.toml").write_text(PROJECT.format(pins=pins), "utf-8")
        command = [
            sys.executable,
            "-m",
            "uv",
            "lock",
            "--quiet",
            "--index-strategy=unsafe-best-match",
            "--project",
            work,
        ]
        subprocess.run(command, check=True, env=environment())
        packages = tomllib.loads((Path(work) / "uv.lock").read_text("utf-8"))["package"]
        rows = []
        for package in (package for package in packages if package["name"] in wanted):
            name, version = package["name"], package["version"]
            rows.append((name, version, min(_days(package), default="") or _by_files(name, version, work)))
    return sorted(rows, key=lambda row: row[2].lstrip("~"))


def _by_files(name: str, version: str, work: str) -> str:
    folder = Path(work) / name
    command = (
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
        "--dest",
    )
    done = subprocess.run([*command, str(folder), f"{name}=={version}"], capture_output=True, check=False)
    if done.returncode:
        return ""
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        day = "{:04}-{:02}-{:02}".format(*max(info.date_time for info in wheel.infolist())[:3])
    return f"~{day}" if day not in NO_DAYS else ""


def _days(package: dict[str, list[dict[str, str]]]) -> list[str]:
    files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    return [file["upload-time"][:10] for file in files if "upload-time" in file]


if __name__ == "__main__":
    for name, version, day in ages(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "packaging/run.lock"):
        print(f"{day or 'unknown':<12} {name} {version}")
