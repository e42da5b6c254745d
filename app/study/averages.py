"""Event-related averages: a signal around an event, over trials within people, then over people.

Each trial is laid on an even grid of time around its event and counted from its baseline. A person's curve
is the mean of their trials, whatever sessions these are from; the curve of a condition is the mean of its
people, with the interval of Student's t over people.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.sessions.event import MARKER
from app.study.errors import StudyError
from app.study.folder import StudyFolder
from app.study.statistics import t_quantile
from app.study.study import Study
from app.study.trials import SIGNALS, Track, tracks_of, trials_of
from app.types import Floats

STEP = 0.1  # s of the grid
LEAST = 0.5  # share of the steps of a window, and of a baseline, that a trial must have


@dataclass(frozen=True, slots=True)
class Question:
    """What is averaged."""

    signal: str = "valence"  # one of SIGNALS
    event: str = ""  # the name of a stimulus or the text of a marker; "": every stimulus
    start: float = -1.0  # s of the window, from the event
    end: float = 4.0
    base_start: float = -1.0  # s of the baseline, from the event
    base_end: float = 0.0
    doubtful: bool = False  # whether rows count whose status is not ok


@dataclass(frozen=True, slots=True)
class Figures:
    """What a curve did from the event to the window's end, counted from the baseline; NaN where unknown."""

    mean: float
    peak: float  # the value farthest from the baseline, with its sign
    time_to_peak: float  # s
    area: float  # the signal's unit times s, by the trapezium rule


@dataclass(frozen=True, slots=True)
class PersonCurve:
    """One participant under one condition."""

    code: str
    condition: str
    trials: int  # that are part of the curve
    left_out: int  # trials of which too little was measured
    sessions: int
    share: float  # of the frames of all their trials, that are part of the curve; NaN without frames
    curve: Floats  # (k,) NaN where no trial has a value
    figures: Figures


@dataclass(frozen=True, slots=True)
class ConditionCurve:
    """All participants under one condition."""

    condition: str
    people: int  # who are part of the curve
    trials: int
    share: float  # of the frames of all trials, that are part of it
    mean: Floats  # (k,)
    low: Floats  # (k,) of the 95 % interval; NaN below two people
    high: Floats  # (k,)


@dataclass(frozen=True, slots=True)
class Averages:
    """The answer to a question, by condition in the order of their first appearance."""

    question: Question
    times: Floats  # (k,) s from the event, the middle of each step
    people: tuple[PersonCurve, ...]
    conditions: tuple[ConditionCurve, ...]


@dataclass(frozen=True, slots=True)
class _Trial:
    code: str
    condition: str
    session: str
    frames: int
    used: int
    curve: Floats  # counted from the baseline; all NaN where too little was measured


def averages(
    folder: StudyFolder, study: Study, questions: Sequence[Question], say: Callable[[str], None]
) -> tuple[Averages, ...]:
    """The averages that each of `questions` asks for; every session is read once.

    Raises StudyError for a question without an answer. `say` is called with a sentence about a session that
    cannot be read, which is left out.
    """
    for question in questions:
        refuse_question(question)
    found: list[list[_Trial]] = [[] for _ in questions]
    for track in tracks_of(folder, study, say):
        for trials, question in zip(found, questions, strict=True):
            trials += _trials(study, track, question)
    return tuple(map(_averages, questions, found))


def _averages(question: Question, found: Sequence[_Trial]) -> Averages:
    if not found:
        raise StudyError(
            f"No session of the study has an event {question.event or 'of a stimulus'!r} to average."
        )
    times = grid(question)
    people = _people(found, times)
    return Averages(question, times, people, _conditions(people, found, len(times)))


def refuse_question(question: Question) -> None:
    """Raises StudyError where `question` asks for nothing that can be had."""
    if question.signal not in SIGNALS:
        raise StudyError(f"There is no signal {question.signal[:40]!r}: choose one of {', '.join(SIGNALS)}.")
    spans = (question.start, question.end, question.base_start, question.base_end)
    if not all(map(math.isfinite, spans)) or not (question.start <= 0 < question.end):
        raise StudyError("The window must begin at the event or before it, and end after it: as -1..4.")
    if not question.start <= question.base_start < question.base_end <= question.end:
        raise StudyError("The baseline must rise and lie within the window: as -1..0.")
    if question.end - question.start > 600:
        raise StudyError("The window is longer than ten minutes: choose a shorter one.")


def grid(question: Question) -> Floats:
    """The middles (s) of the steps of the window, counted so that the event lies between two of them."""
    first, last = round(question.start / STEP), round(question.end / STEP)
    middles: Floats = (np.arange(first, last, dtype=np.float64) + 0.5) * STEP
    return middles


