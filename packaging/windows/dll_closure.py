"""Asks whether Windows finds every DLL that the wheels of a lock load: `dll_closure.py [LOCK [PYTHON ...]]`.

Installs the wheels for Windows into a folder of their own, on any system, and reads what each library in them
imports. Each DLL must lie in the same wheel, in Python, in Windows itself, or in shiboken6, whose folder
`app/__init__.py` names to Windows. Prints where each is found, and ends with 1 where one is found
nowhere. Needs uv, pefile and a package index. Imports that are delayed until a call do not count.
"""

from __future__ import annotations

import fnmatch
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "packaging"))

SYSTEM = "Windows"
PYTHONS = ("3.11", "3.12", "3.13")
# What Python for Windows brings beside python.exe.
PYTHON = (
    "python3",
    "python3??",
    "vcruntime140",
    "vcruntime140_1",
    "sqlite3",
    "libffi-8",
)
# What lies in System32 of each Windows 10 and 11 with a desktop. Only the editions named "N" leave some out.
WINDOWS = """
    advapi32 api-ms-win-* authz avicap32 avrt bcrypt bcryptprimitives cfgmgr32 comctl32 comdlg32 crypt32
    d2d1 d3d11 d3d12 d3d9 d3dcompiler_47 dbghelp dcomp dnsapi dwmapi dwrite dxcore dxgi ext-ms-win-*
    gdi32 icuuc imagehlp imm32 iphlpapi kernel32 mpr msvcrt mswsock ncrypt netapi32 ntdll odbc32 ole32
    oleaut32 opengl32 pdh powrprof propsys psapi rpcrt4 secur32 setupapi shcore shell32 shlwapi ucrtbase
    uiautomationcore user32 userenv uxtheme version webservices winhttp wininet winmm winspool.drv
    ws2_32 wsock32 wtsapi32
""".split()  # noqa: SIM905  (one a line would be a page)
MEDIA = ("mf", "mfplat", "mfreadwrite")  # the editions named "N" lack these
# Nothing of Mien loads these, and the packaged program has none of them.
NEVER_LOADED = (
    "PySide6/qml/*",
    "PySide6/plugins/assetimporters/*",
    "PySide6/plugins/designer/*",
    "PySide6/plugins/imageformats/qpdf.dll",
    "PySide6/plugins/platforminputcontexts/*",
    "PySide6/plugins/qmltooling/*",
    "PySide6/plugins/sqldrivers/*",
)
SHARED = "shiboken6"  # brings Microsoft's C++ library, which ONNX Runtime and liblsl want and do not bring
PLACES = {
    "Python": PYTHON,
    SYSTEM: WINDOWS,
    f"{SYSTEM}, not in the editions N without its media pack": MEDIA,
}
Imports = Callable[[Path], list[str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A DLL, the wheel folder whose libraries import it, and where it is found: "" for nowhere."""

    name: str
    by: str
    found: str


def imports(library: Path) -> list[str]:
    """The DLLs that Windows loads with `library`."""
    import pefile

    with pefile.PE(str(library), fast_load=True) as read:
        read.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_IMPORT"]])
        return [entry.dll.decode("ascii") for entry in getattr(read, "DIRECTORY_ENTRY_IMPORT", [])]


def libraries(folder: Path) -> Iterator[Path]:
    """Everything in `folder` that Windows may load as a library, as paths below it."""
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder)
        never = any(fnmatch.fnmatch(inside.as_posix(), pattern) for pattern in NEVER_LOADED)
        if file.suffix.lower() in (".dll", ".pyd") and not never:
            yield inside


def closure(folder: Path, read: Imports = imports) -> list[Wanted]:
    """Each DLL that the libraries in `folder` import. Names are compared without case, as Windows does."""
    there = {(file.parts[0], file.name.lower()) for file in libraries(folder)}
    wanted = {
        (name.lower(), file.parts[0]) for file in libraries(folder) for name in read(folder / file)
    }  # fmt: skip
    return [Wanted(name, by, _place(name, by, there)) for name, by in sorted(wanted)]


def _place(name: str, by: str, there: Collection[tuple[str, str]]) -> str:
    for wheel in (by, f"{by}.libs", by.removesuffix(".libs")):
        if (wheel, name) in there:
            return wheel
    for place, patterns in PLACES.items():
        if any(fnmatch.fnmatchcase(name.removesuffix(".dll"), pattern) for pattern in patterns):
            return place
    return SHARED if (SHARED, name) in there else ""


def install(lock: Path, python: str, folder: Path) -> None:
    """Unpacks into `folder` what `lock` has for Windows. Raises CalledProcessError."""
    from locks_fit import SYSTEMS, environment

    command = (
        sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(folder), "--no-deps",
        "--require-hashes", "--index-strategy=unsafe-best-match", f"--python-platform={SYSTEMS[SYSTEM]}",
        f"--python-version={python}", "-r", str(lock),
    )  # fmt: skip
    subprocess.run(command, check=True, env=environment())


def say(title: str, found: list[Wanted]) -> None:
    """Prints where each DLL of one lock and Python is found."""
    print(f"{title}: {len({wanted.name for wanted in found})} DLLs are imported")
    for place in sorted({wanted.found for wanted in found if wanted.found}, key=str.lower):
        here = sorted({wanted.name for wanted in found if wanted.found == place})
        borrowers = sorted({w.by for w in found if w.found == place == SHARED != w.by})
        of_others = f" (also for {', '.join(borrowers)})" if borrowers else ""
        print(f"  in {place}{of_others}: {', '.join(here)}")


def main(lock: Path = ROOT / "packaging/package.lock", pythons: tuple[str, ...] = ()) -> None:
    """Prints a table for each Python. Raises SystemExit where a DLL is found nowhere."""
    missing = []
    for python in pythons or PYTHONS:
        title = f"{lock.name}, Windows, Python {python}"
        with tempfile.TemporaryDirectory() as work:
            install(lock, python, Path(work))
            found = closure(Path(work))
        say(title, found)
        missing += [f"{title}: {w.name}, wanted by {w.by}" for w in found if not w.found]
    if missing:
        raise SystemExit("Found nowhere: " + "; ".join(missing))


if __name__ == "__main__":
    chosen = sys.argv[1:]
    main(*map(Path, chosen[:1]), pythons=tuple(chosen[1:]))
