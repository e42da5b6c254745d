"""A made-up study, written by Mien's own writer: six people, four stimuli, two conditions, known values.

Under a stimulus of condition "funny" the valence of person p rises from 0.02 p at its start to 0.02 p + 0.4
after a second, and stays; under "dull" it rises to 0.02 p + 0.1. The first frame of each stimulus is blurred
and says -0.9. P6 has two sessions, whose second one says 0.1 more.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

from app.sessions.header import Details, SessionHeader
from app.sessions.intervals import STIMULUS_ENDED, STIMULUS_STARTED
from app.sessions.recorder import Recorder
from app.sources.source import Mode
from app.study.answers import ANSWER, GridPoint, answer_text
from app.study.folder import StudyFolder
from app.study.order import stimuli_for
from app.study.playlist import Order, Playlist, Question, QuestionKind, Stimulus, StimulusKind
from app.study.study import Condition, Study, StudySession
from app.types import Frame, Result
from tests.fakes import IMAGE, face

RATE = 20  # frames a second
BEFORE, SHOWN = 20, 60  # frames of the pause before each stimulus, and of the stimulus
HEIGHT = {"funny": 0.4, "dull": 0.1}
FUN = Question("fun", "How funny was it?", lowest=1, highest=9, lowest_words="not", highest_words="very")
MOOD = Question("mood", "How do you feel?", QuestionKind.GRID)
CODES = tuple(f"P{i}" for i in range(1, 7))


def playlist() -> Playlist:
    """A fixation before each of four stimuli, two of each condition, in a counterbalanced order."""
    shown: list[Stimulus] = []
    for name, condition in (("cat", "funny"), ("wall", "dull"), ("joke", "funny"), ("form", "dull")):
        shown += [
            Stimulus("fixation", StimulusKind.FIXATION, seconds=BEFORE / RATE),
            Stimulus(
                name, StimulusKind.PICTURE, f"stimuli/{name}.png", SHOWN / RATE, condition, ("fun", "mood")
            ),
        ]
    return Playlist(tuple(shown), (FUN, MOOD), Order.COUNTERBALANCED)


def valence(person: int, run: int, condition: str, frame: int) -> float:
    """That of a frame under a stimulus, counted from the stimulus's start; negative before it."""
    rise = min(max(frame, 0) / RATE, 1.0)
    return round(0.02 * person + 0.1 * (run - 1) + HEIGHT[condition] * rise, 4)


def fun(person: int, condition: str) -> int:
    """What a person answers."""
    return (6 if condition == "funny" else 2) + person % 3


def make_study(path: Path) -> StudyFolder:
    """The whole study in the folder `path`."""
    study = Study(
        "Laughter", conditions=(Condition("funny", "made to laugh"), Condition("dull")), playlist=playlist()
    )
    for i, code in enumerate(CODES, 1):
        study = study.with_participant(
            code, groups=("old" if i % 2 else "young",), variables=(("age", str(20 + i)),),
            consent=datetime.date(2026, 3, 1),
        )  # fmt: skip
    folder = StudyFolder.make(path, study)
    for code, run in [*((code, 1) for code in CODES), ("P6", 2)]:
        session = StudySession(f"sessions/{code}-run{run}", run)
        record(folder, code, session)
        folder.change(lambda study, code=code, session=session: study.with_session(code, session))
    return folder


def record(folder: StudyFolder, code: str, session: StudySession, *, until: int = 10**9) -> None:
    """Records a session as its stimuli say; frames from `until` on are missing, as after a kill."""
    study = folder.read()
    person = study.participant(code)
    header = SessionHeader(
        "made up", False, Mode(640, 480, RATE, ""), (), 4, 0.0, Details(participant=code, consent=True)
    )
    recorder = Recorder(folder.path / "sessions", header, folder=folder.at(session.folder), latency=False)
    index = 0

    def frames(count: int, condition: str, first: int) -> None:
        nonlocal index
        for i in range(first, first + count):
            if index < until:
                blurred = i == 0
                said = -0.9 if blurred else valence(person.number, session.run, condition, i)
                seen = face(valence=said, arousal=said / 2)
                seen = replace(seen, status="blurred" if blurred else "ok")
                recorder.append(Result(Frame(index, index / RATE, IMAGE, 0.0), (seen,)))
            index += 1

    for stimulus in stimuli_for(study.playlist, person.number):
        if stimulus.kind.is_pause:
            continue
        frames(BEFORE, stimulus.condition, -BEFORE)
        # An event of a file has the time of the newest frame: so the first one comes before its event.
        frames(1, stimulus.condition, 0)
        recorder.note(STIMULUS_STARTED, stimulus.name)
        frames(SHOWN - 1, stimulus.condition, 1)
        frames(1, stimulus.condition, -BEFORE)
        if index <= until:
            recorder.note(STIMULUS_ENDED, stimulus.name)
            recorder.note(ANSWER, answer_text(FUN, fun(person.number, stimulus.condition)))
            recorder.note(ANSWER, answer_text(MOOD, GridPoint(0.5, -0.25)))
    recorder.close()
