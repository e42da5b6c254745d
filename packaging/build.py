"""Builds the packaged program, tries it, and packs it: `make package`, or run this with Python 3.11 to 3.13.

Everything happens in a virtual environment of its own, made from packaging/package.lock. The results lie in
dist/: the folder `mien`, the downloads made of it, what they are made of, and SHA256SUMS. With --quick it
leaves out what takes long: the AppImage and every trial but that of the program itself.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), *(str(ROOT / "packaging" / part) for part in ("linux", "windows", "macos"))]
import archive  # noqa: E402

from app import __version__ as VERSION  # noqa: E402, N812

WORK, DIST = ROOT / ".build/package", ROOT / "dist"
SYSTEM = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
UNPACKED, PACKED = 420, 150  # MB at most, of the program and of each download
FEED = "MIEN_FEED"  # names the address of the feed of releases that this download is to know
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


def run(*command: object, **environment: str) -> None:
    """Runs `command` in the checkout. Raises SystemExit when it fails."""
    told = [str(part) for part in command]
    if subprocess.run(told, cwd=ROOT, check=False, env=os.environ | environment).returncode:
        raise SystemExit(f"FAILED: {' '.join(told[1:])}")


@contextmanager
def step(name: str) -> Iterator[None]:
    """Says what begins, and at its end how long it took and how much of a processor (none on Windows)."""
    print(name, flush=True)
    begun, before = time.perf_counter(), os.times()
    yield
    now = os.times()
    used = sum(now[:4]) - sum(before[:4])
    took = time.perf_counter() - begun
    print(f"{name}: done [{took:.0f} s, {used:.0f} s of processor time]", flush=True)


def when() -> int:
    """The time of every packaged file, in seconds since 1970: that of the commit, or SOURCE_DATE_EPOCH."""
    if told := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(told)
    command = ["git", "log", "-1", "--format=%ct"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return int(done.stdout) if done.returncode == 0 else archive.EARLIEST


def environment() -> Path:
    """A fresh virtual environment with what the lock names; the path of its Python."""
    venv.create(WORK / "venv", clear=True, with_pip=True)
    python = WORK / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    quiet = ("--disable-pip-version-check", "--quiet", "--no-deps", "--require-hashes")
    run(python, "-m", "pip", "install", *quiet, "-r", "packaging/package.lock")
    return python


def freeze(python: Path, out: Path) -> Path:
    """The packaged program in the folder `out`; gives the folder of the program, or on macOS its bundle."""
    numbers = (*(int(n) for n in VERSION.split(".")), 0)
    (WORK / "version.txt").write_text(WINDOWS.format(numbers=numbers, version=VERSION), "utf-8")
    (WORK / "feed.txt").unlink(missing_ok=True)
    if feed := os.environ.get(FEED):
        (WORK / "feed.txt").write_text(f"{feed}\n", "utf-8")
    places = ("--distpath", out, "--workpath", WORK / "work")
    same = {"SOURCE_DATE_EPOCH": str(when()), "PYTHONHASHSEED": "0"}  # so that it gives the same bytes again
    run(
        python, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "ERROR", *places,
        "packaging/mien.spec", **same,
    )  # fmt: skip
    made = out / ("Mien.app" if sys.platform == "darwin" else "mien")
    archive.same_times(made, when())
    return made


def program(folder: Path) -> Path:
    """The program that can be started in what `freeze` made."""
    names = {"win32": "mien-console.exe", "darwin": "Contents/MacOS/mien"}
    return folder / names.get(sys.platform, "mien")


def pack(made: Path, out: Path, *, quick: bool) -> list[Path]:
    """The downloads for this system in the folder `out`, made of what `freeze` gave."""
    name = f"mien-{VERSION}-{SYSTEM}-{platform.machine().lower()}"
    if sys.platform == "win32":
        import installer

        zipped = Path(shutil.make_archive(str(out / name), "zip", made.parent, made.name))
        if installer.makensis() is None:
            print("No installer is made: NSIS is not installed.")
            return [zipped]
        return [zipped, installer.build(made, VERSION, out / f"{name}-setup.exe", when())]
    if sys.platform == "darwin":
        import disk_image

        disk_image.sign(made)
        return [disk_image.build(made, out / f"{name}.dmg")]
    found = [archive.tar(made, out / f"{name}.tar.xz", f"mien-{VERSION}", when())]
    if shutil.which("dpkg-deb"):
        import deb

        found.append(deb.build(made, VERSION, out, when()))
    if not quick:
        import appimage
        import desktop

        (WORK / "mien.desktop").write_text(desktop.ENTRY, "utf-8")  # for the Flatpak
        found.append(appimage.build(made, VERSION, out, when()))
    return found


def accompany(made: Path, downloads: list[Path]) -> None:
    """Puts beside the downloads what they are made of, the licences, and the sums of all."""
    inside = made / ("Contents/Resources" if sys.platform == "darwin" else "_internal")
    files = list(downloads)
    for name in (f"mien-{VERSION}.cdx.json", "THIRD_PARTY_LICENSES.txt"):
        stem, dot, ending = name.partition("." if name.startswith("T") else ".cdx")
        copy = DIST / f"{stem}-{SYSTEM}-{platform.machine().lower()}{dot}{ending}"
        files.append(Path(shutil.copy(inside / name, copy)))
    sums = [f"{archive.sha256(file)}  {file.name}\n" for file in files]
    (DIST / "SHA256SUMS").write_text("".join(sums), "utf-8", newline="\n")


def megabytes(path: Path) -> float:
    """Size of a file, or of all files in a folder; links count for nothing."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file() and not file.is_symlink()) / 1e6


def same_again(python: Path, made: Path, first: Path) -> None:
    """Packages once more. Raises SystemExit where a file of `made` or the archive `first` has other bytes."""
    again = freeze(python, WORK / "again")
    if different := archive.differences(made, again):
        raise SystemExit(f"Built a second time, {len(different)} files differ: {', '.join(different[:5])}")
    second = archive.tar(again, WORK / first.name, f"mien-{VERSION}", when())
    if archive.sha256(first) != archive.sha256(second):
        raise SystemExit(f"Built a second time, {first.name} has other bytes.")
    print(f"Built a second time: every file and {first.name} have the same bytes.")


def main(*options: str) -> None:
    """Builds, tries and packs. Raises SystemExit when the result is too large, or a trial fails."""
    quick = "--quick" in options
    shutil.rmtree(DIST, ignore_errors=True)
    with step("Making a virtual environment from packaging/package.lock"):
        python = environment()
    with step("Packaging"):
        made = freeze(python, DIST)
    with step("Trying the program"):
        run(python, "packaging/smoke.py", program(made))
    unpacked = megabytes(made)
    with step("Packing"):
        downloads = pack(made, DIST, quick=quick)
        accompany(made, downloads)
    print(f"{unpacked:6.1f} MB unpacked")
    for file in downloads:
        print(f"{megabytes(file):6.1f} MB {file.relative_to(ROOT)}")
    if unpacked > UNPACKED or max(map(megabytes, downloads)) > PACKED:
        raise SystemExit(f"Too large: at most {UNPACKED} MB unpacked and {PACKED} MB packed are wanted.")
    if not quick:
        if SYSTEM == "linux":
            with step("Packaging a second time"):
                same_again(python, made, downloads[0])
        with step("Trying the downloads"):
            run(python, "packaging/trials.py", *downloads)


if __name__ == "__main__":
    main(*sys.argv[1:])
