"""Markers and what Mien notices: both clocks, the frame, and an undo that deletes nothing."""

import csv
import time
from dataclasses import replace

import numpy as np
import pytest

from app.sessions.event import in_force
from app.sessions.event_file import read_events
from app.sessions.event_log import EventLog
from app.sessions.schema.events import EVENT_COLUMNS
from app.system import clock
from app.types import Result
from tests.fakes import face, result

WALL = 1_700_000_000.0


@pytest.fixture
def log(tmp_path):
    return EventLog(tmp_path / "events.csv")


def read(tmp_path):
    with (tmp_path / "events.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def live(index, at, *faces, ago=0.0):
    """A frame of a camera whose clock counts from 100 s; captured `ago` seconds before now."""
    seen = result(index, 100 + at, *faces, wall=WALL + at)
    return Result(replace(seen.frame, captured=clock.now() - ago), faces)


def test_a_marker_has_both_clocks_the_frame_and_the_moment_it_was_set(log, tmp_path):
    begun, before = time.perf_counter(), time.time()
    log.see(live(30, 1.0, ago=0.25), 1.0, live=True)
    marker = log.mark("stimulus, on", "key")
    took, after = time.perf_counter() - begun, time.time()
    log.close()
    (row,) = read(tmp_path)
    assert list(row) == [column.name for column in EVENT_COLUMNS]
    assert (row["kind"], row["text"], row["frame"], row["origin"]) == ("marker", "stimulus, on", "30", "key")
    assert 1.25 <= float(row["time_s"]) <= 1.2501 + took  # a quarter of a second after the frame was captured
    assert before <= marker.wall <= after and row["wall_utc"].endswith("Z")


def test_before_the_first_frame_there_is_no_clock_and_no_marker(log):
    assert log.mark("too early", "key") is None and log.undo("key") is None
    log.close()


def test_a_marker_of_a_file_has_no_wall_clock(log, tmp_path):
    log.see(result(3, 0.1), 0.1, live=False)
    log.mark("x", "udp")
    log.close()
    (row,) = read(tmp_path)
    assert row["wall_utc"] == "" and row["time_s"] == "0.100000"  # it may be paused, or play too slowly


def test_undo_takes_back_the_newest_in_force_and_keeps_every_line(log, tmp_path):
    log.see(live(0, 0.0), 0.0, live=True)
    for name in "abc":
        log.mark(name, "key")
    assert log.undo("key").text == "c" and log.undo("key").text == "b"
    log.mark("d", "key")
    assert log.undo("key").text == "d"
    log.close()
    assert [event.text for event in in_force(read_events(tmp_path / "events.csv"))] == ["a"]
    rows = [(r["event"], r["kind"], r["text"], r["cancels"]) for r in read(tmp_path)]
    assert rows == [
        ("1", "marker", "a", ""), ("2", "marker", "b", ""), ("3", "marker", "c", ""),
        ("4", "undo", "c", "3"), ("5", "undo", "b", "2"), ("6", "marker", "d", ""), ("7", "undo", "d", "6"),
    ]  # fmt: skip


def test_faces_that_appear_and_end_are_events_at_their_own_times(log, tmp_path):
    for i in range(60):
        at = i / 20
        people = [face(1)] * (at < 1) + [face(2)] * (at >= 0.5)
        log.see(result(i, at, *people), at, live=False)
    log.close()
    rows = [(r["kind"], r["face"], float(r["time_s"]), int(r["frame"])) for r in read(tmp_path)]
    assert rows == [
        ("face_appeared", "1", 0.0, 0),
        ("face_appeared", "2", 0.5, 10),
        ("face_ended", "1", 0.95, 19),  # when it was last in sight, said once it had been away for a second
        ("face_ended", "2", 2.95, 59),  # with the session
    ]


def test_a_face_that_is_back_within_a_second_has_not_ended(log, tmp_path):
    for i, people in enumerate([(face(1),), (), (face(1),)]):
        log.see(result(i, 0.9 * i, *people), 0.9 * i, live=True)
    log.close()
    assert [r["kind"] for r in read(tmp_path)] == ["face_appeared", "face_ended"]


def test_a_camera_that_was_away_leaves_a_gap(log, tmp_path):
    log.see(live(0, 0.0), 0.0, live=True)
    log.see(live(1, 0.9), 0.9, live=True)
    log.see(live(90, 3.4), 3.4, live=True)
    log.close()
    (gap,) = read(tmp_path)
    assert (gap["kind"], gap["text"], gap["frame"]) == ("camera_gap", "no picture for 2.500 s", "90")


@pytest.mark.parametrize(
    ("pauses", "missing"),
    [
        ([(1, 60)], False), ([(1, 20), (20.2, 40), (40.2, 60.8)], False),
        ([(1, 61.5)], False),  # what goes on is noted after its first picture
        ([(30, 60)], True), ([(1, 40)], True),  # the camera itself was away, before or after
        ([], True),
    ],
)  # fmt: skip
def test_a_pause_is_no_gap_of_the_camera(log, tmp_path, monkeypatch, pauses, missing):
    monkeypatch.setattr(clock, "now", lambda: at)
    at = 1.0
    log.see(live(0, 1.0), 1.0, live=True)
    for begin, end in pauses:
        for at, kind in ((begin, "paused"), (end, "resumed")):
            if at <= 61:
                log.note(kind, "")
    at = 61.0
    log.see(live(900, 61.0), 61.0, live=True)
    if pauses and pauses[-1][1] > at:
        log.note("resumed", "")
    at = 66.0
    log.see(live(901, 66.0), 66.0, live=True)  # a pause is over where it was ended
    log.close()
    gaps = [row["time_s"] for row in read(tmp_path) if row["kind"] == "camera_gap"]
    assert gaps == ["61.000000"] * missing + ["66.000000"]


def test_any_text_stays_on_its_line(log, tmp_path):
    log.see(live(0, 0.0), 0.0, live=True)
    for text in ('say "hi", now', "two\nlines\ttab", "größe 😀", "  "):
        log.mark(text, "udp")
    log.close()
    assert [r["text"] for r in read(tmp_path)] == ['say "hi", now', "two lines tab", "größe 😀", ""]
    assert (tmp_path / "events.csv").read_text(encoding="utf-8").count("\n") == 5


def test_how_many_faces_are_not_measured_is_noted_when_it_changes(log, tmp_path):
    def see(index: int, at: float, unmeasured: int) -> None:
        boxes = tuple(np.zeros(4, np.float32) for _ in range(unmeasured))
        log.see(replace(result(index, at, face(1), face(2)), unmeasured=boxes), at, live=False)

    for index, count in enumerate([0, 0, 3, 3, 2, 3, 5, 4, 4, 4, 4, 4, 4, 0, 0, 0, 0, 0, 0, 0]):
        see(index, 0.25 * index, count)
    log.close()
    noted = [row for row in read(tmp_path) if row["kind"] == "unmeasured_faces"]
    # More at once; fewer only after a second in which it was no more.
    assert [(row["text"], float(row["time_s"])) for row in noted] == [
        ("2 of 5", 0.5),
        ("2 of 7", 1.5),
        ("2 of 6", 2.75),
        ("2 of 2", 4.25),
    ]
    assert {row["origin"] for row in noted} == {"mien"} and {row["face"] for row in noted} == {""}


def test_a_cut_is_noted_before_the_faces_that_it_brings(log, tmp_path):
    log.see(result(0, 0.0, face(1)), 0.0, live=False)
    log.see(replace(result(1, 0.04, face(2)), cut=True), 0.04, live=False)
    log.see(result(2, 0.08, face(2)), 0.08, live=False)
    log.close()
    rows = [(row["kind"], row["time_s"], row["face"]) for row in read(tmp_path)][:3]
    first, second = ("face_appeared", "0.000000", "1"), ("face_appeared", "0.040000", "2")
    assert rows == [first, ("cut", "0.040000", ""), second]


def test_of_faces_that_are_all_measured_nothing_is_noted(log, tmp_path):
    log.see(result(0, 0.0, face(1)), 0.0, live=False)
    log.close()
    assert "unmeasured_faces" not in {row["kind"] for row in read(tmp_path)}


def test_a_gap_in_a_file_is_noted_however_its_rate_varies(log, tmp_path):
    times = [0.04 * i for i in range(20)] + [1.3 + 0.04 * i for i in range(20)]  # 13 frames cannot be read
    for i, at in enumerate(times):
        log.see(result(i, at), at, live=False)
    log.close()
    (gap,) = read(tmp_path)
    assert (gap["kind"], gap["text"], gap["frame"]) == ("file_gap", "no picture for 0.540 s", "20")


def test_a_file_of_variable_rate_has_no_gaps(log, tmp_path):
    for i, at in enumerate(np.cumsum([0.02, 0.2, 0.5, 0.04] * 10)):
        log.see(result(i, float(at)), float(at), live=False)
    log.close()
    assert not read(tmp_path)
