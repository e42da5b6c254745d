"""`mien study`: make a study, add participants and old sessions to it, and see how far it has come."""

from __future__ import annotations

import argparse
import datetime
import sys
from argparse import ArgumentTypeError
from pathlib import Path

from app.cli.command import Command, Example
from app.system.counted import counted

TASKS = ("new", "show", "participants", "consent", "add")


class Arguments(argparse.Namespace):
    """What the options say."""

    task: str
    study: Path
    what: list[str]
    participant: str | None
    condition: str
    day: datetime.date | None


def day(text: str) -> datetime.date:
    """A day such as 2026-03-01. Raises ArgumentTypeError."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day such as 2026-03-01") from None


def add(parser: argparse.ArgumentParser) -> None:
    """Adds the options."""
    parser.add_argument(
        "task", choices=TASKS,
        help="new: make the folder of a study; show: its participants and sessions; participants: add those "
        "of a CSV file; consent: note that participants agreed; add: copy old sessions into it",
    )  # fmt: skip
    parser.add_argument("study", type=Path, metavar="STUDY", help="folder of the study")
    parser.add_argument(
        "what", nargs="*", metavar="WHAT",
        help="new: its name; participants: CSV files; consent: codes; add: session folders",
    )  # fmt: skip
    parser.add_argument("--participant", metavar="CODE", help="add: whose sessions they are")
    parser.add_argument(
        "--condition", default="", metavar="NAME", help="add: their condition (default: what they say)"
    )
    parser.add_argument("--day", type=day, metavar="DATE", help="consent: the day on which (default: today)")


def run(arguments: Arguments) -> int:
    """Does the task; gives the exit code."""
    from app.study.folder import StudyFolder
    from app.study.study import Study

    folder = StudyFolder(arguments.study)
    if arguments.task == "new":
        name = " ".join(arguments.what) or arguments.study.absolute().name
        print(StudyFolder.make(arguments.study, Study(name)).file)
        return 0
    if arguments.task == "participants":
        return _participants(folder.path, arguments.what)
    if arguments.task == "consent":
        return _consent(folder.path, arguments.what, arguments.day or datetime.date.today())
    if arguments.task == "add":
        return _add(arguments)
    return _show(folder.path)


def _participants(study: Path, files: list[str]) -> int:
    from app.study.folder import StudyFolder
    from app.study.participants_csv import add_all, read_participants

    for file in files:
        found = read_participants(Path(file))
        StudyFolder(study).change(lambda study, found=found: add_all(study, found))  # type: ignore[misc]
        print(f"{file}: {counted(len(found), 'participant was', 'participants were')} added")
    return 0


def _consent(study: Path, codes: list[str], on: datetime.date) -> int:
    from app.study.folder import StudyFolder
    from app.study.study import Study

    def note(study: Study) -> Study:
        for code in codes:
            study = study.with_consent(code, on)
        return study

    StudyFolder(study).change(note)
    return 0


def _add(arguments: Arguments) -> int:
    from app.study.folder import StudyFolder
    from app.study.sessions import take_in
    from app.system.errors import UserError

    failed = 0
    for old in arguments.what:
        try:
            taken = take_in(
                StudyFolder(arguments.study), arguments.participant or "", Path(old), arguments.condition
            )
            print(f"{old}: {taken.folder}")
        except UserError as error:
            print(error, file=sys.stderr)
            failed += 1
    return 1 if failed else 0


def _show(study: Path) -> int:
    from app.study.folder import StudyFolder
    from app.study.sessions import status_of

    folder = StudyFolder(study)
    found = folder.read()
    print(f"{found.name}: {counted(len(found.participants), 'participant')}")
    problems = 0
    for participant in found.participants:
        consent = f"consent {participant.consent}" if participant.consent else "no consent"
        print(f"{participant.code}  {' '.join(participant.groups) or '-'}  {consent}")
        for session in participant.sessions:
            status = status_of(folder, session)
            good = f"{counted(status.rows, 'row')}, {status.share_ok:.1%} ok" if status.rows else "no rows"
            how = good if status.finished else f"{good}, not finished"
            print(f"  {session.folder}  {session.condition or '-'}  {status.problem or how}")
            problems += bool(status.problem)
    return 1 if problems else 0


def check(arguments: Arguments) -> str:
    """One sentence about options that do not go together, or ""."""
    if arguments.task == "add" and not arguments.participant:
        return "say whose sessions they are: add --participant CODE"
    if arguments.task in ("participants", "consent", "add") and not arguments.what:
        return f"mien study {arguments.task} needs at least one name after the study's folder"
    if arguments.task != "add" and (arguments.participant or arguments.condition):
        return "--participant and --condition are for mien study add: leave them out"
    if arguments.task != "consent" and arguments.day:
        return "--day is for mien study consent: leave it out"
    return ""


COMMAND = Command(
    "study",
    "make a study, add participants and sessions, list them",
    "A study is a folder with study.toml: participants with consent, conditions, stimuli, and the sessions "
    "of each participant. docs/study.md explains it. The exit code is 1 when a session cannot be read or "
    "added.",
    (
        Example("mien study new laughter", "makes the folder laughter with an empty study"),
        Example("mien study participants laughter people.csv", "adds everybody in a table"),
        Example("mien study consent laughter P01 P02", "notes that both agreed today"),
        Example("mien study add laughter S1 S2 --participant P01", "copies two sessions into it"),
        Example("mien study show laughter", "lists participants and sessions"),
    ),
    add,
    run,
    check,
)
