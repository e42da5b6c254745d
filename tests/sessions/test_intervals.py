"""Intervals of a session, and what was changed of them afterwards."""

import pytest

from app.sessions.edited_events import EditedEvents
from app.sessions.event import Event
from app.sessions.info import SessionError
from app.sessions.intervals import EXCLUDED, INTERVAL, PAUSE, STIMULUS, Interval, live_intervals
from app.sessions.schema.events import HEADER, line


def events(*found):
    return [Event(time, kind, text, i) for i, (time, kind, text) in enumerate(found, 1)]


RECORDED = events(
    (1.0, "stimulus_started", "cat"),
    (1.5, "interval_started", "=talk"),
    (2.0, "paused", ""),
    (3.0, "resumed", "by key"),
    (4.0, "interval_ended", "=talk"),
    (4.5, "stimulus_ended", "dog"),  # never began
    (5.0, "stimulus_ended", "cat"),
    (6.0, "stimulus_started", "dog"),
)
LIVE = (
    Interval(1.0, 5.0, "cat", STIMULUS, "live 1"),
    Interval(1.5, 4.0, "=talk", INTERVAL, "live 2"),
    Interval(2.0, 3.0, "", PAUSE, "live 3"),
    Interval(6.0, 9.0, "dog", STIMULUS, "live 8", ended=False),
)


def test_an_interval_is_two_events():
    assert live_intervals(RECORDED, 9.0) == LIVE
    assert LIVE[0].holds(1.0) and not LIVE[0].holds(5.0)


def test_a_name_that_begins_again_ends_first():
    found = live_intervals(
        events(
            (1.0, "interval_started", "a"), (2.0, "interval_started", "a"),
            (3.0, "interval_ended", "a"), (4.0, "interval_ended", "a"),
        ),
        9.0,
    )  # fmt: skip
    assert [(i.start, i.end) for i in found] == [(1.0, 4.0), (2.0, 3.0)]


@pytest.fixture
def edits(tmp_path):
    (tmp_path / "events.csv").write_text(HEADER + "".join(map(line, RECORDED)), encoding="utf-8")
    return EditedEvents(tmp_path)


def test_edits_lie_beside_what_was_recorded(edits, tmp_path):
    before = (tmp_path / "events.csv").read_bytes()
    talk = edits.intervals(9.0)[1]
    assert talk == LIVE[1]
    edits.set(Interval(talk.start, 3.5, "=spoke", INTERVAL, talk.id))
    added = edits.set(Interval(7.0, 8.0, "cough", EXCLUDED))
    edits.remove(LIVE[3])
    assert edits.intervals(9.0) == (
        LIVE[0], Interval(1.5, 3.5, "=spoke", INTERVAL, "live 2"), LIVE[2], added,
    )  # fmt: skip
    assert "'=spoke" in (tmp_path / "events-edited.csv").read_text(encoding="utf-8")
    assert [edits.undo() for _ in range(4)] == [True, True, True, False]
    assert edits.intervals(9.0) == LIVE
    assert (tmp_path / "events.csv").read_bytes() == before


def test_a_power_cut_leaves_part_of_a_line(edits, tmp_path):
    edits.set(Interval(7.0, 8.0, "cough", EXCLUDED))
    path = tmp_path / "events-edited.csv"
    path.write_bytes(path.read_bytes() + b"2,set,edi")
    assert len(edits.intervals(9.0)) == 5
    edits.set(Interval(8.0, 8.5, "door", EXCLUDED))
    assert len(edits.intervals(9.0)) == 6


@pytest.mark.parametrize(
    "spoilt",
    ["1,set,x,interval,a,5,4,", "1,jump,x,interval,a,1,2,", "x,set,,,,,,", "1,set,x,interval,a,nan,4,"],
)
def test_a_line_that_does_not_fit_is_a_sentence(edits, tmp_path, spoilt):
    head = "edit,action,interval,kind,name,start_s,end_s,cancels\n"
    (tmp_path / "events-edited.csv").write_text(f"{head}{spoilt}\n", encoding="utf-8")
    with pytest.raises(SessionError, match=r"Line 2 of .*events-edited\.csv cannot be read"):
        edits.intervals(9.0)


def test_what_is_no_interval_is_not_set(edits, tmp_path):
    for wrong in (Interval(2, 1), Interval(-1, 1), Interval(1, 2, "", PAUSE)):
        with pytest.raises(ValueError, match="cannot be set"):
            edits.set(wrong)
    assert not (tmp_path / "events-edited.csv").exists()
