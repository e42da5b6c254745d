"""One Parquet data set of any number of sessions, in as little memory as one of them needs.

A folder `study.parquet` with a folder for each participant, and in it numbered parts. Each row says of which
session it is, so that the data set can be read as one table. Beside it, `study.events.parquet` has all
markers and events.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.exports.data_set_folder import MARK, PART, data_set_folder
from app.exports.parquet import array_of, cells_of, type_of
from app.sessions.header import Details
from app.sessions.info import SessionError, SessionInfo
from app.sessions.reading import RecordedSession
from app.sessions.schema.events import EVENT_COLUMNS
from app.sessions.schema.faces import COLUMNS
from app.sessions.schema.files import INFO_FILE, UNFINISHED_FOLDER
from app.system.atomic import WriteError, output_file
from app.system.extras import need
from app.system.file_names import no_device

ROWS = 1_000_000  # of a part
GROUP = 65_536  # rows that are packed together
OF_SESSION = ("participant", "session", "condition", "source", "started_utc")  # first columns of each row
LEFT_OUT = "The session is left out."
EVENTS_OF = b"mien_events_of"  # the note in the file of events that names its data set
LISTED = "list_"  # before the name of a column of a list that another column has already


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be known of a session before its rows are read."""

    folder: Path
    details: Details
    source: str
    started_utc: str
    columns: frozenset[str]

    @property
    def of_session(self) -> dict[str, str]:
        """The values of the columns OF_SESSION."""
        said = self.details
        values = (said.participant, self.folder.name, said.condition, self.source, self.started_utc)
        return dict(zip(OF_SESSION, values, strict=True))


@dataclass(frozen=True, slots=True)
class Gathered:
    """What became of the sessions."""

    sessions: int
    rows: int
    left_out: tuple[str, ...]  # a sentence for each session that was left out


def sessions_in(places: Sequence[Path]) -> list[Path]:
    """The session folders among `places` and inside them, however deep, in the order of their names.

    Links are not followed, and drafts of sessions that are measured just now are no sessions. A folder that
    is named twice counts once. Raises SessionError where there is none in one of `places`.
    """
    found: dict[Path, Path] = {}  # by the real path
    for place in places:
        inside = sorted(_inside(place))
        if not inside:
            raise SessionError(
                f"There is no session in {place}: name session folders, or the folder of some."
            )
        for folder in inside:
            found.setdefault(folder.resolve(), folder)
    return list(found.values())


def _inside(place: Path) -> Iterator[Path]:
    for name, folders, files in os.walk(place):
        if INFO_FILE in files:
            folders.clear()  # a session holds no other
            yield Path(name)
        elif UNFINISHED_FOLDER in folders:
            folders.remove(UNFINISHED_FOLDER)


def gather(folders: Sequence[Path], target: Path, advance: Callable[[], object] = lambda: None) -> Gathered:
    """Writes the rows of the sessions `folders` as the data set `target`, and their events beside it.

    `advance` is called after each session. A session that cannot be read, is not finished, or is an analysis
    that did not come to the end of its file is left out, and so is a copy of another one. Where that leaves
    none, nothing is written: an older data set stays. Raises MissingExtra and WriteError.
    """
    pa, pq = need("pyarrow", "Parquet"), need("pyarrow.parquet", "Parquet")
    left_out: list[str] = []
    found = sorted(
        filter(None, (_look(folder, left_out) for folder in folders)),
        key=lambda one: (one.details.participant, one.folder.name),
    )
    found = _once(found, left_out)
    while found:
        try:
            return _write(pa, pq, found, target, left_out, advance)
        except _UnreadableError as error:  # what was written of them is thrown away: again without them
            left_out += error.unreadable.values()
            found = [one for one in found if one.folder not in error.unreadable]
            advance = _nothing
    why = f" {left_out[0]}" if left_out else ""
    what = "The session cannot" if len(folders) == 1 else f"None of {len(folders)} sessions can"
    raise WriteError(f"{what} be gathered, so nothing was written.{why}")


