"""Builds the packaged program, tries it, and packs it: `make package`, or run this with Python 3.11 to 3.13.

Everything happens in a virtual environment of its own, made from packaging/package.lock. The results lie in
dist/: the folder `mien`, the downloads made of it, and SHA256SUMS.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
import sys
import tarfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from app import __version__ as VERSION  # noqa: E402, N812

WORK, DIST = ROOT / ".build/package", ROOT / "dist"
SYSTEM = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
UNPACKED, PACKED = 319, 150  # MB at most
# What Windows shows as the properties of mien.exe.
WINDOWS = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("ProductName", "Mien"), StringStruct("FileDescription", "Mien reads faces live"),
      StringStruct("FileVersion", "{version}"), StringStruct("ProductVersion", "{version}"),
      StringStruct("LegalCopyright", "Apache License 2.0"), StringStruct("OriginalFilename", "mien.exe")])]),
    VarFileInfo([VarStruct("Translation", [1033, 1200])])
  ]
)
"""


def run(*command: object) -> None:
    """Runs `command` in the checkout. Raises CalledProcessError when it fails."""
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


def environment() -> Path:
    """A fresh virtual environment with what the lock names; the path of its Python."""
    print("Making a virtual environment from packaging/package.lock", flush=True)
    venv.create(WORK / "venv", clear=True, with_pip=True)
    python = WORK / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    quiet = ("--disable-pip-version-check", "--quiet", "--no-deps", "--require-hashes")
    run(python, "-m", "pip", "install", *quiet, "-r", "packaging/package.lock")
    return python


def freeze(python: Path) -> Path:
    """The packaged program; its path."""
    print("Packaging", flush=True)
    numbers = (*(int(n) for n in VERSION.split(".")), 0)
    (WORK / "version.txt").write_text(WINDOWS.format(numbers=numbers, version=VERSION), "utf-8")
    places = ("--distpath", DIST, "--workpath", WORK / "work")
    run(python, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *places, "packaging/mien.spec")
    if sys.platform == "win32":
        return DIST / "mien/mien-console.exe"
    return DIST / ("Mien.app/Contents/MacOS/mien" if sys.platform == "darwin" else "mien/mien")


def pack() -> list[Path]:
    """The downloads for this system."""
    print("Packing", flush=True)
    name = f"mien-{VERSION}-{SYSTEM}-{platform.machine().lower()}"
    if sys.platform == "win32":
        return [Path(shutil.make_archive(str(DIST / name), "zip", DIST, "mien"))]
    archive = DIST / f"{name}.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=9) as file:
        if sys.platform == "darwin":
            file.add(DIST / "Mien.app", "Mien.app")
        else:
            file.add(DIST / "mien", f"mien-{VERSION}", filter=_nobody)
    if SYSTEM == "linux" and shutil.which("dpkg-deb"):
        import deb

        return [archive, deb.build(DIST / "mien", VERSION, DIST)]
    return [archive]


def _nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


def megabytes(path: Path) -> float:
    """Size of a file, or of all files in a folder; links count for nothing."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file() and not file.is_symlink()) / 1e6


def main() -> None:
    """Builds, tries and packs. Raises SystemExit when the result is too large."""
    shutil.rmtree(DIST, ignore_errors=True)
    python = environment()
    program = freeze(python)
    run(python, "packaging/smoke.py", program)
    unpacked = megabytes(DIST / ("Mien.app" if sys.platform == "darwin" else "mien"))
    downloads = pack()
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in downloads]
    (DIST / "SHA256SUMS").write_text("".join(sums), "utf-8")
    print(f"{unpacked:6.1f} MB unpacked")
    for file in downloads:
        print(f"{megabytes(file):6.1f} MB {file.relative_to(ROOT)}")
    if unpacked > UNPACKED or megabytes(downloads[0]) > PACKED:
        raise SystemExit(f"Too large: at most {UNPACKED} MB unpacked and {PACKED} MB packed are wanted.")


if __name__ == "__main__":
    main()
