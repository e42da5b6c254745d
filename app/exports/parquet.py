"""Parquet: `NAME.parquet` with every row and column, `NAME.events.parquet` with the markers.

What each column means travels in its metadata, and the whole session.json in that of the file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from app.sessions.info import SessionError
from app.sessions.reading import TEXT, WHOLE, RecordedSession
from app.system.atomic import output_file
from app.system.extras import need


def write(recording: RecordedSession, folder: Path) -> tuple[Path, ...]:
    """Raises SessionError, MissingExtra, WriteError."""
    pa, pq = need("pyarrow", "Parquet"), need("pyarrow.parquet", "Parquet")
    rows = folder / f"{recording.folder.name}.parquet"
    events = folder / f"{recording.folder.name}.events.parquet"
    schema = _schema(pa, recording)
    with output_file(rows) as draft, pq.ParquetWriter(str(draft), schema, compression="zstd") as writer:
        for block in recording.blocks():
            columns = [_array(pa, schema.field(name).type, block[name]) for name in block]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
    with output_file(events) as draft:
        pq.write_table(_events(pa, recording), str(draft))
    return rows, events


def _schema(pa: Any, recording: RecordedSession) -> Any:
    said = {field.name: field for field in recording.about.fields}
    fields = []
    for name in recording.names:
        about = said.get(name)
        notes = {"meaning": about.meaning, "unit": about.unit, "range": about.range} if about else {}
        fields.append(pa.field(name, _type(pa, name), metadata=notes))
    whole = json.dumps(dict(recording.about.whole), ensure_ascii=False)
    return pa.schema(fields, metadata={"mien.session": whole})


def _type(pa: Any, name: str) -> Any:
    if name == "wall_utc":
        return pa.timestamp("ms", tz="UTC")
    if name in TEXT:
        return pa.string()
    return pa.int64() if name in WHOLE else pa.float64()


def _array(pa: Any, type: Any, values: np.ndarray) -> Any:
    """Empty text and NaN become null."""
    if pa.types.is_timestamp(type):
        return pa.array(moments(values), type=type)
    if pa.types.is_string(type):
        return pa.array(values, mask=values == "", type=type)
    gaps = np.isnan(values)
    return pa.array(np.where(gaps, 0, values), mask=gaps).cast(type)


def _events(pa: Any, recording: RecordedSession) -> Any:
    events = recording.events()
    return pa.table(
        {
            "time_s": pa.array([e.time for e in events], pa.float64()),
            "wall_utc": _array(pa, _type(pa, "wall_utc"), np.array([e.wall_utc for e in events], str)),
            "frame": pa.array([None if e.frame < 0 else e.frame for e in events], pa.int64()),
            "kind": pa.array([e.kind for e in events], pa.string()),
            "text": pa.array([e.text for e in events], pa.string()),
            "origin": pa.array([e.origin for e in events], pa.string()),
        }
    )


def moments(utc: np.ndarray) -> np.ndarray:
    """ISO 8601 text ending in Z, "" for none -> datetime64[ms], NaT for none. Raises SessionError."""
    try:
        return np.char.rstrip(utc, "Z").astype("datetime64[ms]")
    except ValueError as error:
        raise SessionError(f"A time in wall_utc cannot be read ({error}): restore the session.") from error
