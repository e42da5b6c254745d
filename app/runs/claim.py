"""Claims: files by which workers on any computer that shares the folder keep off each other's files.

A claim is created exclusively, so one of several workers has it. A thread of its owner counts in it. Whoever
finds it watches by a clock of its own whether it is still counted, so no two clocks are ever compared. A
worker on the same computer sees at once that the owner is dead: the system has taken its lock away.

A dead claim is not removed but followed by one with the next number, created exclusively, too. So of several
workers that want to take over, one does.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import socket
import threading
import time
from pathlib import Path

import psutil

from app.runs.task import Sighting
from app.system.lock import FileLock, LockedError
from app.system.plain_file import CHANGE, NEW, open_plain, plain_binary

BEAT = 5.0  # s between two heartbeats
DEAD = 60.0  # s without one, by the watcher's clock, after which a claim counts as left
SUFFIX = ".claim-"
BEGIN = 1  # the first byte of a claim is locked, and on Windows cannot be read then
DIGITS = 12  # of the heartbeat's count
LONGEST = 4096  # bytes
TRIES, PAUSE = 50, 0.1  # s; a network disk may for a while list a claim that is gone


class Claim:
    """That this process makes the session `name`, from its making to `release`; for a `with` block.

    Attribute: `token`, which no other owner has.
    """

    def __init__(self, folder: Path, name: str, number: int) -> None:
        """Creates claim `number` of `name` in `folder`. Raises FileExistsError, and other OSErrors."""
        self.token = secrets.token_hex(4)
        self._folder, self._name, self._number = folder, name, number
        self._path = _path(folder, name, number)
        self._lost = False
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="claim", daemon=True)
        os.close(open_plain(self._path, NEW))
        self._lock: FileLock | None = None
        with contextlib.suppress(OSError, LockedError):  # a disk without locks: the heartbeat has to do
            self._lock = FileLock(self._path)
        about = {"token": self.token, "host": socket.gethostname(), "machine": machine()}
        self._said = json.dumps(about).encode() + b"\n"
        try:
            self._write(self._said + b"0" * DIGITS, BEGIN)  # only now others look at the lock
        except OSError:
            self.release()
            raise
        self._thread.start()

    def __enter__(self) -> Claim:
        return self

    def __exit__(self, *error: object) -> None:
        self.release()

    @property
    def lost(self) -> bool:
        """Whether another worker has taken over, since this one was silent for too long."""
        return self._lost

    def release(self) -> None:
        """Removes the claim and those before it. Safe to call twice."""
        self._end.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        for number in range(1, self._number + 1):
            with contextlib.suppress(OSError):
                _path(self._folder, self._name, number).unlink()

    def _write(self, content: bytes, at: int) -> None:
        with plain_binary(self._path, CHANGE, buffered=False) as file:
            file.seek(at)
            file.write(content)

    def _beat(self) -> None:
        count = 0
        while not self._end.wait(BEAT):
            count += 1
            try:
                self._lost |= _path(self._folder, self._name, self._number + 1).exists()
                self._write(f"{count:0{DIGITS}}".encode(), BEGIN + len(self._said))
            except FileNotFoundError:
                self._lost = True
            except OSError:  # a full disk, or one that is away for a moment: the next beat may come through
                continue


def take(folder: Path, name: str, presumed_dead: Sighting | None = None) -> Claim | Sighting:
    """The claim on the session `name`, or how that of another worker looks now.

    `folder` is made again where another run that ends removes it, since it was empty. The claim
    `presumed_dead` is taken over if it still looks like that, and any whose owner died on this computer.
    Raises OSError.
    """
    turn = 0
    while True:
        number = _last(folder, name)
        if number:
            seen = look(folder, name)
            if seen is None and turn < TRIES:  # it was just released; one that stays listed is followed
                turn += 1
                time.sleep(PAUSE)
                continue
            if seen is not None:
                if seen != presumed_dead and not _died_here(_path(folder, name, seen.number)):
                    return seen
                number = seen.number
        try:
            return Claim(folder, name, number + 1)
        except (FileExistsError, FileNotFoundError) as error:  # another worker was faster, or has ended
            if turn == TRIES:
                raise
            if isinstance(error, FileNotFoundError):
                folder.mkdir(parents=True, exist_ok=True)
            turn += 1
            time.sleep(PAUSE if turn > 1 else 0)


def look(folder: Path, name: str) -> Sighting | None:
    """How the last claim on `name` looks now; None where there is none. Raises OSError."""
    number = _last(folder, name)
    if not number:
        return None
    try:
        said, beats = _read(_path(folder, name, number))
    except FileNotFoundError:
        return None
    return Sighting(name, number, str(said.get("token", "")), beats, str(said.get("host", "")))


def names(folder: Path) -> set[str]:
    """The sessions on which there are claims in `folder`."""
    try:
        return {found.name.rpartition(SUFFIX)[0] for found in folder.glob(f"*{SUFFIX}*")}
    except OSError:
        return set()


def remove_dead(folder: Path, name: str, *, done: bool) -> None:
    """Removes the claims on `name` if their owner died on this computer, or if the session is `done`."""
    number = _last(folder, name)
    try:
        if number and (done or _died_here(_path(folder, name, number))):
            for each in range(1, number + 1):
                _path(folder, name, each).unlink(missing_ok=True)
    except OSError:  # it is looked at again by whoever wants the file
        return


def machine() -> str:
    """A name that no other running system has, also where two computers have the same host name."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        boot = str(int(psutil.boot_time()))
    return f"{socket.gethostname()} {boot}"


def _died_here(path: Path) -> bool:
    """Whether the claim's owner ran on this computer, and holds its lock no more."""
    try:
        said, _ = _read(path)
        if said.get("machine") != machine():
            return False
        FileLock(path).release()
    except (LockedError, OSError):  # it lives, or nobody can tell
        return False
    return True


def _read(path: Path) -> tuple[dict[str, object], str]:
    """What the claim says of its owner, and its heartbeat. Nothing in the moment when it is made."""
    with plain_binary(path, buffered=False) as file:
        file.seek(BEGIN)
        content = file.read(LONGEST) or b""
    first, _, beats = content.partition(b"\n")
    try:
        said = json.loads(first or b"{}")
    except ValueError:
        said = {}
    return said if isinstance(said, dict) else {}, beats.decode("ascii", "replace")


def _path(folder: Path, name: str, number: int) -> Path:
    return folder / f"{name}{SUFFIX}{number}"


def _last(folder: Path, name: str) -> int:
    """The highest number of a claim on `name`; 0 where there is none. Raises OSError."""
    before = f"{name}{SUFFIX}"
    try:
        with os.scandir(folder) as entries:
            ends = [entry.name.removeprefix(before) for entry in entries if entry.name.startswith(before)]
    except OSError as error:
        if error.errno == errno.ENOENT:
            return 0
        raise
    return max((int(end) for end in ends if end.isdecimal()), default=0)
