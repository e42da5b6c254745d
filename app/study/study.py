"""A study as plain values: what `study.toml` says. Each change gives a new value and leaves the old."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from app.study.errors import StudyError
from app.study.playlist import NO_PLAYLIST, Playlist

CODE = re.compile(r"\w[\w.-]{0,39}")  # becomes part of a folder's name, and of a file's
MOST_PARTICIPANTS = 10_000


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the study, such as a kind of stimulus or of session."""

    name: str
    meaning: str = ""  # for the codebook


@dataclass(frozen=True, slots=True)
class StudySession:
    """One session of a participant."""

    folder: str  # relative to the study's folder, with "/" between its parts
    run: int  # the how-manieth of this participant, from 1
    condition: str = ""
    left_out: str = ""  # why it is not part of tables and averages; "" where it is


@dataclass(frozen=True, slots=True)
class Participant:
    """Who takes part, known by a code alone."""

    code: str  # never a name; unlike every other code, whatever the case of its letters
    number: int  # from 1, never given twice: the order of the stimuli follows from it
    groups: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()  # names and values, such as ("age", "23")
    consent: datetime.date | None = None  # the day on which they agreed to be recorded; None: they did not
    notes: str = ""
    sessions: tuple[StudySession, ...] = ()  # by run

    @property
    def next_run(self) -> int:
        """The run of their next session."""
        return 1 + max((session.run for session in self.sessions), default=0)

    def variable(self, name: str) -> str:
        """The value of the variable `name`; "" where there is none."""
        return dict(self.variables).get(name, "")


@dataclass(frozen=True, slots=True)
class Study:
    """What is known of a study."""

    name: str
    description: str = ""
    consent_required: bool = True  # nobody is recorded without consent
    conditions: tuple[Condition, ...] = ()
    participants: tuple[Participant, ...] = ()
    playlist: Playlist = NO_PLAYLIST

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of all variables of participants, in the order of their first appearance."""
        return tuple(dict.fromkeys(name for p in self.participants for name, _ in p.variables))

    def participant(self, code: str) -> Participant:
        """The one with `code`, whatever the case of its letters. Raises StudyError."""
        wanted = code.casefold()
        for participant in self.participants:
            if participant.code.casefold() == wanted:
                return participant
        raise StudyError(f"The study {self.name} has no participant {code[:40]!r}: add them first.")

    def has(self, code: str) -> bool:
        """Whether somebody has `code`, whatever the case of its letters."""
        return code.casefold() in {participant.code.casefold() for participant in self.participants}

    def with_participant(
        self, code: str, *, groups: tuple[str, ...] = (), variables: tuple[tuple[str, str], ...] = (),
        consent: datetime.date | None = None, notes: str = "",
    ) -> Study:  # fmt: skip
        """The study with one more participant at its end. Raises StudyError where `code` is taken or none."""
        refuse_code(code)
        if self.has(code):
            raise StudyError(f"The study {self.name} has a participant {code} already: choose another code.")
        if len(self.participants) >= MOST_PARTICIPANTS:
            raise StudyError(f"A study has at most {MOST_PARTICIPANTS:,} participants: begin another one.")
        number = 1 + max((participant.number for participant in self.participants), default=0)
        added = Participant(code, number, groups, variables, consent, notes)
        return replace(self, participants=(*self.participants, added))

    def changed(self, code: str, change: Callable[[Participant], Participant]) -> Study:
        """The study with what `change` makes of the participant with `code`. Raises StudyError."""
        old = self.participant(code)
        new = change(old)
        return replace(self, participants=tuple(new if p is old else p for p in self.participants))

    def with_consent(self, code: str, day: datetime.date | None) -> Study:
        """The study in which the participant with `code` agreed on `day`; None: not any more.

        Raises StudyError.
        """
        return self.changed(code, lambda participant: replace(participant, consent=day))

    def without_participant(self, code: str) -> Study:
        """The study without the participant with `code`; their sessions stay on the disk.

        Raises StudyError.
        """
        gone = self.participant(code)
        return replace(self, participants=tuple(p for p in self.participants if p is not gone))

    def with_session(self, code: str, session: StudySession) -> Study:
        """The study with one more session of the participant with `code`. Raises StudyError."""
        for participant in self.participants:
            if any(known.folder == session.folder for known in participant.sessions):
                raise StudyError(
                    f"The session {session.folder} is one of participant {participant.code} already: "
                    "a session belongs to one person."
                )
        return self.changed(code, lambda p: replace(p, sessions=_by_run((*p.sessions, session))))

    def without_session(self, folder: str) -> Study:
        """The study without the session in `folder`, whose files stay."""
        kept = tuple(
            replace(p, sessions=tuple(s for s in p.sessions if s.folder != folder)) for p in self.participants
        )
        return replace(self, participants=kept)


def refuse_code(code: str) -> None:
    """Raises StudyError where `code` cannot be the code of a participant."""
    if not CODE.fullmatch(code):
        raise StudyError(
            f"{code[:60]!r} cannot be a participant's code: use letters, digits, - and _, at most 40 of them."
        )


def _by_run(sessions: Iterable[StudySession]) -> tuple[StudySession, ...]:
    return tuple(sorted(sessions, key=lambda session: session.run))
