"""The computer sleeps while it records, and the wall clock is set: what the rows and the events say then."""

import csv
import itertools
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.sessions.header import SessionHeader
from app.sessions.reading import RecordedSession
from app.sessions.recorder import Recorder
from app.sessions.wall_time import seconds_of, utc, utc_offset
from app.sources.camera import Camera
from app.sources.source import Mode
from app.streams.gate import MarkerGate
from app.system import clock
from app.types import Result
from tests.cameras import Desk, Timeouts, device, opened
from tests.fakes import face, result, wait_for

CAMERA = SessionHeader("Desk camera", True, Mode(640, 480, 30.0, "MJPG"), (), 4, 0.5)
HOUR = 3600.0
EUROPE = "CET-1CEST,M3.5.0,M10.5.0/3"
WALL = 1_774_746_000.0  # 2026-03-29 01:00 UTC, when clocks in Europe go from 02:00 to 03:00


class Lid:
    """A clock as the computer's own, but for the time that the lid was shut."""

    def __init__(self, monkeypatch):
        self.slept = 0.0
        real = clock.now
        monkeypatch.setattr(clock, "now", lambda: real() + self.slept)


@pytest.fixture
def lid(monkeypatch):
    return Lid(monkeypatch)


def now(index, time, *faces, wall=WALL):
    """A frame of a camera at `time` s, captured just now."""
    seen = result(index, time, *faces, wall=wall)
    return replace(seen, frame=replace(seen.frame, captured=clock.now()))


def rows(recorder, file="faces.csv"):
    with (recorder.folder / file).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_an_hour_of_sleep_is_an_hour_of_the_camera_and_a_gap(tmp_path, lid):
    desk = Desk((device(), ""))
    camera = Camera(device(), Mode(640, 480, 30.0, "MJPG"), desk, Timeouts(desk))
    opened(camera)
    recorder = Recorder(tmp_path, CAMERA)

    def take():
        if (frame := camera.read()) is not None:
            recorder.append(Result(frame, (face(1),)))
        return recorder.frames

    wait_for(lambda: take() >= 3)
    lid.slept, before = HOUR, recorder.frames
    wait_for(lambda: take() >= before + 5)
    assert not camera.waiting  # it is not taken for one that went away
    recorder.close()
    camera.close()
    times = [float(row["time_s"]) for row in rows(recorder)]
    steps = [after - before for before, after in itertools.pairwise(times)]
    assert max(steps) == pytest.approx(HOUR, abs=100) and sum(step > HOUR / 2 for step in steps) == 1
    assert all(step > 0 for step in steps)
    (gap,) = [event for event in rows(recorder, "events.csv") if event["kind"] == "camera_gap"]
    assert float(gap["text"].split()[3]) == pytest.approx(max(steps), abs=0.01)
    assert float(gap["time_s"]) in times


def test_a_face_before_and_after_the_sleep_ends_and_appears(tmp_path):
    recorder = Recorder(tmp_path, CAMERA)
    recorder.append(result(0, 10.0, face(1), wall=WALL))
    recorder.append(result(1, 10.0 + HOUR, face(2), wall=WALL + HOUR))
    recorder.close()
    said = [(e["kind"], float(e["time_s"])) for e in rows(recorder, "events.csv")]
    assert said == [
        ("face_appeared", 0.0), ("camera_gap", HOUR), ("face_appeared", HOUR), ("face_ended", 0.0),
        ("face_ended", HOUR),
    ]  # fmt: skip


def test_a_marker_after_the_sleep_and_before_the_next_picture_has_its_time(tmp_path, lid):
    recorder = Recorder(tmp_path, CAMERA)
    recorder.append(now(0, 50.0, face(1)))
    lid.slept = HOUR
    recorder.mark("awake", "key")
    recorder.close()
    (marker,) = [e for e in rows(recorder, "events.csv") if e["kind"] == "marker"]
    assert float(marker["time_s"]) == pytest.approx(HOUR, abs=100)


