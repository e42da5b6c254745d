"""Makes files and folders below one folder obey the rules of Windows, where this process can see it.

Python reports what it opens, renames and removes to audit hooks, and a hook may refuse it; see
https://docs.python.org/3/library/audit_events.html. Which names Windows refuses is said in
https://learn.microsoft.com/windows/win32/fileio/naming-a-file. A file that is open cannot be renamed,
replaced or removed, nor can a folder that holds one, since Python opens files without FILE_SHARE_DELETE.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST = 259  # UTF-16 units of a path
BEFORE = 60  # of them for the folder that the user chose: C:\\Users\\...\\Documents\\Mien sessions
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
watched: list[Path] = []  # folders below which the rules hold


def refused(path: Path) -> str:
    """Why Windows refuses the relative path `path`; "" where it takes it."""
    for name in path.parts:
        if found := re.search(r'[<>:"|?*\\\x00-\x1f]', name):
            return f"{name!r} holds {found[0]!r}"
        if name.endswith((".", " ")):
            return f"{name!r} ends in a dot or a space"
        if DEVICES.fullmatch(name.partition(".")[0].rstrip()):
            return f"{name!r} is a device"
    if len(str(path).encode("utf-16-le")) // 2 + BEFORE > LONGEST:
        return f"{str(path)!r} is too long"
    return ""


@contextmanager
def windows_rules(folder: Path) -> Iterator[None]:
    """While the block runs, what breaks a rule below `folder` raises OSError, as on Windows."""
    if sys.platform != "linux":
        raise RuntimeError("The open files of a process are read from Linux alone.")
    watched.append(folder.resolve())
    try:
        yield
    finally:
        watched.pop()


def opened() -> list[Path]:
    """The files that this process has open; folders do not count."""
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            path = entry.readlink()
        except OSError:  # the one with which the list was read
            continue
        if path.is_file():
            found.append(path)
    return found


def hook(event: str, arguments: tuple[object, ...]) -> None:
    """Refuses what Windows would refuse."""
    if not watched:
        return
    if event == "open":
        path, flags = arguments[0], int(arguments[2] or 0)  # type: ignore[call-overload]
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            _may_be_called(_below(path))
    elif event == "os.mkdir":
        _may_be_called(_below(arguments[0], arguments[2]))
    elif event == "os.remove":
        _is_closed(_below(*arguments[:2]))
    elif event == "os.rename":
        before, after = _below(arguments[0], arguments[2]), _below(arguments[1], arguments[3])
        _may_be_called(after)
        _is_closed(before)
        _is_closed(after)


def _below(path: object, folder: object = -1) -> Path | None:
    """The absolute path, if it lies below a watched folder; `folder` is the number of an open one."""
    if not isinstance(path, str | bytes | os.PathLike):
        return None
    found = Path(os.fsdecode(path))
    if isinstance(folder, int) and folder >= 0:
        found = Path(f"/proc/self/fd/{folder}").readlink() / found
    found = found.parent.resolve() / found.name
    return found if any(found.is_relative_to(top) for top in watched) else None


def _may_be_called(path: Path | None) -> None:
    if path is not None:
        top = next(top for top in watched if path.is_relative_to(top))
        if why := refused(path.relative_to(top)):
            raise OSError(errno.EINVAL, f"Windows refuses this name: {why}", str(path))


def _is_closed(path: Path | None) -> None:
    if path is not None and (held := [file for file in opened() if file.is_relative_to(path)]):
        raise PermissionError(errno.EACCES, f"Windows refuses this while {held[0].name} is open", str(path))


if sys.platform == "linux":
    sys.addaudithook(hook)
