"""A BIDS data set: `*_physio.tsv.gz` for each person, `*_events.tsv`, and what both mean in JSON beside them.

BIDS requires samples at an even distance. Each sample of the grid takes the frame nearest to it, at most half
a step away, whose true capture time is in the column `timestamp`; where none is near, the values are n/a.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.exports.people import People, Person, Stretch
from app.sessions.event import Event
from app.sessions.info import SessionError
from app.sessions.intervals import STARTS, live_intervals
from app.sessions.reading import RecordedSession
from app.sessions.schema.events import EVENT_COLUMNS
from app.sessions.schema.formulas import guard
from app.system.atomic import output_file
from app.system.file_names import shortened
from app.types import Floats

VERSION = "1.10.0"
TASK = "mien"
AT_ONCE = 100  # files that are open at a time
LINES = 1000  # samples that are packed at a time
LEVEL = 6  # of packing, as gzip does by itself
LONGEST = 100_000_000  # samples of a person
GAPS, LEAST = 5, 200_000  # samples there may be for a row, and in any case
UNITS = {"seconds": "s", "milliseconds": "ms", "degrees": "deg"}  # as BIDS writes them
README = """Faces read by Mien: eye centres, expression, valence and arousal.

Each `*_physio.tsv.gz` holds what one face showed, at even steps of time: a sample takes the frame nearest
to it, whose true time is in the column `timestamp`; where none is near, the values are n/a. A person who was
out of sight for more than a second has a new face number. `*_events.tsv` holds the markers that were set, and
what Mien noticed, such as a face that appeared. The JSON file beside each says what every column means.

An apostrophe at the beginning of a text keeps spreadsheets from taking it for a formula.

