"""`study.toml` read into a `Study`, and written: the one place that knows its names."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from app.study import toml_text
from app.study.entries import Entries, EntryError
from app.study.playlist import NO_PLAYLIST, Order, Playlist, Question, QuestionKind, Stimulus, StimulusKind
from app.study.study import CODE, MOST_PARTICIPANTS, Condition, Participant, Study, StudySession

FORMAT, FORMAT_VERSION = "mien study", 1
HEAD = """\
# A study of Mien. You can edit this file while nobody records; docs/study.md explains every entry.
# Mien writes it anew with each change and keeps no other comments.

"""
MOST = 1_000  # conditions, stimuli, questions, or sessions of one participant


def read_study(text: str) -> Study:
    """The study that `text` says. Raises EntryError with a clause about the first thing that does not fit."""
    try:
        top = Entries(tomllib.loads(text), "the study")
    except tomllib.TOMLDecodeError as error:
        raise EntryError(f"it is no TOML: {error}") from error
    except (RecursionError, ValueError) as error:  # such as a number of too many digits
        raise EntryError("it holds what is too deep or too large") from error
    if top.text("format", "") != FORMAT:
        raise EntryError(f'it has no line format = "{FORMAT}"')
    if top.whole("format_version", FORMAT_VERSION) > FORMAT_VERSION:
        raise EntryError("a newer Mien wrote it: update Mien to read it")
    study = Study(
        name=top.text("name", None),
        description=top.text("description"),
        consent_required=top.yes("consent_required", True),
        conditions=tuple(map(_condition, top.tables("condition", "condition", MOST))),
        playlist=_playlist(top),
        participants=tuple(map(_participant, top.tables("participant", "participant", MOST_PARTICIPANTS))),
    )
    top.refuse_rest()
    _check(study)
    return study


def study_text(study: Study) -> str:
    """The text of `study.toml` for `study`: the same study gives the same text."""
    return HEAD + "\n".join(_tables(study))


def _condition(said: Entries) -> Condition:
    found = Condition(said.text("name", None), said.text("meaning"))
    said.refuse_rest()
    return found


def _playlist(top: Entries) -> Playlist:
    said = top.table("playlist")
    order = Order(said.one_of("order", [order.value for order in Order], Order.FIXED.value))
    seed = said.whole("seed", 1)
    said.refuse_rest()
    return Playlist(
        stimuli=tuple(map(_stimulus, top.tables("stimulus", "stimulus", MOST))),
        questions=tuple(map(_question, top.tables("question", "question", MOST))),
        order=order,
        seed=seed,
    )


def _stimulus(said: Entries) -> Stimulus:
    kind = StimulusKind(said.one_of("kind", [kind.value for kind in StimulusKind], None))
    found = Stimulus(
        name=said.text("name", kind.value if kind.is_pause else None),
        kind=kind,
        file=said.text("file", "" if kind.is_pause else None),
        seconds=said.seconds("seconds"),
        condition=said.text("condition"),
        questions=said.texts("questions"),
        fixed=said.yes("fixed", False),
    )
    said.refuse_rest()
    if kind.is_pause and found.file:
        raise EntryError(f"the {kind.value} {found.name!r} has a file, and pauses show none")
    if found.seconds is None and (kind.is_pause or kind is StimulusKind.PICTURE):
        raise EntryError(f"the {kind.value} {found.name!r} has no seconds")
    if found.file and not is_inside(found.file):
        raise EntryError(
            f"the file {found.file[:100]!r} of stimulus {found.name!r} is not in the study's folder: put "
            'it there, and write its path from there with "/"'
        )
    return found


def is_inside(path: str) -> bool:
    """Whether `path`, with "/" between its parts, stays in the folder that it begins in, on every system."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not any(part == ".." or set(part) & set("\\:\0") or part == "/" for part in parts)


def _question(said: Entries) -> Question:
    kind = QuestionKind(said.one_of("kind", [kind.value for kind in QuestionKind], QuestionKind.SCALE.value))
    found = Question(
        name=said.text("name", None),
        text=said.text("text", None),
        kind=kind,
        lowest=said.whole("lowest", 1, -1000, 1000),
        highest=said.whole("highest", 9, -1000, 1000),
        lowest_words=said.text("lowest_words"),
        highest_words=said.text("highest_words"),
    )
    said.refuse_rest()
    if found.lowest >= found.highest:
        raise EntryError(f"the scale of question {found.name!r} does not rise from lowest to highest")
    if "=" in found.name:
        raise EntryError(f"the name of question {found.name!r} holds an equals sign")
    return found


