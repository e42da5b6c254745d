"""Results as the lines of `faces.csv`."""

from __future__ import annotations

from app.sessions.schema.faces import COLUMNS, Row
from app.types import Result


def rows(result: Result, time: float, latency: float | None) -> str:
    """The lines of one frame: one for each face, or one that says that there is none.

    `time` is that of the column time_s in seconds; `latency` is in milliseconds, None in an analysis.
    """
    frame = result.frame
    lines = (
        Row(frame.index, time, frame.wall, frame.dropped, latency, face) for face in result.faces or (None,)
    )
    return "".join(",".join([column.write(line) for column in COLUMNS]) + "\n" for line in lines)
