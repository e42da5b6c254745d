"""Participants from CSV files, consent, sessions begun and taken in, a study from the command line."""

import datetime
import json
import shutil
import threading

import pytest

from app.__main__ import main
from app.exports.dataset import OF_SESSION
from app.study.errors import StudyError
from app.study.folder import StudyFolder
from app.study.participants_csv import read_participants
from app.study.sessions import begin_session, details_for, status_of
from app.study.study import Study
from tests.made_session import make_session

ROWS = [["Participant", "group", "age", "consent"], ["P1", "a+b", "23", "2026-03-01"], ["P-2", "", "é 4", ""]]


def text(separator):
    return "\r\n".join(separator.join(row) for row in ROWS) + "\r\n"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_of_any_spreadsheet(tmp_path, separator, encoding):
    path = tmp_path / "p.csv"
    path.write_bytes(text(separator).encode(encoding))
    first, second = read_participants(path)
    assert (first.code, first.groups, first.variables) == ("P1", ("a", "b"), (("age", "23"),))
    assert first.consent == datetime.date(2026, 3, 1)
    assert (second.code, second.consent, second.variables) == ("P-2", None, (("age", "é 4"),))


def test_a_note_of_excel_and_empty_lines(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("sep=;\ncode;text\nP1;a,b,c,d\n;\n\nP2;\n", encoding="utf-8")
    assert [p.code for p in read_participants(path)] == ["P1", "P2"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("", "is empty"),
        ("name,age\nA,3\n", "no column called participant"),
        ("code,age,Age\nA,3,4\n", "two columns called age"),
        ("code,age\nA,3\na,4\n", "Line 3 .* participant a a second time"),
        ("code,age\nA,3,4\n", "Line 2 .* has 3 cells instead of 2"),
        ("code,age\nAnna Lee,3\n", "Line 2 .*cannot be a participant's code"),
        ("code,consent\nA,yes\n", "Line 2 .* has the consent 'yes'"),
        ("code,consent\nA,2026-02-30\n", "has the consent '2026-02-30'"),
        ("code,\nA,x\n", "Line 2 .* column without a name"),
        ('code,age\nA,"3\n', "cannot be read as CSV"),
        ("code\0,age\nA,3\n", "is no text"),
    ],
)
def test_what_does_not_fit_is_one_sentence_and_adds_nobody(tmp_path, said, sentence, capsys):
    StudyFolder.make(tmp_path / "s", Study("s"))
    (tmp_path / "p.csv").write_text(said, encoding="utf-8")
    with pytest.raises(StudyError, match=sentence):
        read_participants(tmp_path / "p.csv")
    assert main(["study", "participants", str(tmp_path / "s"), str(tmp_path / "p.csv")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert StudyFolder(tmp_path / "s").read().participants == ()


def test_all_or_nobody_is_added(tmp_path, capsys):
    folder = StudyFolder.make(tmp_path / "s", Study("s").with_participant("P-2"))
    (tmp_path / "p.csv").write_text(text(","), encoding="utf-8")
    assert main(["study", "participants", str(folder.path), str(tmp_path / "p.csv")]) == 2
    assert "has a participant P-2 already" in capsys.readouterr().err
    assert len(folder.read().participants) == 1


def test_nobody_is_recorded_without_consent_unless_the_study_says_so(tmp_path):
    folder = StudyFolder.make(tmp_path / "a", Study("s").with_participant("P1"))
    with pytest.raises(StudyError, match="P1 has not agreed"):
        begin_session(folder, "P1")
    assert folder.read().participants[0].sessions == ()
    free = StudyFolder.make(tmp_path / "b", Study("s", consent_required=False).with_participant("P1"))
    session = begin_session(free, "p1", "calm")
    said = details_for(free.read(), free.read().participant("P1"), session)
    assert (said.participant, said.condition, said.consent) == ("P1", "calm", False)
    assert dict(said.listed) == {"study": "s", "run": "1"}


def test_two_operators_begin_two_sessions(tmp_path):
    folder = StudyFolder.make(tmp_path, Study("s", consent_required=False).with_participant("P1"))
    (tmp_path / "sessions" / "P1-run2").mkdir()  # of a study.toml that was restored from a copy
    both = [threading.Thread(target=begin_session, args=(StudyFolder(tmp_path), "P1")) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    found = folder.read().participant("P1").sessions
    assert [s.folder for s in found] == ["sessions/P1-run1", "sessions/P1-run3"]
    assert "is not there" in status_of(folder, found[0]).problem


def test_an_old_session_is_taken_in_from_the_command_line(tmp_path, capsys):
    old = make_session(tmp_path / "old", frames=20, condition="calm", notes="sunny", listed={"room": "3"})
    before = {path.name: path.read_bytes() for path in old.iterdir()}
    study = tmp_path / "study"
    assert main(["study", "new", str(study), "A", "study"]) == 0
    assert main(["study", "new", str(study)]) == 2
    (tmp_path / "p.csv").write_text(text(";"), encoding="utf-8")
    assert main(["study", "participants", str(study), str(tmp_path / "p.csv")]) == 0
    assert main(["study", "add", str(study), str(old), "--participant", "P-2"]) == 1
    assert "P-2 has not agreed" in capsys.readouterr().err
    assert main(["study", "consent", str(study), "P-2", "--day", "2026-03-02"]) == 0
    assert main(["study", "add", str(study), str(old), "--participant", "P-2"]) == 0
    shutil.move(study, tmp_path / "moved")
    capsys.readouterr()
    assert main(["study", "show", str(tmp_path / "moved")]) == 0
    shown = capsys.readouterr().out
    assert "P-2  -  consent 2026-03-02\n  sessions/P-2-run1  calm  40 rows, 100.0% ok\n" in shown
    said = json.loads((tmp_path / "moved/sessions/P-2-run1/session.json").read_text(encoding="utf-8"))
    assert (said["participant"], said["condition"], said["notes"], said["consent"]) == (
        "P-2",
        "calm",
        "sunny",
        True,
    )
    assert said["listed"] == {"room": "3", "study": "A study", "run": "1", "age": "é 4"}
    assert {path.name: path.read_bytes() for path in old.iterdir()} == before
    assert not set(said["listed"]) & set(OF_SESSION)


@pytest.mark.parametrize("change", [{"finished": False}, None])
def test_what_cannot_be_taken_in_leaves_the_study_as_it_was(tmp_path, change, capsys):
    folder = StudyFolder.make(tmp_path / "s", Study("s", consent_required=False).with_participant("P1"))
    old = make_session(tmp_path / "old", frames=5, **change) if change else tmp_path / "nothing"
    assert main(["study", "add", str(folder.path), str(old), "--participant", "P1"]) == 1
    assert main(["study", "add", str(folder.path), str(old), "--participant", "P9"]) == 1
    assert capsys.readouterr().err.count("\n") == 2
    assert folder.read().participants[0].sessions == ()
    assert list((folder.path / "sessions").iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [["add", "s", "x"], ["consent", "s"], ["show", "s", "--day", "2026-01-01"],
                  ["show", "s", "--condition", "a"], ["consent", "s", "P1", "--day", "1.3.2026"]],
)  # fmt: skip
def test_options_that_do_not_go_together(arguments):
    with pytest.raises(SystemExit) as stopped:
        main(["study", *arguments])
    assert stopped.value.code == 2
