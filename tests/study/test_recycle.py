"""What is deleted in a study can be brought back."""

from __future__ import annotations

import pytest

from app.study.errors import StudyError
from app.study.folder import StudyFolder
from app.study.recycle import bring_back, delete_participant, delete_session
from app.study.study import Study, StudySession


@pytest.fixture
def folder(tmp_path):
    study = Study("Made up")
    for code in ("P1", "P2", "P3"):
        study = study.with_participant(code)
    for run in (1, 2):
        study = study.with_session("P2", StudySession(f"sessions/P2-run{run}", run))
    made = StudyFolder.make(tmp_path / "study", study)
    for run in (1, 2):
        (made.path / "sessions" / f"P2-run{run}").mkdir()
        (made.path / "sessions" / f"P2-run{run}" / "faces.csv").write_text(str(run))
    return made


def tree(folder):
    return {path.relative_to(folder.path).as_posix() for path in folder.path.rglob("*.csv")}


def test_a_session_goes_and_comes_back(folder):
    before, files = folder.read(), tree(folder)
    gone = delete_session(folder, "P2", before.participant("P2").sessions[0])
    assert [s.run for s in folder.read().participant("P2").sessions] == [2]
    assert tree(folder) == {"bin/P2-run1/faces.csv", "sessions/P2-run2/faces.csv"}
    bring_back(folder, gone)
    assert folder.read() == before and tree(folder) == files


def test_a_participant_goes_with_their_sessions_and_comes_back_to_their_place(folder):
    before, files = folder.read(), tree(folder)
    gone = delete_participant(folder, "P2")
    assert [p.code for p in folder.read().participants] == ["P1", "P3"]
    assert tree(folder) == {"bin/P2-run1/faces.csv", "bin/P2-run2/faces.csv"}
    bring_back(folder, gone)
    assert folder.read() == before and tree(folder) == files


def test_two_of_one_name_lie_side_by_side_in_the_bin(folder):
    session = folder.read().participant("P2").sessions[0]
    delete_session(folder, "P2", session)
    (folder.path / session.folder).mkdir()
    folder.change(lambda study: study.with_session("P2", session))
    delete_session(folder, "P2", session)
    assert sorted(path.name for path in (folder.path / "bin").iterdir()) == ["P2-run1", "P2-run1-2"]


def test_a_code_that_is_taken_by_now_is_not_overwritten(folder):
    gone = delete_participant(folder, "P2")
    folder.change(lambda study: study.with_participant("P2"))
    with pytest.raises(StudyError, match="another participant P2"):
        bring_back(folder, gone)
    assert tree(folder) == {"bin/P2-run1/faces.csv", "bin/P2-run2/faces.csv"}


def test_a_session_without_a_folder_can_be_deleted(folder):
    folder.change(lambda study: study.with_session("P1", StudySession("sessions/P1-run1", 1)))
    gone = delete_session(folder, "P1", folder.read().participant("P1").sessions[0])
    bring_back(folder, gone)
    assert len(folder.read().participant("P1").sessions) == 1
