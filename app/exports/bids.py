"""A BIDS data set: `*_physio.tsv.gz` for each person, `*_events.tsv`, and what both mean in JSON beside them.

BIDS wants samples at an even distance. Each moment of the grid takes the frame nearest to it, at most half a
step away, whose true capture time stands in the column `timestamp`; where none is near, the values are n/a.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from app.exports.people import People, Person, people
from app.sessions.reading import RecordedSession
from app.system.atomic import output_file

VERSION = "1.10.0"
TASK = "mien"
README = """Faces read by Mien: eye centres, expression, valence and arousal.

The JSON files say what each column means.
"""


def write(recording: RecordedSession, folder: Path) -> tuple[Path, ...]:
    """Writes into `folder/NAME-bids`. Raises SessionError, WriteError."""
    root = folder / f"{recording.folder.name}-bids"
    subject = _label(recording.about.text("participant")) or "01"
    session = _label(recording.about.started_utc.partition(".")[0]) or "01"
    stem = f"sub-{subject}_ses-{session}_task-{TASK}"
    beh = root / f"sub-{subject}" / f"ses-{session}" / "beh"
    found = people(recording)
    rate = _rate(recording.about.rate, found.times)
    written = [
        _text(root / "dataset_description.json", _json(_dataset(recording))),
        _text(root / "README", README),
        _text(beh / f"{stem}_events.tsv", _events(recording)),
        _text(beh / f"{stem}_events.json", _json({"TaskName": TASK, **EVENT_COLUMNS})),
    ]
    for person in found.persons:
        name = beh / f"{stem}_recording-face{person.id}_physio"
        written += [
            _zipped(name.with_suffix(".tsv.gz"), _samples(found, person, rate)),
            _text(name.with_suffix(".json"), _json(_sidecar(recording, found, rate))),
        ]
    return tuple(written)


def grid(times: np.ndarray, first: float, last: float, rate: float) -> np.ndarray:
    """For each moment from `first` to `last`, 1 / rate apart: the index of the nearest time, -1 for none."""
    moments = first + np.arange(round((last - first) * rate) + 1) / rate
    after = np.searchsorted(times, moments).clip(1, max(len(times) - 1, 1))
    before = after - 1
    after = np.minimum(after, len(times) - 1)
    nearest = np.where(moments - times[before] <= times[after] - moments, before, after)
    near = np.abs(times[nearest] - moments) <= 0.5 / rate
    return np.where(near, nearest, -1)


def _rate(promised: float, times: np.ndarray) -> float:
    """Frames a second: what the source promised where it kept it to 2 %, else what came."""
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    if step <= 0:
        return promised or 1.0
    real = 1 / step
    return promised if abs(real - promised) <= 0.02 * real else round(real, 3)


def _samples(found: People, person: Person, rate: float) -> Iterable[str]:
    """Lines without a header, as BIDS wants them."""
    width = 2 + person.values.shape[1]
    for i in grid(person.times, found.times[0], found.times[-1], rate):
        if i < 0:
            yield "\t".join(["n/a"] * width) + "\n"
            continue
        cells = [f"{person.times[i]:.6f}", f"{person.frames[i]:.0f}"]
        cells += ["n/a" if value != value else f"{value:.10g}" for value in person.values[i].tolist()]
        yield "\t".join(cells) + "\n"


def _sidecar(recording: RecordedSession, found: People, rate: float) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "timestamp": {"Description": "true capture time of the sample since the start", "Units": "s"},
        "frame": {"Description": "number of the frame in its source"},
    }
    for field in found.fields:
        columns[field.name] = {"Description": field.meaning}
        if field.unit:
            columns[field.name]["Units"] = {"seconds": "s", "degrees": "deg"}.get(field.unit, field.unit)
    columns["status"]["Levels"] = {
        str(i): recording.about.status.get(word) or word for i, word in enumerate(found.levels)
    }
    return {
        "SamplingFrequency": rate,
        "StartTime": float(found.times[0]),
        "Columns": list(columns),
        "PhysioType": "generic",
        "TaskName": TASK,
        "SoftwareVersions": f"Mien {recording.about.app_version}",
        **columns,
    }


EVENT_COLUMNS = {
    "onset": {"Description": "time since the start of the session", "Units": "s"},
    "duration": {"Description": "0: a moment", "Units": "s"},
    "trial_type": {"Description": "what kind of moment it is"},
    "marker": {"Description": "its text"},
    "origin": {"Description": "who set it"},
    "frame": {"Description": "number of the frame that was shown"},
    "wall_utc": {"Description": "wall clock, ISO 8601, UTC"},
}


def _events(recording: RecordedSession) -> str:
    lines = ["\t".join(EVENT_COLUMNS)]
    for e in recording.events():
        frame = "" if e.frame < 0 else str(e.frame)
        cells = (f"{e.time:.6f}", "0", e.kind, e.text, e.origin, frame, e.wall_utc)
        lines.append("\t".join(" ".join(cell.split()) or "n/a" for cell in cells))
    return "\n".join(lines) + "\n"


def _dataset(recording: RecordedSession) -> dict[str, Any]:
    return {
        "Name": f"Mien: {recording.folder.name}",
        "BIDSVersion": VERSION,
        "DatasetType": "raw",
        "GeneratedBy": [{"Name": "Mien", "Version": recording.about.app_version}],
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
