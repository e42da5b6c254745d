"""One row a participant, condition and stimulus: how many frames, how good, and what every signal did.

All presentations of a stimulus to one participant under one condition are put together, also those of
several sessions: nobody counts twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from app.study.answers import Answer, GridPoint
from app.study.folder import StudyFolder
from app.study.playlist import Question, QuestionKind
from app.study.study import Participant, Study
from app.study.trials import SIGNALS, Trial, tracks_of, trials_of
from app.types import Floats


@dataclass(frozen=True, slots=True)
class Measure:
    """What one signal did; NaN where no row was used (for `sd`, fewer than two)."""

    mean: float
    sd: float  # of the sample, n - 1
    peak: float  # the greatest value
    low: float  # the least value


@dataclass(frozen=True, slots=True)
class Rating:
    """What one column of answers says of one participant and stimulus."""

    value: float | str | None  # the mean of numbers; texts with " | " between them; None without answers


@dataclass(frozen=True, slots=True)
class Measured:
    """One row of the long table."""

    participant: Participant
    condition: str
    stimulus: str
    sessions: int  # in which it was shown
    presentations: int
    frames: int  # of all its presentations, without excluded ones
    n: int  # frames that the values are made of
    share_face: float  # of the frames, with a face; NaN without frames
    share_ok: float  # of the frames, with a face whose status is ok; NaN without frames
    signals: tuple[Measure, ...]  # in the order of SIGNALS
    ratings: tuple[Rating, ...]


def measure(
    folder: StudyFolder, study: Study, *, doubtful: bool = False,
    say: Callable[[str], None],
) -> tuple[Measured, ...]:  # fmt: skip
    """The rows of the long table, participants in the order of the study.

    Rows whose status is not ok count only where `doubtful`. `say` is called with a sentence about a session
    that cannot be read, which is left out.
    """
    found: list[Measured] = []
    for participant, tracks in groupby(tracks_of(folder, study, say), key=lambda track: track.participant):
        groups: dict[tuple[str, str], list[Trial]] = {}
        for track in tracks:
            for trial in trials_of(study, track):
                groups.setdefault((trial.condition, trial.stimulus), []).append(trial)
        found += [
            _measured(study, participant, condition, stimulus, trials, doubtful)
            for (condition, stimulus), trials in groups.items()
        ]
    return tuple(found)


def rating_columns(study: Study) -> tuple[tuple[str, Question], ...]:
    """The columns of answers with their questions: one a question, two for an affect grid."""
    return tuple(
        (f"{question.name}{part}", question)
        for question in study.playlist.questions
        for part in (("_pleasure", "_arousal") if question.kind is QuestionKind.GRID else ("",))
    )


def _measured(
    study: Study, participant: Participant, condition: str, stimulus: str, trials: Sequence[Trial],
    doubtful: bool,
) -> Measured:  # fmt: skip
    frames = sum(int(t.inside.sum()) for t in trials)
    face = sum(int((t.inside & t.track.face).sum()) for t in trials)
    ok = sum(int((t.inside & t.track.face & t.track.ok).sum()) for t in trials)
    chosen = [t.inside & t.track.face & (t.track.ok | doubtful) for t in trials]
    signals = []
    for name in SIGNALS:
        values = [t.track.rows[name][mask] for t, mask in zip(trials, chosen, strict=True)]
        signals.append(_measure(np.concatenate(values)))
    return Measured(
        participant, condition, stimulus, len({t.track.session.folder for t in trials}), len(trials), frames,
        face if doubtful else ok, face / frames if frames else np.nan, ok / frames if frames else np.nan,
        tuple(signals), tuple(_ratings(study, trials)),
    )  # fmt: skip


def _measure(values: Floats) -> Measure:
    values = values[~np.isnan(values)]
    if not len(values):
        return Measure(np.nan, np.nan, np.nan, np.nan)
    sd = float(values.std(ddof=1)) if len(values) > 1 else np.nan
    return Measure(float(values.mean()), sd, float(values.max()), float(values.min()))


def _ratings(study: Study, trials: Sequence[Trial]) -> list[Rating]:
    found: list[Rating] = []
    for question in study.playlist.questions:
        given = [answer for t in trials for asked, answer in t.answers if asked == question]
        if question.kind is QuestionKind.GRID:
            points = [answer for answer in given if isinstance(answer, GridPoint)]
            found += [Rating(_mean([p.pleasure for p in points])), Rating(_mean([p.arousal for p in points]))]
        elif question.kind is QuestionKind.TEXT:
            found.append(Rating(" | ".join(map(str, given)) if given else None))
        else:
            found.append(Rating(_mean([_number(answer) for answer in given])))
    return found


def _number(answer: Answer) -> float:
    return float(answer) if isinstance(answer, int) else np.nan


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
