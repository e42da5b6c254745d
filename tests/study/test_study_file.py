"""`study.toml`: written, read back, changed by two at once, and what is said where it does not fit."""

import datetime
import threading
import tomllib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.study.entries import EntryError
from app.study.errors import StudyError
from app.study.folder import BY_HAND_FILE, LOCK_FILE, StudyFolder
from app.study.playlist import Order, Playlist, Question, QuestionKind, Stimulus, StimulusKind
from app.study.study import Condition, Participant, Study, StudySession
from app.study.study_text import is_inside, read_study, study_text
from app.system.lock import FileLock

WHOLE = Study(
    "Laughter",
    'what "makes" people\nlaugh',
    False,
    (Condition("funny", "jokes"), Condition("dull")),
    (
        Participant(
            "P01", 1, ("a", "b"), (("age", "23"), ("first language", "Ελληνικά")),
            datetime.date(2026, 3, 1), "left early", (StudySession("sessions/P01-run1", 1, "dull", "rang"),),
        ),
        Participant("P02", 7),
    ),
    Playlist(
        (
            Stimulus("fixation", StimulusKind.FIXATION, seconds=0.5),
            Stimulus("cat", StimulusKind.VIDEO, "stimuli/cat.mp4", None, "funny", ("fun", "mood"), True),
            Stimulus("fixation", StimulusKind.FIXATION, seconds=2.0),
            Stimulus("wall", StimulusKind.PICTURE, "stimuli/wall.png", 4.0, "dull"),
        ),
        (
            Question("fun", "How funny?", QuestionKind.SCALE, 0, 100, "not", "very"),
            Question("mood", "How do you feel?", QuestionKind.GRID),
            Question("why", "Why?", QuestionKind.TEXT),
        ),
        Order.COUNTERBALANCED,
        42,
    ),
)  # fmt: skip


def test_a_study_is_read_back_as_it_was_written(tmp_path):
    assert read_study(study_text(WHOLE)) == WHOLE
    folder = StudyFolder.make(tmp_path / "s", WHOLE)
    assert folder.read() == WHOLE
    assert folder.file.stat().st_mode & 0o77 == 0 or folder.file.drive
    (tmp_path / "s").rename(tmp_path / "moved")
    assert StudyFolder(tmp_path / "moved" / "study.toml").read() == WHOLE


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_written(text):
    written = study_text(Study("s", text))
    assert tomllib.loads(written).get("description", "") == text


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        (("name = ", "nam = "), "has no name"),
        (('format = "mien study"', 'format = "x"'), 'no line format = "mien study"'),
        (("format_version = 1", "format_version = 2"), "newer Mien"),
        (("seed = 42", "seed = 42\nshuffle = true"), "playlist of the study has an entry 'shuffle'"),
        (("number = 7", "number = 7\nage = 3"), "participant 2 has an entry 'age'"),
        (("number = 7", "number = 1"), "2 participants have the number '1'"),
        (('code = "P02"', 'code = "p01"'), "2 participants have the code 'p01'"),
        (('code = "P02"', 'code = "../x"'), "the code '../x'"),
        (("consent = 2026-03-01", 'consent = "yes"'), "no date such as"),
        (('"sessions/P01-run1"', '"../P01"'), "not in the study's folder"),
        (('"stimuli/cat.mp4"', '"C:/cat.mp4"'), "not in the study's folder"),
        (('kind = "picture"', 'kind = "smell"'), "kind of stimulus 4 is 'smell'"),
        (('name = "wall"', 'name = "cat"'), "2 stimuli are called 'cat'"),
        (("seconds = 4.0\n", ""), "the picture 'wall' has no seconds"),
        (("seconds = 4.0", "seconds = nan"), "no number of seconds"),
        (("highest = 100", "highest = -1"), "does not rise"),
        (('["fun", "mood"]', '["fun", "joy"]'), "asks 'joy'"),
        (('condition = "dull"\n', 'condition = "sad"\n'), "has the condition 'sad'"),
        (("consent_required = false", 'consent_required = "no"'), "neither true nor false"),
        (("[playlist]", "[[playlist]]"), "is no table"),
        (("name = ", "name == "), "no TOML"),
    ],
)
def test_what_does_not_fit_is_one_clause_and_nothing_is_written(tmp_path, change, clause):
    text = study_text(WHOLE).replace(*change)
    with pytest.raises(EntryError, match=clause.replace("[", r"\[").replace(".", r"\.")):
        read_study(text)
    folder = StudyFolder.make(tmp_path / "s", WHOLE)
    folder.file.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=r"study\.toml cannot be used"):
        folder.change(lambda study: replace(study, name="other"))
    assert folder.file.read_text(encoding="utf-8") == text


