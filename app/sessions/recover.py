"""Interrupted sessions, which a crash or a power cut left open: found, cut to whole lines, closed."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from app.sessions.header import sha256
from app.sessions.info import SessionError
from app.sessions.mkv import seal
from app.sessions.schema.files import FORMAT, INFO_FILE, ROW_FILES, ROWS_FILE, VIDEO_FILE
from app.system.atomic import replace_text

SILENT = 60.0  # s without a write after which a session of another computer counts as left
ENDED_BY = "the program or the computer stopped while recording; closed by a later start"


@dataclass(frozen=True, slots=True)
class Recovered:
    """An interrupted session that was closed and is whole again."""

    folder: Path
    frames: int
    rows: int
    seconds: float  # from its first row to its last

    def sentence(self) -> str:
        """What was recovered and where it is, for the user."""
        minutes, seconds = divmod(round(self.seconds), 60)
        length = f"{minutes}:{seconds:02} minutes" if minutes else f"{seconds} s"
        rows = "1 row" if self.rows == 1 else f"{self.rows} rows"
        return f"A recording was interrupted; {length} ({rows}) were recovered and are in {self.folder}."


def interrupted_sessions(sessions: Path) -> Iterator[Path]:
    """The folders in `sessions` of interrupted sessions: not finished, and no longer written."""
    for path in sorted(sessions.glob(f"*/{INFO_FILE}")):
        try:
            info = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue  # no session of ours
        ours = isinstance(info, dict) and info.get("format") == FORMAT
        if ours and info.get("finished") is False and not _is_written(path.parent, info):
            yield path.parent


def recover(folder: Path) -> Recovered:
    """Closes the interrupted session in `folder`; raises SessionError.

    This may be interrupted itself, and done again.
    """
    try:
        return _recover(folder)
    except (OSError, ValueError, LookupError, TypeError) as error:  # the disk refuses, or somebody edited it
        why = (isinstance(error, OSError) and error.strerror) or f"{type(error).__name__}: {error}"
        raise SessionError(
            f"The recording in {folder} was interrupted and cannot be closed ({why}): make the folder "
            "writable, or move it elsewhere."
        ) from error


def _recover(folder: Path) -> Recovered:
    path = folder / INFO_FILE
    info: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    rows = folder / ROWS_FILE
    files = [folder / name for name in ROW_FILES]
    names = [str(column["name"]) for column in info["columns"]]
    for file in files:
        if file.exists() and not _is_begun(file):
            file.unlink()
    if not rows.exists():
        rows.write_text(",".join(names) + "\n", encoding="utf-8", newline="\n")
    for file in files:
        if file.exists():
            cut(file)
    frames, count, seconds, wall = _measure(rows, names)
    if (folder / VIDEO_FILE).exists():
        seen = seal(folder / VIDEO_FILE)
        info["video"] = {**(info.get("video") or {}), "file": VIDEO_FILE, "codec": "MJPEG", "frames": seen}
    info |= {
        "finished": True, "finished_utc": wall, "ended_by": ENDED_BY, "recovered": True, "frames": frames,
        "rows": count, "rows_sha256": sha256(rows),
    }  # fmt: skip
    replace_text(path, json.dumps(info, indent=2, ensure_ascii=False) + "\n")
    for left in folder.glob("*.tmp"):  # of the process that died
        left.unlink()
    return Recovered(folder, frames, count, seconds)


def _is_begun(path: Path) -> bool:
    """Whether the first line, the names of the columns, is whole; before it there is no row to lose."""
    with path.open("rb") as file:
        line = file.readline()
    return line.endswith(b"\n") and b"\0" not in line


def cut(path: Path) -> int:
    """Cuts the text file `path` back to its last whole line; gives the bytes cut off. Raises OSError.

    A line is whole when it ends, has as many commas as the first or is quoted, and holds no zero byte: after
    a power cut a file system may show zeros where data was on its way.
    """
    with path.open("r+b") as file:
        length = file.seek(0, os.SEEK_END)
        file.seek(0)
        commas = file.readline().count(b",")
        end = start = file.tell()
        while start < length:
            line = file.readline()
            fits = line.count(b",") == commas or (b'"' in line and line.count(b",") > commas)
            if not line.endswith(b"\n") or b"\0" in line or not fits:
                break
            start = end = file.tell()
        if end < length:
            file.truncate(end)
            file.flush()
            os.fsync(file.fileno())
    return length - end


def _is_written(folder: Path, info: dict[str, Any]) -> bool:
    """Whether the process that began this session still runs."""
    writer = info.get("writer")
    if isinstance(writer, dict) and writer.get("host") == socket.gethostname():
        try:
            process = psutil.Process(int(writer["pid"]))
            begun, dead = process.create_time(), process.status() == psutil.STATUS_ZOMBIE
            return not dead and abs(begun - float(writer["since"])) < 1.0
        except (psutil.Error, KeyError, TypeError, ValueError):
            return False
    newest = max((file.stat().st_mtime for file in folder.iterdir() if file.is_file()), default=0.0)
    return time.time() - newest < SILENT


def _measure(rows: Path, names: list[str]) -> tuple[int, int, float, str]:
    """Frames, rows, seconds and the last wall time of a file of whole rows."""
    frame, at, wall = (names.index(name) for name in ("frame", "time_s", "wall_utc"))
    frames = count = 0
    first: list[str] = []
    last: list[str] = []
    with rows.open(encoding="utf-8") as file:
        next(file)
        for line in file:
            cells = line.rstrip("\n").split(",")
            first = first or cells
            frames += not last or cells[frame] != last[frame]
            last, count = cells, count + 1
    return frames, count, float(last[at]) - float(first[at]) if last else 0.0, last[wall] if last else ""
