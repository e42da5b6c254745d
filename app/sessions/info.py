"""What the `session.json` of a recorded session says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO

from app.system.errors import UserError

FORMAT, VERSION = "mien session", 1  # the newest that can be read


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
    """A network that gave the values."""

    name: str
    task: str
    sha256: str
    precision: str
    measured: Mapping[str, Any]  # the figures on its card, word for word


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """What `session.json` says; `whole` is all of it, for what has no name here."""

    source: str  # name of the camera or the file
    live: bool
    width: int  # pixels
    height: int
    rate: float  # frames a second that the source promised; 0 when unknown
    started_utc: str  # ISO 8601
    finished: bool  # False when it was cut off, or is still running
    ended_by: str
    app_version: str
    platform: str
    models: tuple[UsedModel, ...]
    settings: Mapping[str, Any]
    status: Mapping[str, str]  # what each word of the column `status` means
    fields: tuple[ColumnInfo, ...]  # the columns
    whole: Mapping[str, Any]

    def text(self, name: str) -> str:
        """An entry of the first level as text; "" where there is none."""
        value = self.whole.get(name, "")
        return value if isinstance(value, str) else ""


def read_info(path: Path) -> SessionInfo:
    """Raises SessionError."""
    with open_text(path) as file:
        try:
            whole = json.load(file)
        except ValueError as error:
            raise SessionError(f"{path} is damaged ({error}): restore it from a copy.") from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise SessionError(f"{path} does not describe a session of Mien: name a folder that Mien recorded.")
    if not isinstance(version := whole.get("format_version"), int) or version > VERSION:
        raise SessionError(f"{path} was written by a newer Mien (format {version}): update Mien to read it.")
    try:
        return _read_about(whole)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SessionError(
            f"{path} was edited and does not fit ({error}): restore it from a copy."
        ) from error


def _read_about(whole: dict[str, Any]) -> SessionInfo:
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
        app_version=str(app.get("version", "")),
        platform=str(whole.get("platform", "")),
        models=tuple(
            UsedModel(
                str(m.get("name", "")), str(m.get("task", "")), str(m.get("sha256", "")),
                str(m.get("precision", "")), MappingProxyType(dict(m.get("measured", {}))),
            )
            for m in whole.get("models", ())
        ),
        settings=MappingProxyType(dict(whole.get("settings", {}))),
        status=MappingProxyType({str(k): str(v) for k, v in dict(whole.get("status", {})).items()}),
        fields=tuple(
            ColumnInfo(str(c["name"]), *(str(c.get(k, "")) for k in ("meaning", "unit", "range", "missing")))
            for c in whole.get("columns", ())
        ),
        whole=MappingProxyType(whole),
    )  # fmt: skip


def open_text(path: Path) -> TextIO:
    """A text file of a session. Raises SessionError."""
    try:
        return path.open(encoding="utf-8", newline=None, errors="replace")
    except OSError as error:
        raise SessionError(
            f"{path} cannot be read ({error.strerror}): name a whole session folder, or restore the file."
        ) from error
