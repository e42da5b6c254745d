"""`run.csv`: a line for each file, written as it is done; what was done before is known from it.

It is a table for people and programs, and the index by which a later run leaves files out without reading
them. Each line is written at once, so that the table can be read while it grows.
"""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import os
import socket
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app import __version__
from app.runs.task import Outcome, Stamp, Status
from app.sessions.header import NO_DETAILS, Details
from app.sessions.schema.formulas import guard, unguard
from app.sessions.wall_time import utc
from app.system.atomic import replace_text
from app.system.lock import FileLock, LockedError
from app.system.plain_file import NEW, open_plain, plain_text

COLUMNS = (
    "file", "status", "error", "session", "frames", "seconds", "ok_share", "participant", "condition",
    "models", "version", "worker", "finished_utc", "bytes", "changed", "settings", "details",
)  # fmt: skip
MEASURED = ("frames", "seconds", "ok_share", "models", "worker", "finished_utc")  # of columns
DESCRIBED = ("participant", "condition", "details")
PATTERN = "run*.csv"
LOCK = ".lock"  # added to the name while a run writes the table
Line = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Key:
    """A file and the settings that it was measured with; a table has one line for each."""

    file: str
    settings: str


def lines(path: Path) -> Iterator[Line]:
    """The whole lines of the table at `path`; none where it cannot be read."""
    try:
        with plain_text(path, newline="") as file:
            for cells in csv.reader(file):
                if len(cells) == len(COLUMNS) and cells[0] != COLUMNS[0]:
                    yield dict(zip(COLUMNS, map(unguard, cells), strict=True))
    except (OSError, csv.Error):
        return


def known_lines(out: Path) -> dict[Key, Line]:
    """What all tables in `out` say, whoever wrote them; of two lines of a file the one that says done."""
    found: dict[Key, Line] = {}
    for path in sorted(out.glob(PATTERN)):
        for line in lines(path):
            key = Key(line["file"], line["settings"])
            if key not in found or line["status"] == Status.DONE or found[key]["status"] != Status.DONE:
                found[key] = line
    return found


def stamp(line: Line) -> Stamp:
    """How the file of a line looked from outside."""
    return Stamp(int(line["bytes"]) if line["bytes"].isdecimal() else -1, line["changed"])


class Ledger:
    """The table of one run while it is written. Attribute: `path`."""

    def __init__(
        self, out: Path, name: str, kept: Sequence[Line], former: Mapping[Key, Line],
        spooled: Path | None = None,
    ) -> None:  # fmt: skip
        """Begins the table `name` in `out` with the lines `kept`, and those of files of other runs in it.

        `former` are the lines of earlier runs, which say more of a file that was measured then.
        `spooled` holds what came over standard input, which is named in its place.
        While another run writes a table of this name, this one is named after the process. Raises OSError.
        """
        out.mkdir(parents=True, exist_ok=True)
        self.path, self._former, self._spooled = out / name, former, spooled
        self._lock: FileLock | None = None
        try:
            lock = self.path.with_name(name + LOCK)
            with suppress(FileExistsError):
                os.close(open_plain(lock, NEW))
            self._lock = FileLock(lock)
        except (LockedError, OSError):
            self.path = out / f"{Path(name).stem}-{_word(socket.gethostname())}-{os.getpid()}.csv"
        begin = io.StringIO()
        writer = csv.writer(begin, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_cells(line) for line in kept)
        replace_text(self.path, begin.getvalue(), private=True)
        self._handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))

    def add(self, outcome: Outcome) -> None:
        """Writes what came of a file. Raises OSError."""
        line = line_of(outcome)
        if self._spooled is not None and outcome.task.place == self._spooled:
            line = {**line, "file": "stdin"}  # as in what is printed
        if outcome.status is Status.ALREADY:
            line = _completed(line, outcome, self._former.get(Key(line["file"], line["settings"])))
        self.write(line)

    def write(self, line: Line) -> None:
        """Writes one line. Raises OSError."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow(_cells(line))
        data = text.getvalue().encode("utf-8", "backslashreplace")
        if os.write(self._handle, data) < len(data):  # at once, so that it is whole, or the disk is full
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def close(self) -> None:
        """Ends the table; it stays, and so does the file of its lock.

        Were that removed, one run could hold the lock of the removed file, and another that of a new one.
        """
        os.close(self._handle)
        if self._lock is not None:
            self._lock.release()


def line_of(outcome: Outcome) -> Line:
    """The line that says what came of a file."""
    failed, measured = outcome.status is Status.FAILED, outcome.status is Status.DONE
    details = outcome.task.details
    return {
        "file": file_of(outcome.task.place),
        "status": str(Status.FAILED if failed else Status.DONE),
        "error": outcome.error,
        "session": outcome.session,
        "frames": str(outcome.frames) if outcome.frames else "",
        "seconds": f"{outcome.seconds:.3f}" if measured else "",
        "ok_share": "" if outcome.ok_share is None else f"{outcome.ok_share:.4f}",
        "participant": details.participant,
        "condition": details.condition,
        "models": " ".join(sha256[:12] for sha256 in outcome.models),
        "version": __version__,
        "worker": outcome.worker,
        "finished_utc": utc(time.time()),
        "bytes": str(outcome.stamp.bytes) if outcome.stamp.bytes >= 0 else "",
        "changed": outcome.stamp.changed,
        "settings": outcome.settings,
        "details": hash_of(details),
    }


def _completed(line: Line, outcome: Outcome, former: Line | None) -> Line:
    """The line of a file that was measured before: what was counted then stays.

    So does what a list said of it, where nothing is said now.
    """
    if former is None or former["status"] != Status.DONE or former["session"] != line["session"]:
        return line
    names = MEASURED if outcome.task.details != NO_DETAILS else (*MEASURED, *DESCRIBED)
    return {**line, **{name: former[name] for name in names}}


def hash_of(details: Details) -> str:
    """Eight hexadecimal digits, by which it is seen that a list says something else than before."""
    return hashlib.sha256(repr(details).encode("utf-8", "backslashreplace")).hexdigest()[:8]


def file_of(place: object) -> str:
    """What a line calls the file at `place`: its whole path, or its address without password and query."""
    return str(place.absolute()) if isinstance(place, Path) else str(place)


def _cells(line: Line) -> list[str]:
    return [guard(line[name]) for name in COLUMNS]


def _word(text: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in text)


def merged(lines: Iterable[Line]) -> list[Line]:
    """One line for each file and settings: the last of several."""
    return list({Key(line["file"], line["settings"]): line for line in lines}.values())