def _write(
    pa: Any, pq: Any, found: Sequence[Found], target: Path, left_out: Sequence[str],
    advance: Callable[[], object],
) -> Gathered:  # fmt: skip
    """Writes all of `found`. Raises _UnreadableError, then nothing is written, and WriteError."""
    listed = _listed(found)
    schema = _schema(pa, listed)
    unreadable: dict[Path, str] = {}
    rows = 0
    with data_set_folder(target) as draft, _events(pa, pq, target) as add_events:
        parts = _Parts(pa, pq, schema, draft)
        try:
            for one in found:
                try:
                    rows += parts.add(one, _tables(pa, schema, one, listed))
                    add_events(one)
                except SessionError as error:
                    unreadable[one.folder] = f"{error} {LEFT_OUT}"
                advance()
        finally:
            parts.close()
        if unreadable:
            raise _UnreadableError(unreadable)
        said = json.dumps({"sessions": len(found), "rows": rows})
        (draft / MARK).write_text(f"{said}\n", encoding="utf-8", newline="\n")
    return Gathered(len(found), rows, tuple(left_out))


class _UnreadableError(Exception):
    """Rows or events of some sessions cannot be read, as was seen while they were written."""

    def __init__(self, unreadable: Mapping[Path, str]) -> None:
        super().__init__(*unreadable.values())
        self.unreadable = unreadable  # a sentence for the folder of each session


def _nothing() -> None:
    """Advances nothing: each session was counted before."""


def _look(folder: Path, left_out: list[str]) -> Found | None:
    """What is known of the session in `folder`; None, and a sentence in `left_out`, where it is left out."""
    try:
        session = RecordedSession(folder)
        if lacking := _lacking(session.info, folder):
            left_out.append(lacking)
            return None
        if cut := session.lacking(used=False):
            left_out.append(f"{cut} {LEFT_OUT}")
            return None
    except SessionError as error:
        left_out.append(f"{error} {LEFT_OUT}")
        return None
    info = session.info
    return Found(folder.absolute(), info.details, info.source, info.started_utc, frozenset(session.names))


def _once(found: list[Found], left_out: list[str]) -> list[Found]:
    """`found` without copies: the same name, and the same description to the byte."""
    kept: dict[tuple[str, bytes], Found] = {}
    for one in found:
        key = one.folder.name, hashlib.sha256((one.folder / INFO_FILE).read_bytes()).digest()
        first = kept.setdefault(key, one)
        if first is not one:
            left_out.append(f"{one.folder} is a copy of {first.folder}, and is left out.")
    return list(kept.values())


def _lacking(info: SessionInfo, folder: Path) -> str:
    if not info.finished:
        return f"{folder} is not finished, and is left out: mien recover closes it."
    analysed = info.file is not None and not info.live and info.file.sha256
    if analysed and info.ended_by not in ("end of file", ""):
        return f"{folder} holds a part of its file, and is left out ({info.ended_by})"
    return ""


def _listed(found: Sequence[Found]) -> dict[str, str]:
    """The names of the columns of lists, and what each is called in the data set.

    No two columns share a name, whatever the case of its letters, which DuckDB does not tell apart.
    """
    taken = {name.casefold() for name in (*OF_SESSION, *(column.name for column in COLUMNS))}
    called: dict[str, str] = {}
    for name in dict.fromkeys(name for one in found for name, _ in one.details.listed):
        plain = f"{LISTED}{name}" if name.casefold() in taken else name
        number, chosen = 2, plain
        while chosen.casefold() in taken:
            chosen, number = f"{plain}_{number}", number + 1
        taken.add(chosen.casefold())
        called[name] = chosen
    return called


def _schema(pa: Any, listed: dict[str, str]) -> Any:
    texts = [pa.field(name, pa.string()) for name in (*OF_SESSION, *listed.values())]
    notes = [
        pa.field(c.name, type_of(pa, c), metadata={"meaning": c.meaning, "unit": c.unit, "range": c.range})
        for c in COLUMNS
    ]
    return pa.schema([*texts, *notes])


def _tables(pa: Any, schema: Any, one: Found, listed: dict[str, str]) -> Iterator[Any]:
    """The rows of a session, some at a time. Raises SessionError."""
    session = RecordedSession(one.folder)
    chosen = [column for column in COLUMNS if column.name in one.columns]
    said = one.of_session | {listed[name]: cell for name, cell in one.details.listed}
    for block in session.blocks([column.name for column in chosen]):
        arrays = {column.name: array_of(pa, column, block[column.name]) for column in chosen}
        count = len(block)
        for field in schema:
            if field.name in said:
                arrays[field.name] = pa.repeat(pa.scalar(said[field.name] or None, pa.string()), count)
            elif field.name not in arrays:  # an older session has no such column
                arrays[field.name] = pa.nulls(count, field.type)
        yield pa.Table.from_arrays([arrays[field.name] for field in schema], schema=schema)


