"""An interrupted session, which a crash or a power cut left open: cut to whole lines and closed."""

from __future__ import annotations

import errno
import math
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.sessions.header import sha256
from app.sessions.info import SessionError, read_info, read_whole, unreadable
from app.sessions.mkv import CLUSTER, index, seal
from app.sessions.rebuild import is_lost, rebuilt, row_columns, to_text
from app.sessions.schema.faces import HEADER
from app.sessions.schema.files import EVENTS_FILE, INFO_FILE, ROW_FILES, ROWS_FILE, VIDEO_FILE
from app.sessions.schema.limits import LONGEST_LINE
from app.sessions.set_aside import EVERY, Check, cut, cut_video, move_aside
from app.sessions.writing_lock import WritingLock, is_written
from app.system.atomic import replace_text
from app.system.lock import LockedError
from app.system.plain_file import NEW, is_folder, is_there, plain_binary, plain_text, read_plain

SILENT = 60.0  # s without a write after which a session that another computer writes counts as left
ENDED_BY = "the program or the computer stopped while recording; closed by a later start"


@dataclass(frozen=True, slots=True)
class Recovered:
    """An interrupted session that was closed and is whole again."""

    folder: Path
    frames: int
    rows: int
    seconds: float  # from its first row to its last
    aside: tuple[Path, ...] = ()  # files with what lies after damage
    lacks: str = ""  # what could not be done, as a clause

    def sentence(self) -> str:
        """What was recovered and where it is, for the user."""
        minutes, seconds = divmod(round(self.seconds), 60)
        length = f"{minutes}:{seconds:02} minutes" if minutes else f"{seconds} s"
        rows = "1 row" if self.rows == 1 else f"{self.rows} rows"
        text = f"A recording was interrupted; {length} ({rows}) were recovered and are in {self.folder}"
        if self.aside:
            text += f"; what lay after damage is in {', '.join(path.name for path in self.aside)} there"
        return f"{text}; {self.lacks}." if self.lacks else f"{text}."


@dataclass(frozen=True, slots=True)
class Measured:
    """What the whole rows of a session say of it."""

    frames: int
    rows: int
    seconds: float  # from the first row to the last
    wall: str  # of the last row
    first: dict[str, str]  # the cells of the first row; {} where there is none


def interrupted_sessions(sessions: Path) -> Iterator[Path]:
    """The folders in `sessions` of interrupted sessions: not finished, and no longer written.

    What is damaged or cannot be read is left out; `recover_all` names it.
    """
    for folder in sorted(path.parent for path in sessions.glob(f"*/{INFO_FILE}")):
        try:
            if is_interrupted(folder):
                yield folder
        except (OSError, SessionError):
            continue


def is_interrupted(folder: Path) -> bool:
    """Whether the session in `folder` is not finished, and not being written now.

    A folder that is a link is none. Raises SessionError, and OSError where its disk knows no locks.
    """
    if folder.is_symlink():
        return False
    info = read_whole(folder / INFO_FILE)
    return info.get("finished") is False and not is_written(folder) and not _grows_elsewhere(folder, info)


def is_whole(folder: Path) -> bool:
    """Whether the session in `folder` is finished, so that there is nothing to recover.

    Raises SessionError where it is finished, and one of its files is gone, or no plain file.
    """
    try:
        finished = read_info(folder / INFO_FILE).finished
    except SessionError:
        return False
    for path in (folder / name for name in (*ROW_FILES, VIDEO_FILE)) if finished else ():
        try:
            if path.name == ROWS_FILE or is_there(path):
                plain_binary(path).close()
        except OSError as error:
            raise unreadable(path, error) from error
    return finished


def recover(folder: Path, seconds: float = math.inf, *, rebuild: bool = True) -> Recovered:
    """Closes the interrupted session in `folder`; raises SessionError, also after so many `seconds`.

    With `rebuild`, a `session.json` that is missing or damaged is made anew from the rows. This may be
    interrupted itself, and done again.
    """
    if not is_folder(folder):
        raise SessionError(f"There is no session folder {str(folder)[:300]}: name one that Mien recorded.")
    try:
        lock = WritingLock(folder, needed=False)  # who calls this knows that nobody writes it
    except LockedError as error:
        raise SessionError(f"The recording in {folder} is still running: end it first.") from error
    except OSError as error:
        raise _failed(folder, error) from error
    try:
        return _recover(folder, _until(seconds), rebuild=rebuild)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise _failed(folder, error) from error
    finally:
        lock.release()


def _failed(folder: Path, error: Exception) -> SessionError:
    if isinstance(error, TimeoutError):
        return SessionError(
            f"The recording in {folder} was interrupted and is not closed yet ({error.strerror}): use mien "
            f"recover {folder}, which takes as long as it needs."
        )
    if isinstance(error, OSError):
        return SessionError(
            f"The recording in {folder} was interrupted and cannot be closed ({error.strerror or error}): "
            "make the folder writable, or move it elsewhere."
        )
    return SessionError(
        f"The recording in {folder} was interrupted and cannot be closed ({type(error).__name__}: "
        f"{str(error)[:200]}): its files were edited, so restore them from a copy, or move it elsewhere."
    )


