"""What an analysis prints: a few lines of text for each file, or one JSON object a line."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from pathlib import Path

from app.analysis.options import AnalysisOptions
from app.analysis.summary import AnalysisSummary
from app.sources.source import Source
from app.types import Frame

EVERY = 0.5  # s between two lines about the progress of a file


def done(name: str, csv: Path, summary: AnalysisSummary, options: AnalysisOptions) -> str:
    """What was found in the file `name`, whose rows are in `csv`."""
    if not options.json:
        return summary.text(name, csv)
    valence, arousal = summary.means
    return _line(
        "done", name, session=str(csv.parent), frames=summary.frames, seconds=round(summary.seconds, 3),
        faces=summary.faces, frames_with_faces=summary.frames_with_faces, most_at_once=summary.most_at_once,
        most_in_sight=max(summary.most_seen, summary.most_at_once), expression=summary.expression,
        valence=_rounded(valence), arousal=_rounded(arousal),
        explained=summary.heat_maps(csv.parent), note=summary.note,
    )  # fmt: skip


def skipped(name: str, session: Path, options: AnalysisOptions) -> str:
    """That the file `name` is analysed already, in the folder `session`."""
    if options.json:
        return _line("skipped", name, session=str(session))
    return f"{name}: analysed already, see {session}"


def failed(name: str, why: str) -> str:
    """That a file failed, and one sentence why, as JSON."""
    return _line("failed", name, error=why)


def with_progress_lines(source: Source) -> Iterator[Frame]:
    """The frames of an open file, and now and then a line of JSON about how far it is. Raises SourceError."""
    said, count = time.monotonic(), 0
    while (frame := source.read()) is not None:
        yield frame
        count += 1
        if time.monotonic() - said >= EVERY:
            said = time.monotonic()
            about = _line(
                "progress", source.name, frames=count, of=source.frames, time_s=round(frame.time, 6)
            )
            print(about, flush=True)


def _line(kind: str, name: str, **values: object) -> str:
    # ASCII, whatever the terminal; a name that is not UTF-8 stays readable.
    return json.dumps({"event": kind, "file": name, **values})


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)