class _Parts:
    """The files of a data set while they are written, one at a time."""

    def __init__(self, pa: Any, pq: Any, schema: Any, folder: Path) -> None:
        self._pa, self._pq, self._schema, self._folder = pa, pq, schema, folder
        self._writer: Any = None
        self._participant: str | None = None
        self._names: dict[str, str] = {}  # of the folder of each participant
        self._number = self._rows = 0  # of parts, and of rows in the present one
        self._group: list[Any] = []

    def add(self, one: Found, tables: Iterator[Any]) -> int:
        """Writes the rows of a session; gives how many. Raises SessionError, OSError."""
        participant, count = one.details.participant, 0
        if participant != self._participant or self._rows >= ROWS:
            self._begin(participant)
        for table in tables:
            count += len(table)
            self._rows += len(table)
            self._group.append(table)
            if sum(map(len, self._group)) >= GROUP:
                self._flush()
            if self._rows >= ROWS:
                self._begin(participant)
        return count

    def close(self) -> None:
        """Writes what is left."""
        self._flush()
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _begin(self, participant: str) -> None:
        self.close()
        folder = self._folder / self._name(participant)
        folder.mkdir(exist_ok=True)
        self._number, self._rows, self._participant = self._number + 1, 0, participant
        path = folder / PART.format(self._number)
        self._writer = self._pq.ParquetWriter(str(path), self._schema, compression="zstd")

    def _flush(self) -> None:
        if self._group:
            self._writer.write_table(self._pa.concat_tables(self._group))
            self._group = []

    def _name(self, participant: str) -> str:
        """A folder's name for a participant: no reader takes it for a column, and no two share one."""
        if participant not in self._names:
            plain = no_device(re.sub(r"[^\w-]+", "-", participant).strip("-_")[:60] or "nobody")
            others = {name.lower() for name in self._names.values()}
            number, name = 2, plain
            while name.lower() in others:
                name, number = f"{plain}-{number}", number + 1
            self._names[participant] = name
        return self._names[participant]


def _events_path(target: Path) -> Path:
    """`study.events.parquet` beside `study.parquet`, `study.1.events.parquet` beside `study.1`."""
    return target.with_name(f"{target.name.removesuffix('.parquet')}.events.parquet")


def _are_ours(pq: Any, path: Path, schema: Any, target: str) -> bool:
    """Whether the file at `path` holds the events of the data set `target`; earlier versions named none."""
    try:
        found = pq.read_schema(str(path))
    except (OSError, ValueError):  # no file, or no Parquet
        return False
    return bool(
        found.names == schema.names
        and (found.metadata or {}).get(EVENTS_OF, target.encode()) == target.encode()
    )


@contextmanager
def _events(pa: Any, pq: Any, target: Path) -> Iterator[Callable[[Found], None]]:
    """Writes the events that are in force of each session that it is called with."""
    columns = [column for column in EVENT_COLUMNS if column.part != "cancels"]
    fields = [pa.field(name, pa.string()) for name in OF_SESSION]
    told = [pa.field(column.name, type_of(pa, column)) for column in columns]
    schema = pa.schema([*fields, *told], metadata={EVENTS_OF: target.name})
    path = _events_path(target)
    if os.path.lexists(path) and not _are_ours(pq, path, schema, target.name):
        raise WriteError(f"{path} exists and is not of this data set: choose another name with -o.")
    with (
        output_file(path) as draft,
        pq.ParquetWriter(str(draft), schema, compression="zstd") as writer,
    ):

        def add(one: Found) -> None:
            events = RecordedSession(one.folder).events()
            if not events:
                return
            said = one.of_session
            arrays = [
                pa.repeat(pa.scalar(said[name] or None, pa.string()), len(events)) for name in OF_SESSION
            ]
            arrays += [cells_of(pa, column, [column.write(event) for event in events]) for column in columns]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))

        yield add
