"""A whole made-up study, set up, recorded, interrupted and gone on with by the window alone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.sessions.reading import RecordedSession
from app.study.folder import StudyFolder
from app.study.playlist import Order, Playlist, Question, Stimulus, StimulusKind
from app.study.study import Condition, Study, StudySession
from app.ui.stimuli.presentation import Phase
from app.ui.stimuli.questions import QuestionPage
from tests.ui.doubles import FakeSource
from tests.ui.seen import buttons, records, shows_faces

SHORT = 0.1  # s
NAMES = ("cat", "wall", "joke", "form")


@pytest.fixture
def folder(tmp_path):
    shown = tuple(
        Stimulus(name, StimulusKind.PICTURE, f"stimuli/{name}.png", SHORT, condition, ("fun",))
        for name, condition in zip(NAMES, ("funny", "dull", "funny", "dull"), strict=True)
    )
    playlist = Playlist(shown, (Question("fun", "How funny?"),), Order.COUNTERBALANCED)
    conditions = Condition("funny"), Condition("dull")
    made = StudyFolder.make(tmp_path / "study", Study("Made up", conditions=conditions, playlist=playlist))
    for name in NAMES:
        cv2.imwrite(str(made.path / "stimuli" / f"{name}.png"), np.full((30, 40, 3), 90, np.uint8))
    return made


@pytest.fixture
def study(window, folder, until):
    """A window in which the study is open and somebody is seen."""
    window.study_flow.open(folder.path)
    window.player.play(FakeSource())
    until(lambda: shows_faces(window))
    return window


def add(window, qtbot, *codes):
    for code in codes:
        qtbot.keyClicks(window.study_sheet.code, code)
        qtbot.keyClick(window.study_sheet.code, Qt.Key.Key_Return)


def answer(window, until, number):
    page = window.present_flow.screen.findChild(QuestionPage)
    page.buttons[number - 1].click()


def present(window, until, stimuli):
    """Presents and answers until so many stimuli were shown."""
    window.user_actions.present.trigger()
    run = window.present_flow.run
    for i in range(stimuli):
        until(lambda: run.phase is Phase.ASKING)
        answer(window, until, 1 + i)


def kinds(session):
    return [(e.kind, e.text) for e in session.events() if e.kind in ("stimulus_started", "answer")]


def test_six_people_are_recorded_one_by_one(study, folder, until, qtbot):
    codes = [f"P{i}" for i in range(1, 7)]
    add(study, qtbot, *codes)
    for code in codes:
        study.user_actions.next_participant.trigger()
        assert study.study_flow.code == code
        study.study_flow.consent(code, True)
        present(study, until, 4)
        until(lambda: not study.record_flow.is_recording and study.present_flow.run.phase is Phase.OVER)
    found = folder.read()
    orders = set()
    for participant in found.participants:
        (session,) = participant.sessions
        assert session.folder == f"sessions/{participant.code}-run1"
        recorded = RecordedSession(folder.at(session.folder))
        assert recorded.info.finished and recorded.info.details.participant == participant.code
        assert recorded.info.details.consent
        names = [text for kind, text in kinds(recorded) if kind == "stimulus_started"]
        assert sorted(names) == sorted(NAMES)
        answers = [text for kind, text in kinds(recorded) if kind == "answer"]
        assert answers == ["fun=1", "fun=2", "fun=3", "fun=4"]
        orders.add(tuple(names))
    assert len(orders) == 4  # of a balanced square of four
    study.user_actions.next_participant.trigger()
    assert "Everybody in the study has a session" in study.notice_bar.text


def test_it_goes_on_at_the_next_stimulus_after_an_interruption(study, folder, until, qtbot):
    add(study, qtbot, "P1")
    study.user_actions.next_participant.trigger()
    study.study_flow.consent("P1", True)
    present(study, until, 2)
    until(lambda: study.present_flow.run.phase is Phase.SHOWING)
    study.user_actions.record.trigger()  # the recording ends in the middle of the third one
    until(lambda: not study.record_flow.is_recording)
    assert study.present_flow.run.phase is Phase.OVER
    until(lambda: "The playlist stopped with the recording" in study.notice_bar.text)
    study.user_actions.present.trigger()
    until(lambda: "goes on at 4 of 4" in study.notice_bar.text)
    until(lambda: study.present_flow.run.phase is Phase.ASKING)
    answer(study, until, 1)
    until(lambda: not study.record_flow.is_recording)
    first, second = (RecordedSession(folder.at(s.folder)) for s in folder.read().participant("P1").sessions)
    shown = [[text for kind, text in kinds(s) if kind == "stimulus_started"] for s in (first, second)]
    assert [len(names) for names in shown] == [3, 1]
    assert sorted(shown[0] + shown[1]) == sorted(NAMES)


def test_where_a_session_cannot_be_read_the_playlist_is_begun_from_its_start_only(
    study, folder, until, qtbot
):
    add(study, qtbot, "P1")
    study.user_actions.next_participant.trigger()
    study.study_flow.consent("P1", True)
    folder.change(lambda s: s.with_session("P1", StudySession("sessions/P1-run1", 1)))
    present(study, until, 4)  # a session that was never recorded says nothing
    until(lambda: not study.record_flow.is_recording)
    (folder.path / "sessions" / "P1-run2" / "session.json").write_text("{")
    study.user_actions.present.trigger()
    until(lambda: "it is not known how far P1 has come" in study.notice_bar.text)
    assert study.present_flow.run.phase is Phase.OVER and not study.record_flow.is_recording
    study.user_actions.present_anew.trigger()
    until(lambda: study.present_flow.run.phase is Phase.ASKING)


def test_nobody_is_recorded_without_consent_or_without_being_chosen(study, folder, until, qtbot):
    study.user_actions.record.trigger()
    assert "Nobody is chosen" in study.notice_bar.text
    add(study, qtbot, "P1", "P2")
    study.user_actions.next_participant.trigger()
    study.user_actions.record.trigger()
    assert "P1 has not agreed to be recorded" in study.notice_bar.text
    assert not study.user_actions.record.isChecked() and not folder.read().participant("P1").sessions
    assert "no consent" in study.study_bar.who.text()
    study.study_flow.consent("P1", True)
    assert "no consent" not in study.study_bar.who.text()
    study.user_actions.record.trigger()
    until(records(study, 1))
    assert "recording P1, run 1" in study.study_bar.who.text()
    study.user_actions.next_participant.trigger()
    assert "P1 is being recorded" in study.notice_bar.text
    study.user_actions.record.trigger()
    until(lambda: not study.record_flow.is_recording)
    study.user_actions.next_participant.trigger()
    study.user_actions.record.trigger()  # the consent of P1 does not carry over
    assert "P2 has not agreed" in study.notice_bar.text


def test_the_study_may_do_without_consent(study, folder, until, qtbot):
    add(study, qtbot, "P1")
    study.study_sheet.rule.click()
    study.user_actions.next_participant.trigger()
    study.user_actions.record.trigger()
    until(records(study, 1))
    assert not folder.read().consent_required


def test_missing_stimuli_are_said_before_anything_begins(study, folder, until, qtbot):
    (folder.path / "stimuli" / "cat.png").unlink()
    (folder.path / "stimuli" / "joke.png").write_bytes(b"no picture")
    add(study, qtbot, "P1")
    study.user_actions.next_participant.trigger()
    study.study_flow.consent("P1", True)
    study.user_actions.present.trigger()
    until(lambda: "2 stimuli cannot be presented" in study.notice_bar.text)
    assert "stimuli/cat.png is not there" in study.notice_bar.text
    assert not study.record_flow.is_recording and not folder.read().participant("P1").sessions
    assert "Go on without them" in buttons(study)
    (go_on,) = (b for b in study.notice_bar.findChildren(QPushButton) if b.text() == "Go on without them")
    go_on.click()
    run = study.present_flow.run
    for _ in range(2):
        until(lambda: run.phase is Phase.ASKING)
        answer(study, until, 5)
    until(lambda: not study.record_flow.is_recording)
    (session,) = folder.read().participant("P1").sessions
    events = RecordedSession(folder.at(session.folder)).events()
    assert sorted(e.text for e in events if e.kind == "stimulus_skipped") == ["cat", "joke"]


def test_the_list_is_searched_deleted_from_and_brought_back(study, folder, until, qtbot):
    folder.change(lambda s: s.with_participant("A1", groups=("old",)).with_participant("B2"))
    study.user_actions.study.trigger()
    tree = study.study_sheet.tree
    assert tree.topLevelItemCount() == 2
    study.study_sheet.search.setText("OLD")
    assert [tree.topLevelItem(i).isHidden() for i in range(2)] == [False, True]
    tree.setCurrentItem(tree.topLevelItem(0))
    qtbot.keyClick(tree, Qt.Key.Key_Delete)
    assert [p.code for p in folder.read().participants] == ["B2"]
    study.study_sheet.buttons["Undo"].click()
    assert [p.code for p in folder.read().participants] == ["A1", "B2"]
    study.study_sheet.search.clear()
    tree.setCurrentItem(tree.topLevelItem(1))
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert study.study_flow.code == "B2"


def test_a_button_keeps_the_focus_when_it_changes_the_list(study, folder, until, qtbot):
    folder.change(lambda s: s.with_participant("A1"))
    study.user_actions.study.trigger()
    sheet = study.study_sheet
    sheet.tree.setCurrentItem(sheet.tree.topLevelItem(0))
    button = sheet.buttons["Consent"]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    until(lambda: folder.read().participant("A1").consent is not None)
    assert button.isEnabled() and study.focusWidget() is button


def test_participants_come_from_a_table_all_or_none(study, folder, tmp_path):
    table = tmp_path / "people.csv"
    table.write_text("participant;group\nP1;old\nP2;young\n")
    study.study_flow.read_csv(table)
    assert [p.code for p in folder.read().participants] == ["P1", "P2"]
    study.study_flow.read_csv(table)
    assert "P1 already" in study.notice_bar.text and len(folder.read().participants) == 2


def test_a_folder_without_a_study_is_one_sentence(window, tmp_path):
    window.study_flow.open(tmp_path)
    assert "There is no study in" in window.notice_bar.text
    assert not window.study_bar.isVisible()
