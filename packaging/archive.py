"""Archives that depend on what is packed alone: the same files give the same bytes."""

from __future__ import annotations

import hashlib
import lzma
import os
import tarfile
from pathlib import Path

PRESET = 2  # of xz; higher ones take minutes for a few MB
EARLIEST = 315_532_800  # 1980, with which zip files begin, in seconds since 1970


def same_times(folder: Path, when: int) -> None:
    """Gives every file in `folder` the time `when`, in seconds since 1970."""
    for path in (folder, *folder.rglob("*")):
        os.utime(path, (when, when), follow_symlinks=os.utime not in os.supports_follow_symlinks)


def tar(folder: Path, out: Path, name: str, when: int) -> Path:
    """Packs `folder` as `name` into the file `out`, whose bytes depend on `when` and the files alone."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = when
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
        return entry

    with (
        out.open("wb") as file,
        lzma.LZMAFile(file, "wb", preset=PRESET) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        archive.add(folder, name, recursive=False, filter=plain)
        for path in sorted(folder.rglob("*")):
            archive.add(path, f"{name}/{path.relative_to(folder).as_posix()}", recursive=False, filter=plain)
    return out


def sha256(file: Path) -> str:
    """The SHA-256 of a file, as hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def differences(one: Path, other: Path) -> list[str]:
    """What differs between two folders: names that one lacks, files with other bytes, links to elsewhere."""
    found = {
        folder: {p.relative_to(folder).as_posix(): p for p in folder.rglob("*")} for folder in (one, other)
    }
    here, there = found[one], found[other]
    return [
        name for name in sorted(here.keys() | there.keys())
        if name not in here or name not in there or _content(here[name]) != _content(there[name])
    ]  # fmt: skip


def _content(path: Path) -> str:
    if path.is_symlink():
        return f"-> {path.readlink()}"
    return "folder" if path.is_dir() else sha256(path)