def _participant(said: Entries) -> Participant:
    code = said.text("code", None)
    if not CODE.fullmatch(code):
        raise EntryError(f"the code {code[:60]!r} has other signs than letters, digits, - and _, or too many")
    found = Participant(
        code=code,
        number=said.whole("number", 0, 1),
        groups=said.texts("groups"),
        consent=said.day("consent"),
        notes=said.text("notes"),
        variables=said.table("variables").pairs(),
        sessions=tuple(
            sorted(map(_session, said.tables("session", f"participant {code}: session", MOST)),
                   key=lambda session: session.run)
        ),
    )  # fmt: skip
    said.refuse_rest()
    return found


def _session(said: Entries) -> StudySession:
    found = StudySession(
        said.text("folder", None), said.whole("run", 0, 1), said.text("condition"), said.text("left_out")
    )
    said.refuse_rest()
    if not is_inside(found.folder):
        raise EntryError(f"the session {found.folder[:100]!r} is not in the study's folder")
    return found


def _check(study: Study) -> None:
    """Raises EntryError where parts of the study contradict one another."""
    shown = [s.name for s in study.playlist.stimuli if not s.kind.is_pause]
    _no_two(shown, "stimuli are called")
    _no_two([c.name for c in study.conditions], "conditions are called")
    _no_two([q.name for q in study.playlist.questions], "questions are called")
    _no_two([p.code.casefold() for p in study.participants], "participants have the code")
    _no_two([str(p.number) for p in study.participants], "participants have the number")
    _no_two([s.folder for p in study.participants for s in p.sessions], "places name the session")
    for p in study.participants:
        _no_two([str(s.run) for s in p.sessions], f"sessions of {p.code} have the run")
    asked = {question.name for question in study.playlist.questions}
    known = {condition.name for condition in study.conditions}
    for stimulus in study.playlist.stimuli:
        for question in stimulus.questions:
            if question not in asked:
                raise EntryError(f"stimulus {stimulus.name!r} asks {question!r}, which is no question")
        if stimulus.condition and stimulus.condition not in known:
            raise EntryError(
                f"stimulus {stimulus.name!r} has the condition {stimulus.condition!r}, which is not defined"
            )


def _no_two(names: Iterable[str], what: str) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise EntryError(f"{count} {what} {name[:60]!r}")


def _tables(study: Study) -> Iterator[str]:
    yield toml_text.table(
        "",
        {
            "format": FORMAT, "format_version": FORMAT_VERSION, "name": study.name,
            "description": study.description or None, "consent_required": study.consent_required,
        },
    )  # fmt: skip
    for condition in study.conditions:
        yield toml_text.table("[[condition]]", {"name": condition.name, "meaning": condition.meaning or None})
    playlist = study.playlist
    if playlist != NO_PLAYLIST:
        yield toml_text.table("[playlist]", {"order": playlist.order.value, "seed": playlist.seed})
    yield from map(_stimulus_table, playlist.stimuli)
    yield from map(_question_table, playlist.questions)
    for participant in study.participants:
        yield from _participant_tables(participant)


def _stimulus_table(stimulus: Stimulus) -> str:
    return toml_text.table(
        "[[stimulus]]",
        {
            "name": stimulus.name, "kind": stimulus.kind.value, "file": stimulus.file or None,
            "seconds": stimulus.seconds, "condition": stimulus.condition or None,
            "questions": stimulus.questions or None, "fixed": stimulus.fixed or None,
        },
    )  # fmt: skip


def _question_table(question: Question) -> str:
    scale = question.kind is QuestionKind.SCALE
    return toml_text.table(
        "[[question]]",
        {
            "name": question.name, "text": question.text, "kind": question.kind.value,
            "lowest": question.lowest if scale or question.lowest != 1 else None,
            "highest": question.highest if scale or question.highest != 9 else None,
            "lowest_words": question.lowest_words or None, "highest_words": question.highest_words or None,
        },
    )  # fmt: skip


def _participant_tables(participant: Participant) -> Iterator[str]:
    yield toml_text.table(
        "[[participant]]",
        {
            "code": participant.code, "number": participant.number, "groups": participant.groups or None,
            "consent": participant.consent, "notes": participant.notes or None,
        },
    )  # fmt: skip
    if participant.variables:
        yield toml_text.table("[participant.variables]", dict(participant.variables))
    for session in participant.sessions:
        yield toml_text.table(
            "[[participant.session]]",
            {
                "folder": session.folder, "run": session.run, "condition": session.condition or None,
                "left_out": session.left_out or None,
            },
        )  # fmt: skip
