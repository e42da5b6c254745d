"""The numbers of a report: statistics over every row of a session, of raw values, nothing left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from app.sessions.event import MARKER, Event
from app.sessions.info import SessionInfo
from app.sessions.reading import RecordedSession, Rows
from app.sessions.schema.column import Values
from app.types import EXPRESSIONS, Floats

# That a report is made from.
COLUMNS = (
    *("frame", "time_s", "dropped", "face", "status", "expression", "valence", "arousal"),
    *("valence_smooth", "arousal_smooth", "valence_from_baseline", "arousal_from_baseline", "latency_ms"),
)


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and spread of a sample; NaN where the sample is empty."""

    count: int
    mean: float
    sd: float  # of the sample, n - 1; NaN below two values
    low: float  # 5th percentile
    high: float  # 95th percentile


@dataclass(frozen=True, slots=True)
class PersonFigures:
    """The numbers of one face id over the whole session."""

    id: int
    rows: Rows  # of the COLUMNS, only where a value was measured
    share: float  # of all frames in which there is a value, 0..1
    valence: Spread  # raw
    arousal: Spread
    from_baseline: tuple[Spread, ...]  # valence, arousal minus those of the neutral face; () without one
    expressions: tuple[float, ...]  # share of its rows, in the order of EXPRESSIONS


@dataclass(frozen=True, slots=True)
class SessionFigures:
    """The numbers of one session, which a page is made from."""

    name: str  # of the folder
    info: SessionInfo
    events: tuple[Event, ...]
    start: float  # s, of the first frame
    end: float  # s, of the last frame
    frames: int
    lost: int  # frames that were dropped
    rate: float  # frames a second, from the median time between two frames
    longest_gap: float  # s between two frames
    status: dict[str, int]  # rows of each status, the most common first
    times: Floats  # (n,) s, of each row
    statuses: Values  # (n,) the status of each row
    measured: float  # share of the frames with at least one measured face, 0..1
    people: tuple[PersonFigures, ...]  # by id
    valence: Spread  # over all measured rows
    arousal: Spread
    expressions: tuple[float, ...]
    latency: Floats  # (m,) ms, of each frame that has one

    @property
    def duration(self) -> float:
        """Seconds from the first frame to the last."""
        return self.end - self.start

    @property
    def markers(self) -> tuple[Event, ...]:
        """The events that somebody set, during the recording or in a replay."""
        return tuple(event for event in self.events if event.kind == MARKER)

    @property
    def dominant(self) -> str:
        """The most common expression over all rows with a face; "" where there is none."""
        return EXPRESSIONS[int(np.argmax(self.expressions))] if self.valence.count else ""


def figures(session: RecordedSession) -> SessionFigures:
    """The numbers of `session`, from every row. Raises SessionError."""
    rows = session.rows(*COLUMNS)
    frames, first = np.unique(rows["frame"], return_index=True)
    times = rows["time_s"][first]
    steps = np.diff(times)
    values = rows.where(~np.isnan(rows["face"]) & ~np.isnan(rows["valence"]))
    words, counts = np.unique(rows["status"], return_counts=True)
    latency = rows["latency_ms"][first]
    return SessionFigures(
        name=session.name,
        info=session.info,
        events=session.events(),
        start=float(times[0]) if len(times) else 0.0,
        end=float(times[-1]) if len(times) else 0.0,
        frames=len(frames),
        lost=int(np.nansum(rows["dropped"][first])),
        rate=float(1 / np.median(steps)) if len(steps) and np.median(steps) > 0 else 0.0,
        longest_gap=float(steps.max()) if len(steps) else 0.0,
        status={str(words[i]): int(counts[i]) for i in np.argsort(-counts, kind="stable")},
        times=rows["time_s"],
        statuses=rows["status"],
        measured=len(np.unique(values["frame"])) / max(1, len(frames)),
        people=tuple(_person(values, int(id), len(frames)) for id in np.unique(values["face"])),
        valence=spread(values["valence"]),
        arousal=spread(values["arousal"]),
        expressions=_shares(values["expression"]),
        latency=latency[~np.isnan(latency)],
    )


def without_rows(session: SessionFigures) -> SessionFigures:
    """`session` without its rows, so that a page of many sessions needs the memory of one."""
    nothing = np.empty(0)
    return replace(session, people=(), times=nothing, statuses=nothing, latency=nothing)


def between(session: SessionFigures, start: float, end: float) -> tuple[Spread, Spread, str]:
    """Valence, arousal and the most common expression from `start` until before `end` (s).

    They are those of all people together; the expression is "" where nobody was in sight.
    """
    parts = [p.rows.where((p.rows["time_s"] >= start) & (p.rows["time_s"] < end)) for p in session.people]
    valence, arousal, words = (
        np.concatenate([part[name] for part in parts] or [np.empty(0)])
        for name in ("valence", "arousal", "expression")
    )
    known, counts = np.unique(words, return_counts=True)
    most_common = str(known[counts.argmax()]) if len(words) else ""
    return spread(valence), spread(arousal), most_common


def _person(values: Rows, id: int, frames: int) -> PersonFigures:
    own = values.where(values["face"] == id)
    shifted = tuple(spread(own[f"{signal}_from_baseline"]) for signal in ("valence", "arousal"))
    return PersonFigures(
        id,
        own,
        len(own) / frames,
        spread(own["valence"]),
        spread(own["arousal"]),
        shifted if all(s.count for s in shifted) else (),
        _shares(own["expression"]),
    )


def spread(values: Floats) -> Spread:
    """Count, mean, standard deviation and percentiles of `values` (n,), without those that are NaN."""
    values = values[~np.isnan(values)]
    if not len(values):
        return Spread(0, *[float("nan")] * 4)
    low, high = np.percentile(values, [5, 95])
    sd = float(values.std(ddof=1)) if len(values) > 1 else float("nan")
    return Spread(len(values), float(values.mean()), sd, float(low), float(high))


def _shares(words: Values) -> tuple[float, ...]:
    return tuple(float((words == word).mean()) if len(words) else 0.0 for word in EXPRESSIONS)