def _until(seconds: float) -> Check:
    end = time.monotonic() + seconds

    def check() -> None:
        if time.monotonic() > end:
            raise TimeoutError(errno.ETIMEDOUT, f"it takes more than {seconds:g} s")

    return check


def _recover(folder: Path, check: Check, *, rebuild: bool) -> Recovered:
    path, rows, events = folder / INFO_FILE, folder / ROWS_FILE, folder / EVENTS_FILE
    aside: list[Path] = []
    info = _what_it_said(folder, aside, rebuild=rebuild)
    for file in (folder / name for name in ROW_FILES):
        if is_there(file) and not _is_begun(file):
            if read_plain(file, 1 << 30).strip(b"\0").count(b"\n"):
                aside.append(move_aside(file))
            else:
                file.unlink()
    if not is_there(rows):
        with plain_binary(rows, NEW) as empty:
            empty.write(_header_line(info).encode())
    for file in (folder / name for name in ROW_FILES):
        if is_there(file) and (rest := cut(file, check)) is not None:
            aside.append(rest)
    measured = _measure(rows, check)
    info = info or rebuilt(folder, row_columns(folder), measured.first)
    lacks = ""
    if is_there(folder / VIDEO_FILE):
        try:
            info["video"] = _with_video(folder / VIDEO_FILE, info.get("video"), aside)
        except (OSError, ValueError, LookupError, struct.error) as error:  # the numbers are worth more
            lacks = f"its {VIDEO_FILE} could not be completed ({getattr(error, 'strerror', '') or error})"
    info |= {
        "finished": True, "finished_utc": measured.wall, "ended_by": ENDED_BY, "recovered": True,
        "frames": measured.frames, "rows": measured.rows, "rows_sha256": sha256(rows, plain=True),
        "events_sha256": sha256(events, plain=True) if is_there(events) else "",
    }  # fmt: skip
    check()
    replace_text(path, to_text(info), private=True)
    read_info(path)
    for name in (INFO_FILE, *ROW_FILES, VIDEO_FILE):
        for left in folder.glob(f"{name}.*.tmp"):  # of the process that died
            left.unlink()
    return Recovered(folder, measured.frames, measured.rows, measured.seconds, tuple(aside), lacks)


def _what_it_said(folder: Path, aside: list[Path], *, rebuild: bool) -> dict[str, Any]:
    """What `session.json` says; {} where it was lost and is to be made anew."""
    path = folder / INFO_FILE
    lost = is_lost(folder)
    if not lost:
        try:
            info = read_whole(path)
            read_info(path)
        except SessionError:
            if not rebuild or not row_columns(folder):
                raise
            aside.append(move_aside(path))
            return {}
        if info.get("finished") is not False:
            raise SessionError(f"The session in {folder} is whole already: there is nothing to recover.")
        return info
    if not row_columns(folder):
        raise SessionError(
            f"{folder} has neither {INFO_FILE} nor rows of a session: there is nothing to recover."
        )
    return {}


def _header_line(info: dict[str, Any]) -> str:
    names = [str(column["name"]) for column in info.get("columns") or ()]
    return ",".join(names) + "\n" if names else HEADER


def _with_video(path: Path, said: object, aside: list[Path]) -> dict[str, Any]:
    found = index(path)
    with plain_binary(path) as file:
        file.seek(found.end)
        is_sealed = b"\x1c\x53\xbb\x6b" in file.read(4)
    if found.end and not is_sealed and (rest := cut_video(path, found.end, struct.pack(">I", CLUSTER))):
        aside.append(rest)
    seen = seal(path)
    return {**(said if isinstance(said, dict) else {}), "file": VIDEO_FILE, "codec": "MJPEG", "frames": seen}


def _is_begun(path: Path) -> bool:
    """Whether the first line, the names of the columns, is whole; before it there is no row to lose."""
    with plain_binary(path) as file:
        line = file.readline(LONGEST_LINE)
    return line.endswith(b"\n") and b"\0" not in line


def _grows_elsewhere(folder: Path, info: dict[str, Any]) -> bool:
    """Whether another computer may still write it, whose lock this one does not see: it grew just now."""
    writer = info.get("writer")
    host = writer.get("host") if isinstance(writer, dict) else None
    if host in (None, socket.gethostname()):
        return False
    newest = max((file.lstat().st_mtime for file in folder.iterdir()), default=0.0)
    return abs(time.time() - newest) < SILENT


def _measure(rows: Path, check: Check) -> Measured:
    """What a file of whole rows says; its values may be anything."""
    frames = count = 0
    first = last = frame = ""
    with plain_text(rows) as file:
        names = file.readline(LONGEST_LINE).rstrip("\n").split(",")
        place = names.index("frame") if "frame" in names else 0
        for line in file:
            before, frame = frame, line.split(",", place + 1)[place]
            frames += frame != before or not count
            first, last, count = first or line, line, count + 1
            if count % EVERY == 0:
                check()
    begin, end = (dict(zip(names, line.rstrip("\n").split(","), strict=False)) for line in (first, last))
    try:
        seconds = float(end["time_s"]) - float(begin["time_s"])
    except (KeyError, ValueError):
        seconds = 0.0
    return Measured(
        frames, count, seconds if 0 <= seconds < math.inf else 0.0, end.get("wall_utc", ""),
        begin if first else {},
    )  # fmt: skip