def on_grid(times: Floats, values: Floats, middles: Floats) -> Floats:
    """The mean of `values` (n,) whose `times` (n,), in s, fall into each step around `middles` (k,), in s."""
    place = np.floor((times - (middles[0] - STEP / 2)) / STEP + 1e-6).astype(int)
    good = (place >= 0) & (place < len(middles)) & ~np.isnan(values)
    count = np.bincount(place[good], minlength=len(middles))
    total = np.bincount(place[good], values[good], minlength=len(middles))
    means: Floats = np.divide(total, count, out=np.full(len(middles), np.nan), where=count > 0)
    return means


def figures(times: Floats, curve: Floats) -> Figures:
    """Mean, peak, time to peak and area of `curve` (k,) at `times` (k,), from the event on."""
    after = (times > 0) & ~np.isnan(curve)
    if not after.any():
        return Figures(np.nan, np.nan, np.nan, np.nan)
    at, values = times[after], curve[after]
    top = int(np.argmax(np.abs(values)))
    area = float(((values[1:] + values[:-1]) / 2 * np.diff(at)).sum())
    return Figures(float(values.mean()), float(values[top]), float(at[top]), area)


def _trials(study: Study, track: Track, question: Question) -> list[_Trial]:
    times = grid(question)
    counted = track.used & track.face & (track.ok | question.doubtful)
    values = np.where(counted, track.rows[question.signal], np.nan)
    found = []
    for zero, condition in _events(study, track, question):
        at = track.times - zero
        inside = (at >= question.start) & (at < question.end) & track.used
        curve = on_grid(at, values, times)
        base = (times > question.base_start) & (times < question.base_end)
        known = ~np.isnan(curve)
        if known.mean() < LEAST or known[base].mean() < LEAST:
            curve = np.full(len(times), np.nan)
        else:
            curve = curve - curve[base & known].mean()
        used = int((inside & counted).sum()) if known.any() and not np.isnan(curve).all() else 0
        found.append(
            _Trial(track.participant.code, condition, track.session.folder, int(inside.sum()), used, curve)
        )
    return found


def _events(study: Study, track: Track, question: Question) -> list[tuple[float, str]]:
    """When each event of the question was, in s, and under which condition."""
    shown = [t for t in trials_of(study, track) if t.interval.id]  # those that really began
    stimuli = [(t.interval.start, t.condition) for t in shown if question.event in ("", t.stimulus)]
    if stimuli or not question.event:
        return stimuli
    marked = [e.time for e in track.events if e.kind == MARKER and e.text == question.event]
    found = []
    for time in marked:
        under = next((t.condition for t in shown if t.interval.holds(time)), track.session.condition)
        found.append((time, under))
    return found


def _people(found: Sequence[_Trial], times: Floats) -> tuple[PersonCurve, ...]:
    people = []
    for code, condition in dict.fromkeys((t.code, t.condition) for t in found):
        own = [t for t in found if (t.code, t.condition) == (code, condition)]
        good = [t for t in own if not np.isnan(t.curve).all()]
        curve = _mean([t.curve for t in good], len(times))
        people.append(
            PersonCurve(
                code, condition, len(good), len(own) - len(good), len({t.session for t in good}), _share(own),
                curve, figures(times, curve),
            )
        )  # fmt: skip
    return tuple(people)


def _conditions(
    people: Sequence[PersonCurve], found: Sequence[_Trial], steps: int
) -> tuple[ConditionCurve, ...]:
    curves = []
    for condition in dict.fromkeys(p.condition for p in people):
        own = [p for p in people if p.condition == condition and p.trials]
        every = np.stack([p.curve for p in own]) if own else np.full((1, steps), np.nan)
        n = (~np.isnan(every)).sum(axis=0)
        mean = _mean(list(every), steps)
        square = np.nansum((every - mean) ** 2, axis=0)
        spread = np.sqrt(np.divide(square, n - 1, out=np.full(steps, np.nan), where=n > 1))
        wide = np.array([t_quantile(0.975, k - 1) if k > 1 else np.nan for k in n.tolist()])
        reach = wide * spread / np.sqrt(np.maximum(n, 1))
        trials = [t for t in found if t.condition == condition]
        curves.append(
            ConditionCurve(
                condition,
                len(own),
                sum(p.trials for p in own),
                _share(trials),
                mean,
                mean - reach,
                mean + reach,
            )
        )
    return tuple(curves)


def _mean(curves: Sequence[Floats], steps: int) -> Floats:
    """The mean of those that have a value, at each step; NaN where none has."""
    if not curves:
        return np.full(steps, np.nan)
    every = np.stack(curves)
    count = (~np.isnan(every)).sum(axis=0)
    means: Floats = np.divide(np.nansum(every, axis=0), count, out=np.full(steps, np.nan), where=count > 0)
    return means


def _share(trials: Sequence[_Trial]) -> float:
    frames = sum(t.frames for t in trials)
    return sum(t.used for t in trials) / frames if frames else np.nan
