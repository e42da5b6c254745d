"""How good the sessions of a study are: each is read once, and what fails is said."""

from __future__ import annotations

import pytest

from app.study.sessions import status_of
from app.ui.flows import session_looks
from app.ui.flows.session_looks import SessionLooks
from tests.study.made_study import make_study


@pytest.fixture
def folder(tmp_path):
    return make_study(tmp_path / "s")


@pytest.fixture
def looks(qtbot):
    made = SessionLooks()
    yield made
    made.close()


@pytest.fixture
def read(monkeypatch):
    """The sessions that were read, by folder."""
    names = []

    def counted(folder, session):
        names.append(session.folder)
        return status_of(folder, session)

    monkeypatch.setattr(session_looks, "status_of", counted)
    return names


def test_a_session_is_read_again_only_when_its_files_have_changed(folder, looks, read, until):
    found = []
    looks.looked.connect(lambda study, statuses, pictures: found.append(statuses))
    for count in (1, 2, 3):
        looks.look(folder, folder.read())
        until(lambda count=count: len(found) == count)
    assert len(read) == len(set(read)) == 7
    assert all(status.finished and status.rows for status in found[-1].values())
    rows = folder.path / "sessions" / "P2-run1" / "faces.csv"
    rows.write_bytes(rows.read_bytes()[:-9])
    looks.look(folder, folder.read())
    until(lambda: len(found) == 4)
    assert read[7:] == ["sessions/P2-run1"] and "is cut" in found[-1]["sessions/P2-run1"].problem


def test_a_look_at_an_older_study_is_given_up(folder, looks, until):
    seen = []
    looks.looked.connect(lambda study, *_: seen.append(id(study)))
    older, newer = folder.read(), folder.read()
    looks.look(folder, older)
    looks.look(folder, older)  # cannot be done yet: seven sessions are read first
    looks.look(folder, newer)
    until(lambda: id(newer) in seen)
    assert seen == [id(newer)]


def test_what_fails_is_said(folder, looks, monkeypatch, until):
    def broken(folder, session):
        raise ValueError("of our own")

    said = []
    monkeypatch.setattr(session_looks, "status_of", broken)
    looks.failed.connect(said.append)
    looks.look(folder, folder.read())
    until(lambda: bool(said))
    assert "of our own" in said[0]
