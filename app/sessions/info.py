"""What the `session.json` of a recorded session says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO

from app.sessions.header import Details, PersonBaseline, SourceFile
from app.sessions.recorded_selection import from_settings
from app.sessions.schema import limits
from app.sessions.schema.files import FORMAT, FORMAT_VERSION
from app.sessions.schema.limits import LimitError, number, text, whole
from app.sessions.video_recorder import VideoKind, VideoState
from app.sources.selection import Selection
from app.system.errors import UserError
from app.system.json_text import MOST_BYTES, read_json
from app.system.plain_file import plain_text, read_plain
from app.types import Baseline

NAME_OF_NETWORK = re.compile(r"\w[\w.-]{0,99}")  # it becomes a file's name, and must not lead elsewhere


class SessionError(UserError):
    """A session folder cannot be read; the message is one sentence for the user."""


class NewerError(SessionError):
    """A newer version of Mien wrote the session."""


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """A column as the session itself describes it."""

    name: str
    meaning: str = ""
    unit: str = ""
    range: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class UsedModel:
    """A network that the values of a session come from."""

    name: str
    task: str
    sha256: str
    precision: str
    measured: Mapping[str, Any]  # the figures on its card, word for word


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """What `session.json` says; `whole` is all of it, for whoever hands it on word for word."""

    source: str  # name of the camera or the file
    live: bool  # a camera
    width: int  # pixels
    height: int  # pixels
    rate: float  # frames a second that the source is said to have; 0 when unknown
    started_utc: str  # ISO 8601
    finished: bool  # False when it was interrupted, or is still running
    ended_by: str
    recovered: bool  # it was interrupted, and a later start closed it
    rows: int  # of `faces.csv`, once it is finished
    rows_sha256: str  # of `faces.csv`; "" where no hash was kept
    events_sha256: str  # of `events.csv`; "" where no hash was kept
    app_version: str
    platform: str
    details: Details
    file: SourceFile | None  # None for a camera
    video: VideoState | None  # None where no video was recorded with it
    baselines: tuple[PersonBaseline, ...]
    models: tuple[UsedModel, ...]
    settings: Mapping[str, Any]
    selection: Selection  # which frames of the source were measured, and which way up
    status: Mapping[str, str]  # what each word of the column `status` means
    columns: tuple[ColumnInfo, ...]
    whole: Mapping[str, Any]

    def column(self, name: str) -> ColumnInfo:
        """What the session says of its column `name`; only the name where it says nothing."""
        return next((column for column in self.columns if column.name == name), ColumnInfo(name))


def read_info(path: Path) -> SessionInfo:
    """What the `session.json` at `path` says. Raises SessionError."""
    said = read_whole(path)
    try:
        return _info_from(said)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        why = str(error) if isinstance(error, LimitError) else f"{type(error).__name__}: {error}"
        raise SessionError(
            f"{path} was edited and does not fit ({why[:200]}): restore it from a copy."
        ) from error


def read_whole(path: Path) -> dict[str, Any]:
    """All that the `session.json` at `path` says, if it is that of a session. Raises SessionError."""
    try:
        said = read_json(read_plain(path, MOST_BYTES))
    except OSError as error:
        raise unreadable(path, error) from error
    except ValueError as error:
        raise SessionError(f"{path} is damaged ({str(error)[:200]}): restore it from a copy.") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise SessionError(f"{path} does not describe a session of Mien: name a folder that Mien recorded.")
    if not isinstance(version := said.get("format_version"), int) or version > FORMAT_VERSION:
        raise NewerError(
            f"{path} was written by a newer Mien (format {str(version)[:20]}): update Mien to read it."
        )
    return said


def _info_from(said: dict[str, Any]) -> SessionInfo:
    source, app = _mapping(said["source"], "source"), _mapping(said.get("app"), "app")
    width, height = (whole(source.get(side), side, 0, limits.MOST_SIDE) for side in ("width", "height"))
    if width * height > limits.MOST_PIXELS:
        raise LimitError(f"a picture of {width} x {height} pixels is too large")
    columns = _several(said.get("columns"), "columns", limits.MOST_COLUMNS)
    return SessionInfo(
        source=text(source["name"], "the source's name", 1000),
        live=bool(source.get("live")),
        width=width,
        height=height,
        rate=number(source.get("rate"), "rate", 0.0, 1e6),
        started_utc=text(said.get("started_utc"), "started_utc", 100),
        finished=bool(said.get("finished")),
        ended_by=text(said.get("ended_by"), "ended_by"),
        recovered=bool(said.get("recovered")),
        rows=whole(said.get("rows"), "rows", 0, limits.MOST_COUNTED),
        rows_sha256=text(said.get("rows_sha256"), "rows_sha256", 100),
        events_sha256=text(said.get("events_sha256"), "events_sha256", 100),
        app_version=text(app.get("version"), "the version of Mien", 100),
        platform=text(said.get("platform"), "platform", 1000),
        details=Details(
            participant=text(said.get("participant"), "participant"),
            condition=text(said.get("condition"), "condition"),
            notes=text(said.get("notes"), "notes"),
            consent=bool(said.get("consent")),
            listed=_listed(said.get("listed")),
        ),
        file=_file(said.get("file")),
        video=_video(said.get("video")),
        baselines=tuple(map(_baseline, _several(said.get("baseline"), "baseline", limits.MOST_PEOPLE))),
        models=tuple(map(_network, _several(said.get("models"), "models", 20))),
        settings=(settings := _settings(_mapping(said.get("settings"), "settings"))),
        selection=from_settings(settings),
        status=MappingProxyType(
            {
                text(word, "status", 100): text(meaning, "status", 1000)
                for word, meaning in _mapping(said.get("status"), "status").items()
            }
        ),
        columns=tuple(
            ColumnInfo(
                text(c["name"], "a column's name", 100),
                *(text(c.get(k), f"a column's {k}", 2000) for k in ("meaning", "unit", "range", "missing")),
            )
            for c in columns
        ),
        whole=MappingProxyType(said),
    )


def _mapping(said: object, name: str) -> dict[str, Any]:
    if said is None:
        return {}
    if not isinstance(said, dict):
        raise LimitError(f"{name} has no entries")
    if len(said) > limits.MOST_COLUMNS:
        raise LimitError(f"{name} has {len(said)} entries")
    return said


def _several(said: object, name: str, most: int) -> list[dict[str, Any]]:
    if said is None:
        return []
    if not isinstance(said, list):
        raise LimitError(f"{name} is no list")
    if len(said) > most:
        raise LimitError(f"{name} has {len(said)} entries")
    return [_mapping(part, name) for part in said]


def _network(said: dict[str, Any]) -> UsedModel:
    name = text(said.get("name"), "a network's name", 1000)
    if name and not NAME_OF_NETWORK.fullmatch(name):
        raise LimitError(f"{name[:40]!r} is no name of a network")
    return UsedModel(
        name,
        text(said.get("task"), "a network's task", 100),
        text(said.get("sha256"), "a network's sha256", 100),
        text(said.get("precision"), "a network's precision", 100),
        MappingProxyType(_mapping(said.get("measured"), "measured")),
    )


def _settings(said: dict[str, Any]) -> Mapping[str, Any]:
    if "max_faces" in said:
        whole(said["max_faces"], "max_faces", 1, limits.MOST_FACES)
    if "smoothing" in said:
        number(said["smoothing"], "smoothing", 0.0, 1.0)
    return MappingProxyType(said)


def _listed(said: object) -> tuple[tuple[str, str], ...]:
    """What a list of files said besides participant, condition and notes."""
    cells = _mapping(said, "listed").items()
    return tuple(
        (text(name, "a listed column", 100), text(cell, f"listed {name[:40]}")) for name, cell in cells
    )


def _file(said: object) -> SourceFile | None:
    if not isinstance(said, dict):
        return None
    path = said.get("path") or ""
    if not isinstance(path, str) or len(path) > 4096 or "\0" in path:
        raise LimitError("the file's path is none")
    length = whole(said.get("bytes"), "the file's bytes", -1, 10**18, -1)
    return SourceFile(path, length, text(said.get("sha256"), "the file's sha256", 100))


def _video(said: object) -> VideoState | None:
    if not isinstance(said, dict):
        return None
    return VideoState(
        file=text(said.get("file"), "the video's file", 1000),
        kind=text(said.get("kind"), "the video's kind", 100) or VideoKind.CLEAN.value,
        codec=text(said.get("codec"), "the video's codec", 100),
        quality=whole(said.get("quality"), "the video's quality", 0, 100),
        frames=whole(said.get("frames"), "the video's frames", 0, limits.MOST_COUNTED),
        dropped=whole(said.get("dropped"), "the video's dropped", 0, limits.MOST_COUNTED),
    )


def _baseline(said: dict[str, Any]) -> PersonBaseline:
    taken = _mapping(said["origin"], "baseline")
    baseline = Baseline(
        number(taken["valence"], "a baseline", -2.0, 2.0),
        number(taken["arousal"], "a baseline", -2.0, 2.0),
        whole(taken.get("frames"), "a baseline", 0, limits.MOST_COUNTED),
    )
    return PersonBaseline(whole(said["face"], "a baseline's face", 1, limits.MOST_COUNTED), baseline)


def open_text(path: Path) -> TextIO:
    """The text file of a session at `path`, open for reading. Raises SessionError."""
    try:
        return plain_text(path)
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> SessionError:
    """That the file `path` of a session cannot be read, as one sentence."""
    return SessionError(
        f"{path} cannot be read ({error.strerror or error}): name a whole session folder, or restore the "
        "file."
    )