@pytest.mark.parametrize("step", [timedelta(hours=5), timedelta(hours=-5), timedelta(days=-20_000)])
def test_a_wall_clock_that_is_set_changes_the_wall_clock_alone(tmp_path, monkeypatch, step):
    recorder = Recorder(tmp_path, CAMERA)
    wall = time.time() + step.total_seconds()
    for i in range(4):
        at = WALL if i < 2 else WALL + step.total_seconds()
        recorder.append(now(i, 50.0 + i / 30, face(1), wall=at + i / 30))
    monkeypatch.setattr(time, "time", lambda: wall)
    recorder.mark("set", "key")
    recorder.close()
    session = RecordedSession(recorder.folder)
    assert session.rows("time_s")["time_s"].tolist() == pytest.approx([0, 1 / 30, 2 / 30, 0.1], abs=1e-6)
    told = [seconds_of(row["wall_utc"]) for row in rows(recorder)]
    assert told[2] - told[1] == pytest.approx(step.total_seconds() + 1 / 30, abs=2e-3)
    assert {event.kind for event in session.events()} == {"face_appeared", "marker", "face_ended"}  # no gap
    (marker,) = [event for event in session.events() if event.kind == "marker"]
    assert marker.wall == pytest.approx(wall, abs=100) and 0 <= marker.time < 100


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        ("UTC0", "+00:00"),
        (EUROPE, "+02:00"),
        ("NPT-5:45", "+05:45"),
        ("NST3:30", "-03:30"),
    ],
)
@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows takes its zone from elsewhere")
def test_times_are_utc_in_every_zone_and_the_offset_is_kept(tmp_path, monkeypatch, zone, offset):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        before = datetime.now(UTC)
        monkeypatch.setattr(time, "time", lambda: WALL + HOUR)  # in summer time
        recorder = Recorder(tmp_path, CAMERA)
        recorder.append(result(0, 1.0, wall=WALL))
        recorder.close()
    finally:
        monkeypatch.undo()
        time.tzset()
    said = json.loads((recorder.folder / "session.json").read_text())
    assert said["started_utc"] == said["finished_utc"] == utc(WALL + HOUR) == "2026-03-29T02:00:00.000Z"
    assert said["utc_offset"] == offset and rows(recorder)[0]["wall_utc"] == "2026-03-29T01:00:00.000Z"
    assert recorder.folder.name[:8] in {before.strftime("%Y%m%d"), datetime.now(UTC).strftime("%Y%m%d")}


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows takes its zone from elsewhere")
def test_the_hour_that_is_there_twice_is_told_apart(monkeypatch):
    monkeypatch.setenv("TZ", EUROPE)
    time.tzset()
    try:
        autumn = 1_792_890_000.0  # 2026-10-25 01:00 UTC
        assert [utc_offset(autumn + shift) for shift in (-1.0, 0.0)] == ["+02:00", "+01:00"]
        assert utc(autumn - 1) < utc(autumn)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_after_a_sleep_no_more_markers_than_a_burst_come_in(lid):
    got = []
    gate = MarkerGate(lambda *marker: got.append(marker), "udp", lambda: clock.now())
    lid.slept = HOUR
    taken = sum(gate(f"m{i}", clock.now()) for i in range(1000))
    assert 200 <= taken < 1000


def test_the_silence_of_a_camera_is_not_the_sleep_of_the_computer(lid):
    desk = Desk((device(), ""))
    camera = Camera(device(), Mode(640, 480, 30.0, "MJPG"), desk, Timeouts(desk))
    opened(camera)
    seen = []
    wait_for(lambda: (frame := camera.read()) is not None and not seen.append(frame))
    lid.slept = HOUR
    wait_for(lambda: (camera.read() or seen[0]).time > seen[0].time + HOUR / 2)
    assert camera.waiting == "" and len(desk.captures) == 1
    camera.close()