Mien does not know who made this data set, under which licence, and with which instructions. Please add
`Authors` and `License` to dataset_description.json.
"""


def write(session: RecordedSession, folder: Path) -> tuple[Path, ...]:
    """Writes `session` as a data set into `folder/NAME-bids`; gives its files.

    Raises SessionError and WriteError.
    """
    root = folder / f"{shortened(session.name)}-bids"
    subject = label_of(session.info.details.participant)[:30] or "01"
    label = label_of(session.info.started_utc.partition(".")[0]) or "01"
    return (
        *write_description(root, f"Mien: {session.name}", session.info.app_version),
        *write_session(session, root, subject, label),
    )


def write_description(root: Path, name: str, version: str) -> tuple[Path, Path]:
    """Writes what describes the data set `name` in the folder `root`; `version` is that of Mien."""
    said = {
        "Name": name,
        "BIDSVersion": VERSION,
        "DatasetType": "raw",
        "GeneratedBy": [{"Name": "Mien", "Version": version}],
    }
    return write_json(root / "dataset_description.json", said), write_text(root / "README", README)


def write_session(
    session: RecordedSession, root: Path, subject: str, label: str,
    trial_type: Callable[[Event], str] = attrgetter("kind"),
) -> tuple[Path, ...]:  # fmt: skip
    """Writes `session` into the data set `root` as session `label` of `subject`; gives its files.

    `trial_type` gives that of an event. Raises SessionError and WriteError.
    """
    stem = f"sub-{subject}_ses-{label}_task-{TASK}"
    beh = root / f"sub-{subject}" / f"ses-{label}" / "beh"
    found = People(session)
    rate = _rate(session.info.rate, found.times)
    even = [_Even.of(person, found.times[0], rate) for person in found.persons]
    _refuse_if_mostly_gaps(session, even)
    written = [
        write_text(beh / f"{stem}_events.tsv", _events(session, trial_type)),
        write_json(beh / f"{stem}_events.json", BIDS_EVENT_COLUMNS),
    ]
    names = [beh / f"{stem}_recording-face{person.id}_physio" for person in found.persons]
    for start in range(0, len(names), AT_ONCE):
        files = {i: names[i].with_suffix(".tsv.gz") for i in range(len(names))[start : start + AT_ONCE]}
        _write_samples(found, even, files)
    for name, grid_of_person in zip(names, even, strict=True):
        sidecar = _sidecar(session, found, rate, grid_of_person.start)
        written += [name.with_suffix(".tsv.gz"), write_json(name.with_suffix(".json"), sidecar)]
    return tuple(written)


@dataclass(frozen=True, slots=True)
class _Even:
    """The even grid of one person, from when they were first seen until they were last seen."""

    start: float  # s
    frames: NDArray[np.intp]  # (samples,) the person's frame for each sample, -1 for none

    @classmethod
    def of(cls, person: Person, zero: float, rate: float) -> _Even:
        """That of `person`, on the samples of a grid that begins at `zero` (s), `rate` samples a second."""
        first, last = (zero + round((time - zero) * rate) / rate for time in person.times[[0, -1]].tolist())
        if (last - first) * rate > LONGEST:
            return cls(first, np.full(LONGEST + 1, -1))
        return cls(first, grid(person.times, first, max(first, last), rate))


def _refuse_if_mostly_gaps(session: RecordedSession, even: Sequence[_Even]) -> None:
    """A file of an even grid grows with the gaps: one of days would hold hardly anything else."""
    samples, rows = sum(len(each.frames) for each in even), sum((each.frames >= 0).sum() for each in even)
    if samples > GAPS * rows + LEAST:
        raise SessionError(
            f"{session.csv} has so long gaps that the even grid of BIDS would have {samples:,} samples for "
            f"{rows:,} of its rows: use another format."
        )


def _write_samples(found: People, even: Sequence[_Even], files: Mapping[int, Path]) -> None:
    """Writes the samples of some people, by their places in `found.persons`, into a file each."""
    with ExitStack() as stack:
        packed = {i: stack.enter_context(_zipped(path)) for i, path in files.items()}
        places = dict.fromkeys(files, (0, 0))  # rows and samples so far
        for stretch in found.stretches():
            if (i := stretch.person) in packed:
                row, sample = places[i]
                end = row + len(stretch.times)
                wanted = even[i].frames
                later = np.flatnonzero(wanted[sample:] >= end)
                until = sample + int(later[0]) if len(later) else len(wanted)
                frames = found.persons[i].frames[row:end]
                lines = _samples(stretch, frames, wanted[sample:until] - row)
                while part := "".join(islice(lines, LINES)):
                    packed[i].write(part.encode())
                places[i] = end, until


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
    return nominal if abs(real - nominal) <= 0.02 * real else float(f"{real:.6g}")


def _samples(stretch: Stretch, frames: Floats, wanted: NDArray[np.intp]) -> Iterator[str]:
    """Lines without a header, as BIDS requires: for each sample the row of `stretch` with that number.

    A number below 0 stands for none. `frames` (n,) are those of the rows.
    """
    count = stretch.values.shape[1]
    nothing = "\t".join(["n/a"] * (2 + count)) + "\n"
    line = "%.6f\t%.0f" + "\t%.10g" * count + "\n"
    for i in wanted.tolist():
        if i < 0:
            yield nothing
        else:
            cells = (stretch.times[i], frames[i], *stretch.values[i].tolist())
            yield (line % cells).replace("nan", "n/a")


def _sidecar(session: RecordedSession, found: People, rate: float, start: float) -> dict[str, Any]:
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
        "StartTime": start,
        "Columns": list(columns),
        "PhysioType": "generic",
        "TaskName": TASK,
        "SoftwareVersions": f"Mien {session.info.app_version}",
        **columns,
    }


MEANING = {column.name: column.meaning for column in EVENT_COLUMNS}
BIDS_EVENT_COLUMNS = {
    "onset": {"Description": "time since the start of the session", "Units": "s"},
    "duration": {"Description": "until its end where it begins an interval; else 0", "Units": "s"},
    "trial_type": {"Description": MEANING["kind"]},
    "marker": {"Description": MEANING["text"]},
    **{name: {"Description": MEANING[name]} for name in ("origin", "frame", "wall_utc")},
}


def _events(session: RecordedSession, trial_type: Callable[[Event], str]) -> str:
    lines = ["\t".join(BIDS_EVENT_COLUMNS)]
    events = session.events()
    end = max((event.time for event in events), default=0.0)
    lasts = {(i.id, i.start): i.end - i.start for i in live_intervals(events, end)}
    for e in events:
        frame = "" if e.frame < 0 else str(e.frame)
        texts = (guard(" ".join(text.split())) for text in (trial_type(e), e.text, e.origin))
        length = lasts.get((f"live {e.number}", e.time), 0.0) if e.kind in STARTS else 0.0
        cells = (f"{e.time:.6f}", f"{length:.6f}" if length else "0", *texts, frame, e.wall_utc)
        lines.append("\t".join(cell or "n/a" for cell in cells))
    return "\n".join(lines) + "\n"


def label_of(text: str) -> str:
    """`text` as a label of BIDS, which holds letters and digits only."""
    return re.sub(r"[^0-9A-Za-z]", "", text)


def write_json(path: Path, value: Any) -> Path:
    """Writes `value` as the JSON file `path`; gives it. Raises WriteError."""
    return write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def write_text(path: Path, text: str) -> Path:
    """Writes `text` as the file `path`; gives it. Raises WriteError."""
    with output_file(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")
    return path


@contextmanager
def _zipped(path: Path) -> Iterator[gzip.GzipFile]:
    """Without the time in its header: the same session gives the same bytes."""
    with (
        output_file(path) as draft,
        draft.open("wb") as file,
        gzip.GzipFile("", "wb", LEVEL, file, 0) as packed,
    ):
        yield packed
