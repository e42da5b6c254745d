"""A BIDS data set: `*_physio.tsv.gz` for each person, `*_events.tsv`, and what both mean in JSON beside them.

BIDS requires samples at an even distance. Each sample of the grid takes the frame nearest to it, at most half
a step away, whose true capture time is in the column `timestamp`; where none is near, the values are n/a.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.exports.people import People, Person, people
from app.sessions.reading import RecordedSession
from app.sessions.schema.events import EVENT_COLUMNS
from app.system.atomic import output_file
from app.types import Floats

VERSION = "1.10.0"
TASK = "mien"
UNITS = {"seconds": "s", "milliseconds": "ms", "degrees": "deg"}  # as BIDS writes them
README = """Faces read by Mien: eye centres, expression, valence and arousal.

The JSON files say what each column means.
"""


def write(session: RecordedSession, folder: Path) -> tuple[Path, ...]:
    """Writes `session` as a data set into `folder/NAME-bids`; gives its files.

    Raises SessionError and WriteError.
    """
    root = folder / f"{session.name}-bids"
    subject = _label(session.info.details.participant) or "01"
    label = _label(session.info.started_utc.partition(".")[0]) or "01"
    stem = f"sub-{subject}_ses-{label}_task-{TASK}"
    beh = root / f"sub-{subject}" / f"ses-{label}" / "beh"
    found = people(session)
    rate = _rate(session.info.rate, found.times)
    written = [
        _text(root / "dataset_description.json", _json(_dataset(session))),
        _text(root / "README", README),
        _text(beh / f"{stem}_events.tsv", _events(session)),
        _text(beh / f"{stem}_events.json", _json({"TaskName": TASK, **BIDS_EVENT_COLUMNS})),
    ]
    for person in found.persons:
        name = beh / f"{stem}_recording-face{person.id}_physio"
        written += [
            _zipped(name.with_suffix(".tsv.gz"), _samples(found, person, rate)),
            _text(name.with_suffix(".json"), _json(_sidecar(session, found, rate))),
        ]
    return tuple(written)


def grid(times: Floats, first: float, last: float, rate: float) -> NDArray[np.intp]:
    """The frame for each sample of an even grid from `first` to `last` (s), `rate` samples a second.

    `times` (n,) are those of the frames in s, increasing. Gives the index of the nearest frame, at most half
    a step away, or -1 for none: ((last - first) * rate + 1,).
    """
    samples = first + np.arange(round((last - first) * rate) + 1) / rate
    after = np.searchsorted(times, samples).clip(1, max(len(times) - 1, 1))
    before = after - 1
    after = np.minimum(after, len(times) - 1)
    nearest = np.where(samples - times[before] <= times[after] - samples, before, after)
    near = np.abs(times[nearest] - samples) <= 0.5 / rate
    return np.where(near, nearest, -1)


def _rate(nominal: float, times: Floats) -> float:
    """Frames a second: the nominal rate where the source kept it to 2 %, else the real one."""
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    if step <= 0:
        return nominal or 1.0
    real = 1 / step
    return nominal if abs(real - nominal) <= 0.02 * real else round(real, 3)


def _samples(found: People, person: Person, rate: float) -> Iterable[str]:
    """Lines without a header, as BIDS requires."""
    width = 2 + person.values.shape[1]
    for i in grid(person.times, found.times[0], found.times[-1], rate):
        if i < 0:
            yield "\t".join(["n/a"] * width) + "\n"
            continue
        cells = [f"{person.times[i]:.6f}", f"{person.frames[i]:.0f}"]
        cells += ["n/a" if value != value else f"{value:.10g}" for value in person.values[i].tolist()]
        yield "\t".join(cells) + "\n"


def _sidecar(session: RecordedSession, found: People, rate: float) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "timestamp": {"Description": "true capture time of the sample since the start", "Units": "s"},
        "frame": {"Description": "number of the frame in its source"},
    }
    for column in found.columns:
        columns[column.name] = {"Description": column.meaning}
        if column.unit:
            columns[column.name]["Units"] = UNITS.get(column.unit, column.unit)
    columns["status"]["Levels"] = {
        str(i): session.info.status.get(word) or word for i, word in enumerate(found.levels)
    }
    return {
        "SamplingFrequency": rate,
        "StartTime": float(found.times[0]),
        "Columns": list(columns),
        "PhysioType": "generic",
        "TaskName": TASK,
        "SoftwareVersions": f"Mien {session.info.app_version}",
        **columns,
    }


MEANING = {column.name: column.meaning for column in EVENT_COLUMNS}
BIDS_EVENT_COLUMNS = {
    "onset": {"Description": "time since the start of the session", "Units": "s"},
    "duration": {"Description": "0: an event has no length", "Units": "s"},
    "trial_type": {"Description": MEANING["kind"]},
    "marker": {"Description": MEANING["text"]},
    **{name: {"Description": MEANING[name]} for name in ("origin", "frame", "wall_utc")},
}


def _events(session: RecordedSession) -> str:
    lines = ["\t".join(BIDS_EVENT_COLUMNS)]
    for e in session.events():
        frame = "" if e.frame < 0 else str(e.frame)
        cells = (f"{e.time:.6f}", "0", e.kind, e.text, e.origin, frame, e.wall_utc)
        lines.append("\t".join(" ".join(cell.split()) or "n/a" for cell in cells))
    return "\n".join(lines) + "\n"


def _dataset(session: RecordedSession) -> dict[str, Any]:
    return {
        "Name": f"Mien: {session.name}",
        "BIDSVersion": VERSION,
        "DatasetType": "raw",
        "GeneratedBy": [{"Name": "Mien", "Version": session.info.app_version}],
    }


def _label(text: str) -> str:
    """BIDS labels hold letters and digits only."""
    return re.sub(r"[^0-9A-Za-z]", "", text)


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _text(path: Path, text: str) -> Path:
    with output_file(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")
    return path


def _zipped(path: Path, lines: Iterable[str]) -> Path:
    """Without the time in its header: the same session gives the same bytes."""
    with output_file(path) as draft, draft.open("wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as packed:
        packed.writelines(line.encode() for line in lines)
    return path
