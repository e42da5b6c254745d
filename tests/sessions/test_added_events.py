"""A marker that is added to a session is whole on the disk, whatever was there before."""

import errno
import os

import pytest

from app.sessions.added_events import AddedEvents
from app.sessions.info import SessionError
from app.sessions.reading import RecordedSession
from app.sessions.schema.events import HEADER
from app.sessions.schema.files import ADDED_EVENTS_FILE
from tests.made_session import make_session

FIRST = "1,marker,first,0.000000,,0,replay,,\n"


@pytest.fixture
def folder(tmp_path):
    return make_session(tmp_path / "made", frames=3)


def texts(folder):
    return [event.text for event in RecordedSession(folder).events()]


def test_a_marker_that_the_disk_refuses_leaves_no_torn_line(folder, monkeypatch):
    added = AddedEvents(folder)
    added.mark("first", 0.0, 0)
    before = (folder / ADDED_EVENTS_FILE).read_bytes()

    def refuse(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", refuse)
        with pytest.raises(OSError, match="No space left"):
            added.mark("second", 0.0, 0)
    assert (folder / ADDED_EVENTS_FILE).read_bytes() == before
    added.mark("third", 0.1, 3)
    assert texts(folder) == ["first", "third"]


@pytest.mark.parametrize("torn", ["1,marker,x,1", "1,marker", "2,marker,x,0.5,,1,replay,,", "\0\0\0"])
@pytest.mark.parametrize("before", ["", FIRST])
def test_what_a_power_cut_left_of_a_line_is_cut_off(folder, before, torn):
    path = folder / ADDED_EVENTS_FILE
    path.write_text(HEADER + before + torn)
    assert AddedEvents(folder).mark("second", 0.1, 3).number == before.count("\n") + 1
    assert path.read_text().startswith(HEADER + before) and path.read_text().count("\n") == 2 + bool(before)
    assert texts(folder) == ["first"] * bool(before) + ["second"]


@pytest.mark.parametrize("torn", ["", "event,kind,te"])
def test_a_file_without_its_first_line_gets_it(folder, torn):
    path = folder / ADDED_EVENTS_FILE
    path.write_text(torn)
    AddedEvents(folder).mark("first", 0.0, 0)
    assert path.read_text() == HEADER + FIRST


def test_an_undo_takes_back_the_newest_that_is_whole(folder):
    path = folder / ADDED_EVENTS_FILE
    path.write_text(HEADER + FIRST + "2,marker,torn,0.1")
    assert AddedEvents(folder).undo().text == "first"
    assert texts(folder) == [] and AddedEvents(folder).undo() is None


def test_a_whole_line_that_cannot_be_read_is_named_and_kept(folder):
    path = folder / ADDED_EVENTS_FILE
    path.write_text(HEADER + FIRST + "2,marker,x\n")
    for act in (lambda added: added.mark("y", 0.1, 3), lambda added: added.undo()):
        with pytest.raises(SessionError, match=r"^Line 3 of .* cannot be read .*: correct or delete it"):
            act(AddedEvents(folder))
    assert path.read_text() == HEADER + FIRST + "2,marker,x\n"
