"""An event is written and read back by the same columns."""

import csv
import io

import pytest

from app.sessions.event import Event
from app.sessions.schema.events import EVENT_COLUMNS, HEADER, line, read_event


def cells(text):
    (row,) = csv.DictReader(io.StringIO(HEADER + text))
    return row


@pytest.mark.parametrize(
    "event",
    [
        Event(1.5, "marker", 'say "hi", now', 3, 1_772_357_404.5, 45, "key"),
        Event(2.25, "undo", "wrong", 4, 1_772_357_405.125, 60, "udp", cancels=3),
        Event(0.0, "face_appeared", "face 2", 1, 1_772_357_400.0, 0, "mien", face=2),
    ],
)
def test_it_comes_back_as_it_was(event):
    assert read_event(cells(line(event))) == event


def test_what_a_file_does_not_say_has_its_default():
    event = read_event({"time_s": "0.5", "text": "by hand", "colour": "red"})
    assert (event.time, event.kind, event.text, event.frame, event.number) == (
        0.5,
        "marker",
        "by hand",
        -1,
        0,
    )
    assert event.wall_utc == "" and event.face is None
    assert cells(line(event))["frame"] == cells(line(event))["wall_utc"] == ""


@pytest.mark.parametrize("time", ["", "-1", "nan", "inf", "soon"])
def test_without_a_time_there_is_no_event(time):
    with pytest.raises(ValueError):
        read_event({"time_s": time, "text": "x"})


def test_every_column_is_an_attribute_of_an_event():
    assert {column.part for column in EVENT_COLUMNS} == {*Event.__slots__}
