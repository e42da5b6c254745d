"""Sessions of a study: begun with consent, taken in from elsewhere, and how good they are."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.sessions.describe_again import describe_again
from app.sessions.header import Details
from app.sessions.info import SessionError
from app.sessions.reading import RecordedSession
from app.study.errors import StudyError
from app.study.folder import SESSIONS, StudyFolder
from app.study.study import Participant, Study, StudySession
from app.system.atomic import replacing_folder
from app.system.file_names import no_device


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """What has become of a session of a study."""

    session: StudySession
    recorded: bool = False  # its folder can be read
    finished: bool = False
    rows: int = 0
    share_ok: float = float("nan")  # of its rows; NaN without rows
    problem: str = ""  # a sentence where it cannot be read


def details_for(study: Study, participant: Participant, session: StudySession) -> Details:
    """What `session.json` is to say of who is recorded. Raises StudyError where consent is missing."""
    refuse_without_consent(study, participant)
    said = (
        ("study", study.name), ("run", str(session.run)), ("group", "+".join(participant.groups)),
        *participant.variables,
    )  # fmt: skip
    listed = tuple({name: value for name, value in said if value}.items())
    return Details(
        participant.code, session.condition, participant.notes, participant.consent is not None, listed
    )


def refuse_without_consent(study: Study, participant: Participant) -> None:
    """Raises StudyError where the study asks for consent and the participant has given none."""
    if study.consent_required and participant.consent is None:
        raise StudyError(
            f"{participant.code} has not agreed to be recorded: note their consent first (F10 in the window, "
            "or mien study consent), or switch off in the study that it is required."
        )


def begin_session(folder: StudyFolder, code: str, condition: str = "") -> StudySession:
    """A new session of the participant with `code`: noted in the study, its folder not made yet.

    Two operators who do this at once get two sessions. Raises StudyError, also where consent is missing.
    """

    def add(study: Study) -> Study:
        participant = study.participant(code)
        refuse_without_consent(study, participant)
        return study.with_session(code, _next(folder, participant, condition))

    return folder.change(add).participant(code).sessions[-1]


def take_in(folder: StudyFolder, code: str, old: Path, condition: str = "") -> StudySession:
    """Copies the session folder `old` into the study as one of the participant with `code`; gives it.

    The copy is named by participant and run, and its `session.json` says both; the condition is that of
    the old one where `condition` is "". `old` stays as it is. Raises StudyError and SessionError.
    """
    found = RecordedSession(old)
    if not found.info.finished:
        raise StudyError(f"{old} is not finished: close it with mien recover, then add it.")
    if old.resolve().is_relative_to(folder.path.resolve()):
        raise StudyError(f"{old} lies in the study already: name a session from elsewhere.")
    session = begin_session(folder, code, condition or found.info.details.condition)
    target = folder.at(session.folder)
    try:
        target.parent.mkdir(exist_ok=True)
        with replacing_folder(target) as draft:
            shutil.copytree(old, draft, dirs_exist_ok=True, symlinks=True)
            study = folder.read()
            said = details_for(study, study.participant(code), session)
            before = found.info.details
            listed = tuple((dict(before.listed) | dict(said.listed)).items())
            notes = before.notes or said.notes
            describe_again(draft, replace(said, notes=notes, listed=listed))
    except (OSError, SessionError, shutil.Error) as error:
        folder.change(lambda study: study.without_session(session.folder))
        if isinstance(error, SessionError):
            raise
        raise StudyError(f"{old} cannot be copied into {target.parent} ({error}): make room.") from error
    return session


def status_of(folder: StudyFolder, session: StudySession) -> SessionStatus:
    """How good a session is; reads its rows once, and says in a sentence where that fails."""
    if not os.path.lexists(folder.at(session.folder)):
        return SessionStatus(
            session, problem=f"{session.folder} is not there: it was not recorded, or moved."
        )
    try:
        found = RecordedSession(folder.at(session.folder))
        rows = good = 0
        for block in found.blocks(("status",)):
            rows += len(block)
            good += int(np.count_nonzero(block["status"] == "ok"))
        share = good / rows if rows else float("nan")
        return SessionStatus(session, True, found.info.finished, rows, share, found.lacking(used=False))
    except SessionError as error:
        return SessionStatus(session, problem=str(error))


def _next(folder: StudyFolder, participant: Participant, condition: str) -> StudySession:
    """The next run whose folder is not there yet."""
    run = participant.next_run
    while os.path.lexists(folder.at(name := f"{SESSIONS}/{no_device(participant.code)}-run{run}")):
        run += 1
    return StudySession(name, run, condition)
