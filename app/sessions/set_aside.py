"""Files of an interrupted session cut back to what is whole; what lies after damage is set aside."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from app.sessions.schema.limits import LONGEST_LINE
from app.system.plain_file import CHANGE, NEW, is_there, plain_binary

Check = Callable[[], None]  # is called every now and then; raises OSError when there is no time left
EVERY = 1000  # lines between two checks


def cut(path: Path, check: Check = lambda: None) -> Path | None:
    """Cuts the text file `path` back to its last line before any damage; gives what was set aside, or None.

    A line is whole when it ends, has as many commas as the first or is quoted, and holds no zero byte: after
    a power cut a file system may show zeros where data was on its way. Only a torn last line, and zeros, are
    thrown away; whole lines that follow are set aside. Raises OSError.
    """
    with plain_binary(path, CHANGE) as file:
        length = file.seek(0, os.SEEK_END)
        file.seek(0)
        first = file.readline(LONGEST_LINE)
        commas, end, number = first.count(b","), len(first), 1
        while end < length:
            line = file.readline(LONGEST_LINE)
            fits = line.count(b",") == commas or (b'"' in line and line.count(b",") > commas)
            if not line.endswith(b"\n") or b"\0" in line or not fits:
                break
            end, number = end + len(line), number + 1
            if number % EVERY == 0:
                check()
        if end >= length:
            return None
        aside = None if _is_torn(file, end, length) else _copy(file, path, end)
        _shorten(file, end)
    return aside


def cut_video(path: Path, end: int, marker: bytes) -> Path | None:
    """Cuts the video `path` back to its byte `end`; gives what was set aside, or None.

    A torn last picture is thrown away; where another one follows, which `marker` begins, all is set aside.
    Raises OSError.
    """
    with plain_binary(path, CHANGE) as file:
        length = file.seek(0, os.SEEK_END)
        if end >= length:
            return None
        aside = _copy(file, path, end) if _holds(file, end + len(marker), marker) else None
        _shorten(file, end)
    return aside


def move_aside(path: Path) -> Path:
    """Gives the file `path` another name in its folder, and gives that. Raises OSError."""
    aside = _other_name(path)
    path.rename(aside)
    return aside


def _is_torn(file: BinaryIO, start: int, length: int) -> bool:
    """Whether from `start` on there are only zeros, or a last line without its end."""
    file.seek(start)
    ends, at = 0, start
    while part := file.read(1 << 20):
        if (found := part.find(b"\n")) >= 0:
            ends = at + found + 1
            break
        at += len(part)
    return not ends or (not _anything(file, start, ends) and not _anything(file, ends, length))


def _anything(file: BinaryIO, start: int, end: int) -> bool:
    """Whether there is anything but zeros and line breaks from `start` until before `end`."""
    file.seek(start)
    while (left := end - file.tell()) > 0:
        if file.read(min(left, 1 << 20)).strip(b"\0\n"):
            return True
    return False


def _holds(file: BinaryIO, start: int, marker: bytes) -> bool:
    file.seek(start)
    before = b""
    while part := file.read(1 << 20):
        if marker in before + part:
            return True
        before = part[-len(marker) :]
    return False


def _copy(file: BinaryIO, path: Path, start: int) -> Path:
    aside = _other_name(path)
    file.seek(start)
    with plain_binary(aside, NEW) as rest:
        shutil.copyfileobj(file, rest, 1 << 20)
        rest.flush()
        os.fsync(rest.fileno())
    return aside


def _shorten(file: BinaryIO, end: int) -> None:
    file.truncate(end)
    file.flush()
    os.fsync(file.fileno())


def _other_name(path: Path) -> Path:
    """`faces-rest.csv` for faces.csv, or with a number where that is there."""
    names = (f"{path.stem}-rest{number or ''}{path.suffix}" for number in range(1000))
    return next(other for name in names if not is_there(other := path.with_name(name)))
