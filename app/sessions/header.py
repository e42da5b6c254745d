"""What is known of a session while it is recorded, and `session.json` made from it.

`session.json` says everything that is needed to understand the rows beside it, years later.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import socket
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from app import __version__
from app.sessions.recorded_selection import to_settings
from app.sessions.schema.events import EVENT_COLUMNS
from app.sessions.schema.faces import COLUMNS
from app.sessions.schema.files import EVENTS_FILE, FORMAT, FORMAT_VERSION, ROWS_FILE
from app.sessions.video_recorder import VideoKind, VideoState
from app.sources.address import Address, is_address
from app.sources.picture_folder import pictures_of
from app.sources.selection import ALL, Selection
from app.sources.source import Mode
from app.stages.detectors import DEFAULT_DETECTOR
from app.stages.quality import MEANING
from app.system.plain_file import plain_binary
from app.types import EXPRESSIONS, FULL_WORKLOAD, Baseline, Workload

if TYPE_CHECKING:
    from app.stages.cards import UsedCard  # only named here: reading a session needs no network


@dataclass(frozen=True, slots=True)
class Details:
    """What only the user knows of a session; every entry may stay empty."""

    participant: str = ""  # a code, not a name
    condition: str = ""
    notes: str = ""
    consent: bool = False  # the user ticked that the person agreed to be recorded
    listed: tuple[tuple[str, str], ...] = ()  # what else a list of files said: names of columns, and texts


NO_DETAILS = Details()


@dataclass(frozen=True, slots=True)
class RecordingOptions:
    """What the user chose for the next recording."""

    details: Details = Details()
    video: VideoKind | None = None  # None: numbers only


STDIN = "-"  # path of a file that came over standard input and was not kept


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The video or picture that was measured, or the folder of pictures."""

    path: str  # or STDIN, or an address without password and query
    bytes: int  # its length; -1 where the session does not say
    sha256: str  # "" where it was not computed, since a live start does not wait for that

    @classmethod
    def of(cls, path: Path, *, hashed: bool) -> SourceFile:
        """The file at `path`; its hash is computed where `hashed`, which reads it all. Raises OSError.

        Of a folder it is the length of its pictures together, and the hash of their names and hashes.
        """
        if path.is_dir():
            pictures = pictures_of(path)
            length = sum(picture.stat().st_size for picture in pictures)
            return cls(str(path.resolve()), length, _hash_of_all(pictures) if hashed else "")
        return cls(str(path.resolve()), path.stat().st_size, sha256(path) if hashed else "")

    @classmethod
    def at(cls, address: Address) -> SourceFile:
        """What came from `address`, and was not kept."""
        return cls(str(address), -1, "")

    @property
    def kept(self) -> bool:
        """Whether it was a file, and not what came over standard input or a network."""
        return self.path != STDIN and not is_address(self.path)


@dataclass(frozen=True, slots=True)
class Writer:
    """The process that writes a session: while it lives, the session is running, not interrupted."""

    host: str
    pid: int
    since: float  # s since 1970, when it was started: a number is used again, the pair is not

    @classmethod
    def this(cls) -> Writer:
        """The process that calls this."""
        return cls(socket.gethostname(), os.getpid(), psutil.Process().create_time())


@dataclass(frozen=True, slots=True)
class PersonBaseline:
    """A baseline that was taken: the neutral face of one person."""

    face: int
    baseline: Baseline


@dataclass(frozen=True, slots=True)
class SessionHeader:
    """What is known when a session begins: where its rows come from and how they are made."""

    source: str  # name of the camera or the file
    live: bool
    mode: Mode
    cards: tuple[UsedCard, ...]  # of the networks and the actions
    max_faces: int
    smoothing: float  # 0 off .. 1, as it was at the start; what changes meanwhile is an event
    details: Details = Details()
    file: SourceFile | None = None
    workload: Workload = FULL_WORKLOAD  # as it was at the start; what changes meanwhile is an event
    detector: str = DEFAULT_DETECTOR  # one of `detectors.DETECTORS`
    selection: Selection = ALL  # which frames of the source are measured, and which way up


@dataclass(frozen=True, slots=True)
class SessionState:
    """How far a recording has come. It is `finished` once it was closed properly, or recovered later."""

    started_utc: str
    utc_offset: str = ""  # of the local time at the start, such as +02:00; "" where it is unknown
    finished: bool = False
    finished_utc: str = ""
    ended_by: str = ""  # "stop", "end of file", or the sentence that was shown
    recovered: bool = False  # the program died while recording, and a later start closed the session
    frames: int = 0
    rows: int = 0
    rows_sha256: str = ""  # of faces.csv, once finished
    events_sha256: str = ""  # of events.csv, once finished
    writer: Writer | None = None
    video: VideoState | None = None
    baseline: tuple[PersonBaseline, ...] = ()


def to_json(header: SessionHeader, state: SessionState) -> str:
    """The text of `session.json`: the same keys in every version, so that old readers go on."""
    whole = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "app": {"name": "mien", "version": __version__},
        "platform": platform.platform(),
        **asdict(state),
        "baseline": [{"face": p.face, "origin": asdict(p.baseline)} for p in state.baseline],
        **asdict(header.details),
        "listed": dict(header.details.listed),
        "source": {"name": header.source, "live": header.live, **asdict(header.mode)},
        "file": asdict(header.file) if header.file else None,
        "models": [
            {
                "name": card.name,
                "task": card.task,
                "file": card.file,
                "sha256": card.sha256,
                "precision": card.precision,
                "measured": dict(card.measured),
            }
            for card in header.cards
        ],
        "settings": {
            "max_faces": header.max_faces,
            "smoothing": header.smoothing,
            "search": header.workload.search_every,
            "detector": header.detector,
            **to_settings(header.selection),
        },
        "rows_file": {
            "name": ROWS_FILE,
            "separator": ",",
            "decimal": ".",
            "encoding": "utf-8",
            "missing": "",
            "one_row": "a face in a frame; a frame without a face has one row too",
        },
        "events_file": {"name": EVENTS_FILE, "columns": {c.name: c.meaning for c in EVENT_COLUMNS}},
        "expressions": EXPRESSIONS,
        "status": MEANING,
        "columns": [
            {"name": c.name, "meaning": c.meaning, "unit": c.unit, "range": c.range, "missing": c.missing}
            for c in COLUMNS
        ],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def sha256(path: Path, *, plain: bool = False) -> str:
    """The SHA-256 of the content of the file at `path`, as 64 hexadecimal digits. Raises OSError.

    With `plain`, as for every file of a session, a link is not followed.
    """
    with plain_binary(path) if plain else path.open("rb") as file:
        digest = hashlib.sha256()
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def _hash_of_all(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(os.fsencode(path.name) + b"\0" + sha256(path).encode() + b"\0")
    return digest.hexdigest()
