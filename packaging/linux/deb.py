"""Makes the Debian package of the packaged program."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import desktop

ROOT = Path(__file__).parents[2]
CONTROL = """Package: mien
Version: {version}
Architecture: {architecture}
Maintainer: The Mien developers <mien@localhost>
Installed-Size: {kilobytes}
Depends: {depends}
Section: video
Priority: optional
Description: Reads faces live: eye centres, expression, valence and arousal
 A camera or a video goes in; for every face Mien shows the centres of the
 eyes, the expression, and how pleasant and how excited it looks, plots them
 as they change, and records them. Nothing leaves the computer.
"""


def build(program: Path, version: str, out: Path, when: int) -> Path:
    """The package in the folder `out`; `program` is the packaged folder. Needs dpkg-deb and objdump.

    The same `program` and the same time `when`, in seconds since 1970, give the same bytes.
    """
    asked = ["dpkg", "--print-architecture"]
    architecture = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    package = out / f"mien_{version}_{architecture}.deb"
    with tempfile.TemporaryDirectory(dir=out) as work:
        tree = Path(work) / "tree"
        shutil.copytree(program, tree / "usr/lib/mien", symlinks=True)
        (tree / "usr/bin").mkdir(parents=True)
        (tree / "usr/bin/mien").symlink_to("../lib/mien/mien")
        for source, place in (
            ("assets/icon.svg", "usr/share/icons/hicolor/scalable/apps/mien.svg"),
            ("assets/icon.png", "usr/share/icons/hicolor/256x256/apps/mien.png"),
            ("LICENSE", "usr/share/doc/mien/copyright"),
        ):
            (tree / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, tree / place)
        entry = tree / "usr/share/applications/mien.desktop"
        entry.parent.mkdir(parents=True)
        entry.write_text(desktop.ENTRY, "utf-8")
        size = sum(f.stat().st_size for f in tree.rglob("*") if f.is_file() and not f.is_symlink())
        (tree / "DEBIAN").mkdir()
        control = CONTROL.format(
            version=version,
            architecture=architecture,
            kilobytes=size // 1024,
            depends=", ".join(depends(program)),
        )
        (tree / "DEBIAN/control").write_text(control, "utf-8")
        for path in tree.rglob("*"):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        tree.chmod(0o755)
        command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z2", "--build", str(tree), str(package)]
        environment = os.environ | {"SOURCE_DATE_EPOCH": str(when)}
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return package


def depends(program: Path) -> list[str]:
    """Debian's packages of all libraries that the program's files name and do not bring along."""
    files = [
        file for file in program.rglob("*") if file.is_file() and (".so" in file.name or file.name == "mien")
    ]
    brought = {file.name for file in program.rglob("*.so*")}
    needed = set()
    for file in files:
        head = subprocess.run(["objdump", "-p", file], capture_output=True, text=True, check=False).stdout
        needed |= set(re.findall(r"NEEDED\s+(\S+)", head))
    packages = {_package(library) for library in needed - brought}
    libc = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", "libc6"], capture_output=True, text=True, check=True
    )
    return sorted((packages - {"libc6"}) | {f"libc6 (>= {libc.stdout.split('-')[0]})"})


def _package(library: str) -> str:
    """The package that holds a library. Raises SystemExit where none on this machine does."""
    done = subprocess.run(["dpkg", "-S", f"*/{library}"], capture_output=True, text=True, check=False)
    names = {line.split(":")[0] for line in done.stdout.splitlines() if line.endswith(f"/{library}")}
    if not names:
        raise SystemExit(
            f"The package needs {library}, which is not installed here: bring it along or leave out."
        )
    return min(names)