def test_two_operators_lose_nothing(tmp_path):
    folder = StudyFolder.make(tmp_path, Study("s"))

    def add(letter):
        for i in range(20):
            StudyFolder(tmp_path).change(lambda study, code=f"{letter}{i:02}": study.with_participant(code))

    operators = [threading.Thread(target=add, args=(letter,)) for letter in "ab"]
    for operator in operators:
        operator.start()
    for operator in operators:
        operator.join()
    found = folder.read().participants
    assert sorted(p.code for p in found) == [f"{letter}{i:02}" for letter in "ab" for i in range(20)]
    assert [p.number for p in found] == list(range(1, 41))


def test_a_form_that_is_out_of_date_is_refused(tmp_path):
    folder = StudyFolder.make(tmp_path, Study("s"))
    seen = folder.read()
    folder.change(lambda study: study.with_participant("A"))
    with pytest.raises(StudyError, match="changed meanwhile"):
        folder.change(lambda study: replace(study, name="t"), seen)
    assert folder.read().name == "s"


def test_a_lock_that_stays_is_a_sentence(tmp_path, monkeypatch):
    folder = StudyFolder.make(tmp_path, Study("s"))
    monkeypatch.setattr("app.study.folder.PATIENCE", 0.05)
    lock = FileLock(tmp_path / LOCK_FILE)
    with pytest.raises(StudyError, match="Another operator"):
        folder.change(lambda study: replace(study, name="t"))
    lock.release()
    assert folder.change(lambda study: replace(study, name="t")).name == "t"


def test_comments_of_an_editor_are_kept_in_a_file_of_their_own(tmp_path):
    folder = StudyFolder.make(tmp_path, Study("s"))
    commented = "\ufeff# ask Anna\r\n" + study_text(Study("s")).replace("\n", "\r\n")
    folder.file.write_bytes(commented.encode())
    folder.change(lambda study: study.with_participant("A"))
    assert "# ask Anna" in (tmp_path / BY_HAND_FILE).read_text(encoding="utf-8")
    assert folder.read().has("a")


def test_a_study_is_made_once_and_read_only_where_there_is_one(tmp_path):
    StudyFolder.make(tmp_path / "s", Study("s"))
    with pytest.raises(StudyError, match="holds a study already"):
        StudyFolder.make(tmp_path / "s", Study("t"))
    with pytest.raises(StudyError, match="There is no study in"):
        StudyFolder(tmp_path / "nothing").read()


def test_participants_and_sessions_once_each():
    study = Study("s").with_participant("A").with_participant("B")
    with pytest.raises(StudyError, match="has a participant a already"):
        study.with_participant("a")
    with pytest.raises(StudyError, match="cannot be a participant's code"):
        study.with_participant("Anna Schmidt")
    with pytest.raises(StudyError, match="no participant 'C'"):
        study.participant("C")
    study = study.with_session("B", StudySession("sessions/B-run1", 1))
    with pytest.raises(StudyError, match="one of participant B already"):
        study.with_session("A", StudySession("sessions/B-run1", 2))
    assert study.participant("b").next_run == 2
    assert study.without_session("sessions/B-run1").participant("B").sessions == ()
    assert study.without_participant("A").with_participant("C").participant("C").number == 3


def test_paths_that_leave_the_folder_on_some_system():
    assert is_inside("sessions/P01 run 1")
    assert not any(map(is_inside, ("", "/x", "../x", "a/../../x", "a\\..\\x", "C:/x", "a/..")))
