"""`mien report`: one self-contained HTML page of a session, or one that compares several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from app.exports.report.comparison import comparison
from app.exports.report.figures import figures, without_rows
from app.exports.report.single import report
from app.sessions.reading import RecordedSession
from app.system.atomic import output_file
from app.system.plain_file import is_folder

UNNAMED = "all sessions"  # the condition of a session that names none


def write(
    sessions: Sequence[str], out: Path | None = None, say: Callable[[str], None] = lambda sentence: None
) -> Path:
    """Writes the page of `sessions`, each given as FOLDER or CONDITION=FOLDER; gives its path.

    By default the page goes into the folder, or beside the first one when there are several. `say` is called
    with a sentence about each session whose rows are cut; the page says it, too. Raises SessionError and
    WriteError.
    """
    named = [_condition(session) for session in sessions]
    if len(named) == 1:
        found = [figures(named[0][1])]
        path, text = out or named[0][1].folder / "report.html", report(found[0])
    else:
        path = out or named[0][1].folder.absolute().parent / "comparison.html"
        found = [without_rows(figures(session)) for _, session in named]
        text = comparison([(name, each) for (name, _), each in zip(named, found, strict=True)])
    for each in found:
        if each.lacking:
            say(each.lacking)
    with output_file(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")
    return path


def _condition(given: str) -> tuple[str, RecordedSession]:
    """The condition that the user named, or else that of the session's own details."""
    name, equals, folder = given.partition("=")
    if equals and name and not is_folder(Path(given)):
        return name, RecordedSession(Path(folder))
    session = RecordedSession(Path(given))
    return session.info.details.condition or UNNAMED, session
