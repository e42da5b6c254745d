"""What the `session.json` of a recorded session says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO

from app.sessions.header import Details, PersonBaseline, SourceFile
from app.sessions.schema.files import FORMAT, FORMAT_VERSION
from app.sessions.video_recorder import VideoKind, VideoState
from app.system.errors import UserError
from app.types import Baseline


class SessionError(UserError):
    """A session folder cannot be read; the message is one sentence for the user."""


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
    rows_sha256: str  # of `faces.csv`; "" where no hash was kept
    app_version: str
    platform: str
    details: Details
    file: SourceFile | None  # None for a camera
    video: VideoState | None  # None where no video was recorded with it
    baselines: tuple[PersonBaseline, ...]
    models: tuple[UsedModel, ...]
    settings: Mapping[str, Any]
    status: Mapping[str, str]  # what each word of the column `status` means
    columns: tuple[ColumnInfo, ...]
    whole: Mapping[str, Any]

    def column(self, name: str) -> ColumnInfo:
        """What the session says of its column `name`; only the name where it says nothing."""
        return next((column for column in self.columns if column.name == name), ColumnInfo(name))


def read_info(path: Path) -> SessionInfo:
    """What the `session.json` at `path` says. Raises SessionError."""
    with open_text(path) as file:
        try:
            whole = json.load(file)
        except ValueError as error:
            raise SessionError(f"{path} is damaged ({error}): restore it from a copy.") from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise SessionError(f"{path} does not describe a session of Mien: name a folder that Mien recorded.")
    if not isinstance(version := whole.get("format_version"), int) or version > FORMAT_VERSION:
        raise SessionError(f"{path} was written by a newer Mien (format {version}): update Mien to read it.")
    try:
        return _info_from(whole)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SessionError(
            f"{path} was edited and does not fit ({error}): restore it from a copy."
        ) from error


def _info_from(whole: dict[str, Any]) -> SessionInfo:
    source, app = whole["source"], whole.get("app", {})
    return SessionInfo(
        source=str(source["name"]),
        live=bool(source.get("live")),
        width=int(source.get("width", 0)),
        height=int(source.get("height", 0)),
        rate=float(source.get("rate") or 0.0),
        started_utc=str(whole.get("started_utc", "")),
        finished=bool(whole.get("finished")),
        ended_by=str(whole.get("ended_by", "")),
        recovered=bool(whole.get("recovered")),
        rows_sha256=str(whole.get("rows_sha256") or ""),
        app_version=str(app.get("version", "")),
        platform=str(whole.get("platform", "")),
        details=Details(
            participant=str(whole.get("participant") or ""),
            condition=str(whole.get("condition") or ""),
            notes=str(whole.get("notes") or ""),
            consent=bool(whole.get("consent")),
        ),
        file=_file(whole.get("file")),
        video=_video(whole.get("video")),
        baselines=tuple(_baseline(entry) for entry in whole.get("baseline", ())),
        models=tuple(
            UsedModel(
                str(m.get("name", "")), str(m.get("task", "")), str(m.get("sha256", "")),
                str(m.get("precision", "")), MappingProxyType(dict(m.get("measured", {}))),
            )
            for m in whole.get("models", ())
        ),
        settings=MappingProxyType(dict(whole.get("settings", {}))),
        status=MappingProxyType({str(k): str(v) for k, v in dict(whole.get("status", {})).items()}),
        columns=tuple(
            ColumnInfo(str(c["name"]), *(str(c.get(k, "")) for k in ("meaning", "unit", "range", "missing")))
            for c in whole.get("columns", ())
        ),
        whole=MappingProxyType(whole),
    )  # fmt: skip


def _file(said: object) -> SourceFile | None:
    if not isinstance(said, dict):
        return None
    length = said.get("bytes")
    return SourceFile(
        str(said.get("path") or ""), length if isinstance(length, int) else -1, str(said.get("sha256") or "")
    )


def _video(said: object) -> VideoState | None:
    if not isinstance(said, dict):
        return None
    return VideoState(
        file=str(said.get("file") or ""),
        kind=str(said.get("kind") or VideoKind.CLEAN.value),
        codec=str(said.get("codec") or ""),
        quality=int(said.get("quality") or 0),
        frames=int(said.get("frames") or 0),
        dropped=int(said.get("dropped") or 0),
    )


def _baseline(said: Mapping[str, Any]) -> PersonBaseline:
    taken = said["origin"]
    baseline = Baseline(float(taken["valence"]), float(taken["arousal"]), int(taken.get("frames", 0)))
    return PersonBaseline(int(said["face"]), baseline)


def open_text(path: Path) -> TextIO:
    """The text file of a session at `path`, open for reading. Raises SessionError."""
    try:
        return path.open(encoding="utf-8", newline=None, errors="replace")
    except OSError as error:
        raise SessionError(
            f"{path} cannot be read ({error.strerror}): name a whole session folder, or restore the file."
        ) from error
