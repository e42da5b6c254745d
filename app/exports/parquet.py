"""Parquet: `NAME.parquet` with every row and column, `NAME.events.parquet` with the markers.

What each column means travels in its metadata, and the whole session.json in that of the file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.sessions.info import SessionError
from app.sessions.reading import RecordedSession
from app.sessions.schema.column import Column, Kind, Values
from app.sessions.schema.events import EVENT_COLUMNS
from app.sessions.schema.faces import known
from app.system.atomic import output_file
from app.system.extras import need

GROUP = 8192  # rows that are packed together


def write(session: RecordedSession, folder: Path) -> tuple[Path, ...]:
    """Writes the rows and the events of `session` as two files into `folder`; gives both.

    Raises SessionError, MissingExtra and WriteError.
    """
    pa, pq = need("pyarrow", "Parquet"), need("pyarrow.parquet", "Parquet")
    rows = folder / f"{session.name}.parquet"
    events = folder / f"{session.name}.events.parquet"
    columns = [known(name) for name in session.names]
    schema = _schema(pa, session, columns)
    with output_file(rows) as draft, pq.ParquetWriter(str(draft), schema, compression="zstd") as writer:
        group: list[Any] = []
        for block in session.blocks():
            arrays = [array_of(pa, column, block[column.name]) for column in columns]
            group.append(pa.Table.from_arrays(arrays, schema=schema))
            if sum(map(len, group)) >= GROUP:
                writer.write_table(pa.concat_tables(group))
                group = []
        if group:
            writer.write_table(pa.concat_tables(group))
    with output_file(events) as draft:
        pq.write_table(_events(pa, session), str(draft))
    return rows, events


def _schema(pa: Any, session: RecordedSession, columns: Sequence[Column[Any]]) -> Any:
    fields = []
    for column in columns:
        info = session.info.column(column.name)
        notes = {"meaning": info.meaning, "unit": info.unit, "range": info.range}
        fields.append(pa.field(column.name, type_of(pa, column), metadata=notes))
    whole = json.dumps(dict(session.info.whole), ensure_ascii=False)
    return pa.schema(fields, metadata={"mien.session": whole})


def type_of(pa: Any, column: Column[Any]) -> Any:
    """The type of `column` in Parquet; `pa` is pyarrow."""
    return {
        Kind.NUMBER: pa.float64(), Kind.WHOLE: pa.int64(), Kind.TEXT: pa.string(),
        Kind.UTC: pa.timestamp("ms", tz="UTC"),
    }[column.kind]  # fmt: skip


def array_of(pa: Any, column: Column[Any], values: Values) -> Any:
    """The `values` (n,) of `column` for Parquet: empty text and NaN become null. Raises SessionError."""
    if column.kind is Kind.UTC:
        return pa.array(timestamps(values), type=type_of(pa, column))
    if column.is_text:
        return pa.array(values, mask=values == "", type=pa.string())
    gaps = np.isnan(values)
    return pa.array(np.where(gaps, 0, values), mask=gaps).cast(type_of(pa, column))


def _events(pa: Any, session: RecordedSession) -> Any:
    """The events in force: nothing is cancelled among them, so there is no column for that."""
    events = session.events()
    columns = [column for column in EVENT_COLUMNS if column.part != "cancels"]
    return pa.table({c.name: cells_of(pa, c, [c.write(event) for event in events]) for c in columns})


def cells_of(pa: Any, column: Column[Any], cells: Sequence[str]) -> Any:
    """The values of `cells` of `column`, as they are written in a file; an empty one becomes null."""
    if column.kind is Kind.UTC:
        return pa.array(timestamps(np.array(cells, str)), type=type_of(pa, column))
    values = [column.kind.parse(cell) if cell else None for cell in cells]
    return pa.array(values, type=type_of(pa, column))


def timestamps(utc: Values) -> NDArray[np.datetime64]:
    """ISO 8601 text ending in Z, "" for none, as datetime64[ms] with NaT for none. Raises SessionError."""
    try:
        return np.char.rstrip(utc, "Z").astype("datetime64[ms]")
    except ValueError as error:
        raise SessionError(f"A time in wall_utc cannot be read ({error}): restore the session.") from error
