"""The numbers of a report: statistics over every row of a session, of raw values, nothing left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.exports.report.action_tally import ActionFigures
from app.exports.report.gather import Gathered, gather
from app.sessions.event import MARKER, Event
from app.sessions.info import SessionInfo
from app.sessions.reading import RecordedSession, Rows
from app.sessions.word_codes import Codes
from app.system.palette import LIGHT
from app.types import EXPRESSIONS, Floats

MOST_PEOPLE = len(LIGHT.people)  # who have numbers of their own: those who were seen most
DRAWN = ("time_s", "valence_smooth", "arousal_smooth")  # columns of a person's rows


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
    rows: Rows  # the columns DRAWN, only where a value was measured; from the baseline where there is one
    share: float  # of all frames in which there is a value, 0..1
    valence: Spread  # raw
    arousal: Spread
    from_baseline: tuple[Spread, ...]  # valence, arousal minus those of the neutral face; () without one
    expressions: tuple[float, ...]  # share of its rows, in the order of EXPRESSIONS
    actions: ActionFigures | None  # None where they were not measured


@dataclass(frozen=True, slots=True)
class SessionFigures:
    """The numbers of one session, which a page is made from."""

    name: str  # of the folder
    info: SessionInfo
    lacking: str  # a sentence where the end of the rows is missing; else ""
    events: tuple[Event, ...]
    start: float  # s, of the first frame
    end: float  # s, of the last frame
    frames: int
    lost: int  # frames that were dropped
    rate: float  # frames a second, from the median time between two frames
    longest_gap: float  # s between two frames
    status: dict[str, int]  # rows of each status, the most common first
    times: Floats  # (n,) s, of each row
    statuses: Codes  # (n,) the status of each row
    status_words: tuple[str, ...]  # what the codes of `statuses` stand for
    measured: float  # share of the frames with at least one measured face, 0..1
    people: tuple[PersonFigures, ...]  # by id: at most MOST_PEOPLE, those who were seen most
    seen: int  # how many people there were
    values: Rows  # of all rows with a measured face
    words: Codes  # (k,) the expression of each of these
    expression_words: tuple[str, ...]  # what the codes of `words` stand for
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
    found = gather(session)
    counts = np.bincount(found.statuses, minlength=len(found.status_words))
    values, words = found.values, found.expression_words
    people, seen = _people(found)
    return SessionFigures(
        name=session.name,
        info=session.info,
        lacking=session.lacking(),
        events=session.events(),
        start=float(found.times[0]) if len(found.times) else 0.0,
        end=float(found.times[-1]) if len(found.times) else 0.0,
        frames=found.frames,
        lost=found.lost,
        rate=float(1 / np.median(found.steps)) if len(found.steps) and np.median(found.steps) > 0 else 0.0,
        longest_gap=float(found.steps.max()) if len(found.steps) else 0.0,
        status={found.status_words[i]: int(counts[i]) for i in np.argsort(-counts, kind="stable")},
        times=found.times,
        statuses=found.statuses,
        status_words=found.status_words,
        measured=found.measured / max(1, found.frames),
        people=people,
        seen=seen,
        values=values,
        words=found.expressions,
        expression_words=words,
        valence=spread(values["valence"]),
        arousal=spread(values["arousal"]),
        expressions=_shares(found.expressions),
        latency=found.latency,
    )


def without_rows(session: SessionFigures) -> SessionFigures:
    """`session` without its rows, so that a page of many sessions needs the memory of one."""
    nothing = np.empty(0)
    return replace(
        session, people=(), times=nothing, statuses=nothing.astype(np.uint8), latency=nothing,
        values=Rows({}), words=nothing.astype(np.uint8),
    )  # fmt: skip


def between(session: SessionFigures, start: float, end: float) -> tuple[Spread, Spread, str]:
    """Valence, arousal and the most common expression from `start` until before `end` (s).

    They are those of all people together; the expression is "" where nobody was in sight.
    """
    times = session.values["time_s"]
    here = slice(*np.searchsorted(times, [start, end]))
    counts = np.bincount(session.words[here], minlength=1)
    most_common = session.expression_words[int(counts.argmax())] if counts.any() else ""
    return spread(session.values["valence"][here]), spread(session.values["arousal"][here]), most_common


def _people(found: Gathered) -> tuple[tuple[PersonFigures, ...], int]:
    """Those who were seen most, by id, and how many there were."""
    faces = found.values["face"]
    order = np.argsort(faces, kind="stable")
    ids, first, counts = np.unique(faces[order], return_index=True, return_counts=True)
    most = np.sort(np.argsort(-counts, kind="stable")[:MOST_PEOPLE])
    people = tuple(_person(found, int(ids[i]), order[first[i] : first[i] + counts[i]]) for i in most)
    return people, len(ids)


def _person(found: Gathered, id: int, rows: NDArray[np.intp]) -> PersonFigures:
    own = _drawn(found, rows)
    shifted = tuple(
        spread(found.values[f"{signal}_from_baseline"][rows]) for signal in ("valence", "arousal")
    )
    return PersonFigures(
        id,
        own,
        len(rows) / max(1, found.frames),
        spread(found.values["valence"][rows]),
        spread(found.values["arousal"][rows]),
        shifted if all(s.count for s in shifted) else (),
        _shares(found.expressions[rows]),
        found.actions.of(id),
    )


def _drawn(found: Gathered, rows: NDArray[np.intp]) -> Rows:
    """The columns DRAWN; smoothed values count from the baseline where there is one, as in the window."""
    own = {name: found.values[name][rows] for name in DRAWN}
    for signal in ("valence", "arousal"):
        baseline = found.values[signal][rows] - found.values[f"{signal}_from_baseline"][rows]
        own[f"{signal}_smooth"] = own[f"{signal}_smooth"] - np.nan_to_num(baseline)
    return Rows(own)


def spread(values: Floats) -> Spread:
    """Count, mean, standard deviation and percentiles of `values` (n,), without those that are NaN."""
    values = values[~np.isnan(values)].astype(np.float64)
    if not len(values):
        return Spread(0, *[float("nan")] * 4)
    low, high = np.percentile(values, [5, 95])
    sd = float(values.std(ddof=1)) if len(values) > 1 else float("nan")
    return Spread(len(values), float(values.mean()), sd, float(low), float(high))


def _shares(words: Codes) -> tuple[float, ...]:
    """The share of each of EXPRESSIONS; their numbers come first."""
    counts = np.bincount(words, minlength=len(EXPRESSIONS))[: len(EXPRESSIONS)]
    return tuple((counts / max(1, len(words))).tolist())
