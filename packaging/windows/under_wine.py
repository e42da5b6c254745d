"""Installs and removes a stand-in of Mien under Wine, silently: `python packaging/windows/under_wine.py`.

So the installer's script is known to work, though no program of Windows is packaged here. Needs makensis,
Wine and Xvfb.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging"), str(Path(__file__).parent)]
import installer  # noqa: E402
import smoke  # noqa: E402

from app import __version__  # noqa: E402

UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Mien"
FOLDERS = r"HKCU\Software\Classes\Directory\shell\Mien\command"
PLACE = "Programs/Größe ü 顔"  # a folder that somebody may choose
HANGS = 300  # s that no run takes
STARTS = 10  # s until a program runs for certain
# A program of Windows that does nothing for ten minutes, for makensis.
WAITS = """
Target amd64-unicode
Name waits
OutFile "{out}"
RequestExecutionLevel user
SilentInstall silent
Section
  Sleep 600000
SectionEnd
"""
RUNNING = 2  # the installer's exit code while Mien runs


class Windows:
    """A fresh Windows of Wine's, in the folder `prefix`."""

    def __init__(self, prefix: Path, display: str | None) -> None:
        self.drive = prefix / "drive_c"
        home = prefix.with_name("home")  # Wine links the folders of its user to those of this one
        for folder in (home / "Documents", home / "config"):
            folder.mkdir(parents=True)
        (home / "config/user-dirs.dirs").write_text('XDG_DOCUMENTS_DIR="$HOME/Documents"\n', "utf-8")
        kept = {
            "WINEPREFIX": str(prefix),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe=d",  # nothing into this system's menus
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "data"),
        }
        self.environment = os.environ | kept | {"DISPLAY": display or "", "LC_ALL": "C.UTF-8"}
        self.run("wineboot", "--init")

    def run(self, *command: object, code: int = 0) -> str:
        """What a program says that ends with this exit `code`. Raises AssertionError where it does not."""
        done = subprocess.run(
            ["wine", *map(str, command)], env=self.environment, capture_output=True, text=True, timeout=HANGS,
            check=False, errors="replace",
        )  # fmt: skip
        assert done.returncode == code, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def value(self, key: str, name: str | None = None) -> str | None:
        """A value of the registry; None where it is not there. A number is `dword:` and its digits."""
        file = self.drive / "exported.reg"
        file.unlink(missing_ok=True)
        command = ["wine", "reg", "export", key, "C:\\exported.reg", "/y"]
        subprocess.run(command, env=self.environment, capture_output=True, check=False)
        if not file.exists():
            return None
        head = f'"{name}"=' if name else "@="
        lines = [line for line in file.read_text("utf-16").splitlines() if line.startswith(head)]
        told = lines[0].removeprefix(head) if lines else None
        return re.sub(r"\\(.)", r"\1", told[1:-1] if told.startswith('"') else told) if told else None

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Raises AssertionError if it is not so in time."""
        begun = time.monotonic()
        while not condition():
            assert time.monotonic() - begun < HANGS, "it does not end"
            time.sleep(0.2)

    def home(self) -> Path:
        """The folder of the only user."""
        return next(folder for folder in (self.drive / "users").iterdir() if folder.name != "Public")

    def end(self) -> None:
        """Ends what still runs in it."""
        subprocess.run(["wineserver", "-k"], env=self.environment, check=False)


def stand_in(folder: Path) -> Path:
    """A folder with the shape of the packaged program: many files, deep ones, names of several alphabets."""
    inside = folder / "_internal"
    for name in ("app/shipped/models/affect.onnx", "PySide6/plugins/platforms/qwindows.dll", "ü 顔.txt",
                 "/".join(["deep"] * 20) + "/file.txt"):  # fmt: skip
        (inside / name).parent.mkdir(parents=True, exist_ok=True)
        (inside / name).write_bytes(name.encode() * 1000)
    for i in range(200):
        (inside / f"part{i}.pyd").write_bytes(bytes([i]) * 5000)
    (folder / "mien-console.exe").write_bytes(b"mien-console")
    waits = WAITS.format(out=folder / "mien.exe")
    subprocess.run([installer.makensis() or "", "-V1", "-"], input=waits, text=True, check=True)
    return folder


def same(one: Path, other: Path) -> None:
    """Raises AssertionError unless `other` holds every file of `one`, with the same bytes."""
    for file in one.rglob("*"):
        if file.is_file():
            copy = other / file.relative_to(one)
            assert copy.is_file() and copy.read_bytes() == file.read_bytes(), copy


def trial(windows: Windows, setup: Path, program: Path) -> None:
    """Installs, installs over it, tries while it runs, removes. Raises AssertionError with what is wrong."""
    home, shortcut = windows.home(), r"AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Mien.lnk"
    usual = home / "AppData/Local/Programs/Mien"
    windows.run(setup, "/S")
    same(program, usual)
    assert (home / shortcut).is_file()
    print(f"installed:      {sum(1 for _ in usual.rglob('*'))} entries, menu entry", flush=True)
    windows.run(usual / "uninstall.exe", "/S", rf"_?={dos(usual, windows)}")
    assert [file.name for file in usual.iterdir()] == [
        "uninstall.exe"
    ]  # itself it can only delete from a copy

    chosen = windows.drive / PLACE
    # as the last time's; Wine would put quotes around /D=, which NSIS does not read
    windows.run("reg", "add", r"HKCU\Software\Mien", "/v", "Folder", "/d", dos(chosen, windows), "/f")
    windows.run(setup, "/S")
    same(program, chosen)
    assert windows.value(UNINSTALL, "DisplayVersion") == __version__
    assert (
        int((windows.value(UNINSTALL, "EstimatedSize") or "").removeprefix("dword:") or "0", 16) > 500
    )  # KiB
    assert windows.value(FOLDERS) == rf'"{dos(chosen, windows)}\mien.exe" "%1"'
    print("chosen folder:  installed, in the registry as a program, and in the menu of folders", flush=True)

    (chosen / "_internal/of an older version.dll").write_bytes(b"old")
    own, recording = chosen / "notes.txt", home / "Documents/Mien sessions/S1/faces.csv"
    assert (home / "Documents").resolve().is_relative_to(windows.drive.parents[1]), (
        "not the user's own folder"
    )
    recording.parent.mkdir(parents=True)
    for file in (own, recording):
        file.write_text("mine", "utf-8")
    windows.run(setup, "/S")  # into the folder of the last time
    same(program, chosen)
    assert not (chosen / "_internal/of an older version.dll").exists()
    print("upgrade:        in the same folder, nothing of the older version is left", flush=True)

    with subprocess.Popen(["wine", chosen / "mien.exe"], env=windows.environment) as running:
        time.sleep(STARTS)
        windows.run(setup, "/S", code=RUNNING)
        windows.run("taskkill", "/f", "/im", "mien.exe")
        running.wait(HANGS)
    same(program, chosen)
    print("while it runs:  refused with exit code 2, nothing is changed", flush=True)

    windows.run(chosen / "uninstall.exe", "/S")  # goes on in a copy of itself
    windows.wait_until(lambda: not (chosen / "uninstall.exe").exists())
    assert [file.name for file in chosen.iterdir()] == ["notes.txt"], list(chosen.iterdir())
    assert own.read_text("utf-8") == recording.read_text("utf-8") == "mine"
    assert not (home / shortcut).exists()
    assert windows.value(UNINSTALL, "DisplayName") is None and windows.value(FOLDERS) is None
    print(
        "removed:        program, menu and registry; recordings and a file of the user's are there",
        flush=True,
    )


def dos(path: Path, windows: Windows) -> str:
    r"""A path in the drive C of `windows` as Windows writes it: C:\..."""
    return "C:\\" + str(path.relative_to(windows.drive)).replace("/", "\\")


def main() -> None:
    """Raises SystemExit with what failed."""
    if missing := [name for name in ("wine", "wineserver") if not shutil.which(name)]:
        raise SystemExit(f"{missing[0]} is needed: apt-get install wine wine64")
    with tempfile.TemporaryDirectory() as work, smoke.screen() as display:
        program = stand_in(Path(work) / "mien")
        setup = installer.build(program, __version__, Path(work) / "mien-setup-trial.exe", 1_700_000_000)
        windows = Windows(Path(work) / "wine", display)
        try:
            trial(windows, setup, program)
        except AssertionError as error:
            raise SystemExit(f"FAILED: the installer under Wine: {error}") from error
        finally:
            windows.end()
    print("The installer works under Wine.")


if __name__ == "__main__":
    main()
