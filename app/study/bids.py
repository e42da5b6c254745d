"""A whole study as one BIDS data set: participants.tsv, and sessions whose trial_type is the condition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from app import __version__
from app.exports.bids import label_of, write_description, write_json, write_session, write_text
from app.sessions.event import Event
from app.sessions.info import SessionError
from app.sessions.intervals import STIMULUS_ENDED, STIMULUS_STARTED
from app.sessions.reading import RecordedSession
from app.sessions.schema.formulas import guard
from app.study.errors import StudyError
from app.study.folder import StudyFolder
from app.study.study import Study


def write_study(folder: StudyFolder, root: Path, say: Callable[[str], None]) -> tuple[Path, ...]:
    """Writes the study in `folder` as the data set `root`; gives its files.

    `say` is called with a sentence about each session that is left out. Raises StudyError and WriteError.
    """
    study = folder.read()
    labels = _labels(study)
    if root.exists() and any(root.iterdir()):
        raise StudyError(f"{root} is not empty: choose a new folder with -o.")
    conditions = {s.name: s.condition for s in study.playlist.stimuli}

    def trial_type(event: Event) -> str:
        shown = event.kind in (STIMULUS_STARTED, STIMULUS_ENDED)
        return (conditions.get(event.text, "") or event.kind) if shown else event.kind

    written: list[Path] = [*write_description(root, study.name, __version__)]
    names = study.variables
    lines = ["\t".join(("participant_id", "group", *map(_column, names)))]
    for participant in study.participants:
        values = [participant.variable(name) for name in names]
        cells = (f"sub-{labels[participant.code]}", "+".join(participant.groups), *values)
        lines.append("\t".join(guard(" ".join(cell.split())) or "n/a" for cell in cells))
        for session in participant.sessions:
            try:
                recorded = RecordedSession(folder.at(session.folder))
                written += write_session(
                    recorded, root, labels[participant.code], str(session.run), trial_type
                )
            except SessionError as error:
                say(f"{error} The session is left out.")
    written.append(write_text(root / "participants.tsv", "\n".join(lines) + "\n"))
    meanings: Mapping[str, Any] = {
        "group": {"Description": "groups of the participant, with + between them"},
        **{_column(name): {"Description": f"{name}, as the study says"} for name in names},
    }
    return (*written, write_json(root / "participants.json", meanings))


def _labels(study: Study) -> dict[str, str]:
    """The label of each code; no two are alike, whatever the case."""
    found: dict[str, str] = {}
    taken: dict[str, str] = {}
    for participant in study.participants:
        label = label_of(participant.code) or f"{participant.number:02}"
        if other := taken.get(label.casefold()):
            raise StudyError(
                f"Participants {other} and {participant.code} have the same label {label} in BIDS, which "
                "knows letters and digits alone: rename one."
            )
        taken[label.casefold()] = participant.code
        found[participant.code] = label
    return found


def _column(name: str) -> str:
    return "_".join(name.split())
