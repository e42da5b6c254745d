"""Asks for each system and Python whether the packages of all locks can be installed there.

`python packaging/locks_fit.py` prints a table, and ends with 1 where a package has no wheel though Mien
promises to run there. Nothing is installed; only descriptions are downloaded, so that a file is compared with
its hash when it is installed, not here. Needs uv and a package index.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
MACOS = "14.0"  # the oldest that ONNX Runtime has wheels for
# As uv names them, with a glibc: on x86-64 that of Debian 12, on ARM the oldest that Qt has wheels for.
SYSTEMS = {
    "Linux x86-64": "x86_64-manylinux_2_36",
    "Linux aarch64": "aarch64-manylinux_2_39",
    "Windows": "x86_64-pc-windows-msvc",
    "macOS arm64": "aarch64-apple-darwin",
    "macOS x86-64": "x86_64-apple-darwin",
}
SOURCES = {"yattag"}  # plain Python that is published without a wheel: it is built on any system
# uv does not read pip's settings: the same ones under its names.
SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
}


def environment() -> dict[str, str]:
    """This process's environment, in which uv asks the index that pip asks."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    )
    told = re.findall(r"^(?:global|install|:env:)\.([\w-]+)='(.*)'$", listed.stdout, re.MULTILINE)
    index = {SETTINGS[name]: value for name, value in told if name in SETTINGS}
    return index | os.environ | {"MACOSX_DEPLOYMENT_TARGET": MACOS}


def lacking(platform: str, python: str, locks: list[Path], environment: dict[str, str]) -> str:
    """What uv says of the first pin that has no wheel there; "" where all of them have."""
    uv = (
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "--dry-run",
        "--quiet",
        "--target",
        str(ROOT / ".build/none"),
    )
    # Whichever index has a wheel with that hash is the right one.
    how = ("--no-deps", "--require-hashes", "--index-strategy=unsafe-best-match")
    names = {name for lock in locks for name in re.findall(r"^([\w.-]+)==", lock.read_text("utf-8"), re.M)}
    wheels = [f"--only-binary={name}" for name in sorted(names - SOURCES)]
    where = (f"--python-platform={platform}", f"--python-version={python}")
    pins = [part for lock in locks for part in ("-r", str(lock))]
    done = subprocess.run(
        [*uv, *how, *wheels, *where, *pins], capture_output=True, text=True, check=False, env=environment
    )
    return " ".join(done.stderr.split()) if done.returncode else ""


def main() -> None:
    """Prints the table. Raises SystemExit where a Python that Mien promises lacks a wheel."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    promised = SpecifierSet(project["requires-python"])
    locks = sorted((ROOT / "packaging").glob("*.lock"))
    index = environment()
    failures = []
    print(f"{'':<14}", *(f"{python:<6}" for python in PYTHONS))
    for system, platform in SYSTEMS.items():
        found = {python: lacking(platform, python, locks, index) for python in PYTHONS}
        print(f"{system:<14}", *(f"{'lacks' if said else 'fits':<6}" for said in found.values()), flush=True)
        failures += [
            (python in promised, f"{system}, Python {python}: {said}")
            for python, said in found.items()
            if said
        ]
    for is_promised, said in failures:
        print(f"\n{said}{'' if is_promised else ' (Mien does not promise this one.)'}")
    if any(is_promised for is_promised, _ in failures):
        raise SystemExit("Not every pin can be installed where Mien says that it runs.")


if __name__ == "__main__":
    main()
