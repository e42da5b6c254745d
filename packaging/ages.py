"""Prints when each package of the program was published, the oldest first: `python packaging/ages.py [LOCK]`.

Asks the package index that pip asks, through uv, which writes the dates into a lock of its own. Needs uv.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from locks_fit import environment

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


def ages(lock: Path) -> list[tuple[str, str, str]]:
    """Name, version and day of publication of each package that `lock` has for Linux, the oldest first.

    The day is "" where the index does not say it. Raises CalledProcessError where uv fails.
    """
    found = PIN.findall(lock.read_text("utf-8"))
    pins = [pin for pin, marker in found if "darwin" not in marker and "win32" not in marker]
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
    rows = [
        (package["name"], package["version"], min(_days(package), default=""))
        for package in packages if package["name"] in wanted
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row[2])


def _days(package: dict[str, list[dict[str, str]]]) -> list[str]:
    files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    return [file["upload-time"][:10] for file in files if "upload-time" in file]


if __name__ == "__main__":
    for name, version, day in ages(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "packaging/run.lock"):
        print(f"{day or 'unknown':<12} {name} {version}")
