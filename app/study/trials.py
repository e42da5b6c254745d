"""What a study shows of each person under each stimulus: the rows of a session that belong to one trial.

Where several faces are in a frame, the largest is the participant's. Rows in an excluded interval or in a
pause belong to no trial. A session without stimuli is one trial as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from app.sessions.edited_events import EditedEvents
from app.sessions.event import Event
from app.sessions.info import SessionError
from app.sessions.intervals import EXCLUDED, PAUSE, STIMULUS, Interval
from app.sessions.reading import RecordedSession, Rows
from app.sessions.schema.limits import MOST_IN_MEMORY
from app.stages.actions.names import ACTIONS
from app.study.answers import ANSWER, Answer, read_answer
from app.study.folder import StudyFolder
from app.study.playlist import Question
from app.study.study import Participant, Study, StudySession
from app.types import EXPRESSIONS, Floats, Mask

SIGNALS = (
    "valence", "arousal", "valence_from_baseline", "arousal_from_baseline",
    *(f"p_{word}" for word in EXPRESSIONS), *ACTIONS,
)  # fmt: skip
"""The columns of `faces.csv` that tables and averages are made of: raw values."""
WHOLE_SESSION = "whole session"  # the stimulus of a session that has none


@dataclass(frozen=True, slots=True)
class Track:
    """A session with one row a frame: that of the participant's face."""

    participant: Participant
    session: StudySession
    times: Floats  # (n,) s, increasing
    ok: Mask  # (n,) whether the row's status is ok
    face: Mask  # (n,) whether there is a face
    used: Mask  # (n,) whether it is in no excluded interval and in no pause
    rows: Rows  # SIGNALS, each (n,), NaN where there is no face
    intervals: tuple[Interval, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """One stimulus as it was shown once."""

    track: Track
    stimulus: str
    condition: str
    interval: Interval
    inside: Mask  # (n,) the frames of the track that belong to it
    answers: tuple[tuple[Question, Answer], ...]


def tracks_of(folder: StudyFolder, study: Study, say: Callable[[str], None]) -> Iterator[Track]:
    """The sessions of `study` that are not left out, participants in its order; each is read when its turn
    comes, so that only one is in memory.

    `say` is called with a sentence about a session that cannot be read, which is left out.
    """
    for participant in study.participants:
        for session in participant.sessions:
            if session.left_out:
                continue
            try:
                yield track_of(folder, participant, session)
            except SessionError as error:
                say(f"{error} The session is left out.")


def track_of(folder: StudyFolder, participant: Participant, session: StudySession) -> Track:
    """The frames of `session`. Raises SessionError."""
    recorded = RecordedSession(folder.at(session.folder))
    recorded.refuse_above(MOST_IN_MEMORY, "a table: make several sessions")
    rows = recorded.rows("frame", "time_s", "status", "face", "box_y0", "box_y1", *SIGNALS)
    size = np.nan_to_num(rows["box_y1"] - rows["box_y0"], nan=-1.0)
    order = np.lexsort((-size, rows["frame"]))  # in each frame the largest face first
    frames = rows["frame"][order]
    chosen = order[np.flatnonzero(np.diff(frames, prepend=-1) != 0)] if len(frames) else order
    picked = Rows({name: rows[name][chosen] for name in rows})
    times = picked["time_s"]
    end = float(times[-1]) + 1e-6 if len(times) else 0.0
    intervals = EditedEvents(recorded.folder).intervals(end)
    used = np.ones(len(times), bool)
    for interval in intervals:
        if interval.kind in (EXCLUDED, PAUSE):
            used &= ~_within(times, interval)
    return Track(
        participant, session, times, picked["status"] == "ok", ~np.isnan(picked["valence"]), used,
        Rows({name: picked[name] for name in SIGNALS}), intervals, recorded.events(),
    )  # fmt: skip


def trials_of(study: Study, track: Track) -> tuple[Trial, ...]:
    """The trials of a session in their order."""
    pauses = {s.name for s in study.playlist.stimuli if s.kind.is_pause}
    conditions = {s.name: s.condition for s in study.playlist.stimuli}
    shown = [i for i in track.intervals if i.kind == STIMULUS and i.name not in pauses]
    if not shown:
        end = float(track.times[-1]) + 1e-6 if len(track.times) else 0.0
        shown = [Interval(0.0, end, WHOLE_SESSION, STIMULUS)]
    ends = [interval.end for interval in shown]
    answers: list[list[tuple[Question, Answer]]] = [[] for _ in shown]
    for event in track.events:
        if event.kind == ANSWER and (found := read_answer(event.text, study.playlist.questions)):
            before = [i for i, end in enumerate(ends) if end <= event.time]
            if before or shown[0].name == WHOLE_SESSION:
                answers[before[-1] if before else 0].append(found)
    return tuple(
        Trial(
            track, interval.name, conditions.get(interval.name, "") or track.session.condition, interval,
            _within(track.times, interval) & track.used, tuple(said),
        )
        for interval, said in zip(shown, answers, strict=True)
    )  # fmt: skip


def _within(times: Floats, interval: Interval) -> Mask:
    found: Mask = (times >= interval.start) & (times < interval.end)
    return found
