"""Deleting in a study: sessions are moved into its folder `bin` and can be brought back."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from app.study.errors import StudyError
from app.study.folder import StudyFolder
from app.study.study import Participant, Study, StudySession

BIN = "bin"  # a folder in that of a study; what lies in it is no part of the study
Moved = tuple[tuple[StudySession, str], ...]  # and where each lies in `bin`, "" for one without a folder


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted at once."""

    participant: Participant  # as they were before
    sessions: Moved
    whole: bool  # the participant too, and not only the sessions

    @property
    def name(self) -> str:
        """What to call it in a sentence."""
        return self.participant.code if self.whole else self.sessions[0][0].folder


def delete_session(folder: StudyFolder, code: str, session: StudySession) -> Deleted:
    """Takes one session out of the study. Raises StudyError; then nothing was changed."""
    before = folder.read().participant(code)
    moved = _move(folder, (session,))
    _change(folder, moved, lambda study: study.without_session(session.folder))
    return Deleted(before, moved, whole=False)


def delete_participant(folder: StudyFolder, code: str) -> Deleted:
    """Takes a participant and all of their sessions out of the study.

    Raises StudyError; then nothing was changed.
    """
    before = folder.read().participant(code)
    moved = _move(folder, before.sessions)
    _change(folder, moved, lambda study: study.without_participant(code))
    return Deleted(before, moved, whole=True)


def bring_back(folder: StudyFolder, deleted: Deleted) -> None:
    """Puts everything where it was. Raises StudyError, as where somebody has the same code by now."""
    code = deleted.participant.code

    def add(study: Study) -> Study:
        if deleted.whole:
            if study.has(code):
                raise StudyError(f"The study {study.name} has another participant {code} by now.")
            if any(p.number == deleted.participant.number for p in study.participants):
                raise StudyError(f"Another participant has the number of {code} by now.")
            bare = replace(deleted.participant, sessions=())
            study = replace(study, participants=_in_order((*study.participants, bare)))
        for session, _ in deleted.sessions:
            study = study.with_session(code, session)
        return study

    folder.change(add)
    try:
        for session, name in deleted.sessions:
            if name:
                (folder.path / BIN / name).rename(folder.at(session.folder))
    except OSError as error:
        raise StudyError(
            f"{BIN}/{name} cannot be moved back ({error.strerror}): move it yourself."
        ) from error


def _in_order(participants: tuple[Participant, ...]) -> tuple[Participant, ...]:
    return tuple(sorted(participants, key=lambda participant: participant.number))


def _move(folder: StudyFolder, sessions: tuple[StudySession, ...]) -> Moved:
    moved: list[tuple[StudySession, str]] = []
    try:
        (folder.path / BIN).mkdir(exist_ok=True)
        for session in sessions:
            old, name = folder.at(session.folder), ""
            if os.path.lexists(old):
                name = _free(folder.path / BIN, old.name)
                old.rename(folder.path / BIN / name)
            moved.append((session, name))
    except OSError as error:
        _move_back(folder, moved)
        raise StudyError(
            f"{session.folder} cannot be moved ({error.strerror}): close what uses it, then delete it again."
        ) from error
    return tuple(moved)


def _change(folder: StudyFolder, moved: Moved, change: Callable[[Study], Study]) -> None:
    try:
        folder.change(change)
    except StudyError:
        _move_back(folder, list(moved))
        raise


def _move_back(folder: StudyFolder, moved: list[tuple[StudySession, str]]) -> None:
    for session, name in moved:
        if name:
            (folder.path / BIN / name).rename(folder.at(session.folder))


def _free(folder: Path, name: str) -> str:
    number, free = 2, name
    while os.path.lexists(folder / free):
        free, number = f"{name}-{number}", number + 1
    return free
