"""What `session.json` says: everything that is needed to understand the rows beside it, years later."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from app import __version__
from app.sessions import events
from app.sessions.columns import COLUMNS
from app.sessions.video_recorder import VideoKind, VideoState
from app.sources.source import Mode
from app.stages.models import Card
from app.stages.quality import MEANING
from app.types import EXPRESSIONS, FULL_WORKLOAD, Baseline, Workload

FORMAT = "mien session"
FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Details:
    """What only the user knows; every entry may stay empty."""

    participant: str = ""  # a code, not a name
    condition: str = ""
    notes: str = ""
    consent: bool = False  # the user ticked that the person agreed to be recorded


@dataclass(frozen=True, slots=True)
class RecordingOptions:
    """What the user chose for the next recording."""

    details: Details = Details()
    video: VideoKind | None = None  # None: numbers only


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The video that was read."""

    path: str
    bytes: int
    sha256: str  # "" where it was not computed, since a live start does not wait for that

    @classmethod
    def of(cls, path: Path, *, hashed: bool) -> SourceFile:
        """Raises OSError."""
        return cls(str(path.resolve()), path.stat().st_size, sha256(path) if hashed else "")


@dataclass(frozen=True, slots=True)
class Writer:
    """The process that writes a session: while it lives, the session is not unfinished but running."""

    host: str
    pid: int
    since: float  # s since 1970, when it was started: a number is used again, the pair is not

    @classmethod
    def this(cls) -> Writer:
        return cls(socket.gethostname(), os.getpid(), psutil.Process().create_time())


@dataclass(frozen=True, slots=True)
class PersonBaseline:
    """A baseline that was taken: the neutral face of one person."""

    face: int
    baseline: Baseline


@dataclass(frozen=True, slots=True)
class SessionHeader:
    """Where the rows come from and how they are made."""

    source: str  # name of the camera or the file
    live: bool
    mode: Mode
    cards: tuple[Card, ...]  # of the networks
    max_faces: int
    smoothing: float  # how calm, 0 off .. 1, as it was at the start; what changes meanwhile is an event
    details: Details = Details()
    file: SourceFile | None = None
    workload: Workload = FULL_WORKLOAD  # as it was at the start; what changes meanwhile is an event


@dataclass(frozen=True, slots=True)
class SessionState:
    """How far the recording has come. It is `finished` when it was closed properly, or recovered later."""

    started_utc: str
    finished: bool = False
    finished_utc: str = ""
    ended_by: str = ""  # "stop", "end of file", or the sentence that was shown
    recovered: bool = False  # the program died while recording, and a later start closed the session
    frames: int = 0
    rows: int = 0
    rows_sha256: str = ""  # of faces.csv, once finished
    writer: Writer | None = None
    video: VideoState | None = None
    baseline: tuple[PersonBaseline, ...] = ()


def to_json(session: SessionHeader, progress: SessionState) -> str:
    """The text of `session.json`."""
    whole = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "app": {"name": "mien", "version": __version__},
        "platform": platform.platform(),
        **asdict(progress),
        **asdict(session.details),
        "source": {"name": session.source, "live": session.live, **asdict(session.mode)},
        "file": asdict(session.file) if session.file else None,
        "models": [
            {
                "name": card.name,
                "task": card.task,
                "file": card.file,
                "sha256": card.sha256,
                "precision": card.precision,
                "measured": dict(card.measured),
            }
            for card in session.cards
        ],
        "settings": {
            "max_faces": session.max_faces,
            "smoothing": session.smoothing,
            "search": session.workload.search_every,
        },
        "rows_file": {
            "name": "faces.csv",
            "separator": ",",
            "decimal": ".",
            "encoding": "utf-8",
            "missing": "",
            "one_row": "a face in a frame; a frame without a face has one row too",
        },
        "events_file": {"name": "events.csv", "columns": events.COLUMNS},
        "expressions": EXPRESSIONS,
        "status": MEANING,
        "columns": [
            {"name": c.name, "meaning": c.meaning, "unit": c.unit, "range": c.range, "missing": c.missing}
            for c in COLUMNS
        ],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def sha256(path: Path) -> str:
    """Of a file's content. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
