"""One file that is to be measured, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.sessions.header import NO_DETAILS, Details
from app.sources.address import Place


@dataclass(frozen=True, slots=True)
class Sighting:
    """How a claim looked at one moment. Its owner lives if it looks otherwise a while later."""

    name: str  # of the session that is claimed
    number: int  # of the claim: each that takes over from a dead one has the next
    token: str  # of its owner
    beats: str  # its heartbeat
    host: str = ""  # of its owner


@dataclass(frozen=True, slots=True)
class Stamp:
    """How a file looks from outside: while that stays, its content is taken to stay, too."""

    bytes: int = -1  # -1: unknown
    changed: str = ""  # when it was changed last: ns since 1970, or what its server says


@dataclass(frozen=True, slots=True)
class Known:
    """That a file that looked like this was measured whole, into this session."""

    stamp: Stamp
    session: str  # name of its folder
    settings: str  # as in Outcome
    models: tuple[str, ...]  # sha256 of each network, or its beginning
    worker: str  # computer and process that measured it


@dataclass(frozen=True, slots=True)
class Task:
    """A file that is to be measured."""

    place: Place
    details: Details = NO_DETAILS
    presumed_dead: Sighting | None = None  # a claim that may be taken over if it still looks like this
    known: Known | None = None  # of a file that lies elsewhere: what came of it before


class Status(StrEnum):
    """What came of a task."""

    DONE = "done"  # measured now
    ALREADY = "already"  # a whole session of it was there
    FAILED = "failed"
    BUSY = "busy"  # another worker measures it


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task; a plain value, which can be sent to another process."""

    task: Task
    status: Status
    text: str = ""  # what is printed
    error: str = ""  # of a failed one: one sentence
    session: str = ""  # name of its folder
    frames: int = 0
    seconds: float = 0.0
    ok_share: float | None = None  # of the rows; None: unknown
    models: tuple[str, ...] = ()  # sha256 of each network
    settings: str = ""  # what `settings_key` gives
    stamp: Stamp = Stamp()
    worker: str = ""  # computer and process
    seen: Sighting | None = None  # of a busy one
