"""A result becomes the lines of `faces.csv`, every value where its name says."""

import csv
import io
from dataclasses import replace

import pytest

from app.sessions.rows import rows
from app.sessions.schema.faces import HEADER
from app.sessions.wall_time import seconds_of, utc
from app.stages.actions.names import ACTIONS
from app.types import Baseline, Gaze
from tests.fakes import face, result


def read(text):
    return list(csv.DictReader(io.StringIO(HEADER + text)))


def test_a_face_is_written_with_every_value_where_its_name_says():
    moment = result(7, 1.5, face(id=3), wall=1_700_000_000.1234, dropped=2)
    (row,) = read(rows(moment, 1.25, 20.04))
    expected = {
        "frame": "7", "time_s": "1.250000", "wall_utc": "2023-11-14T22:13:20.123Z", "dropped": "2",
        "face": "3", "status": "ok", "box_x0": "100.00", "box_y1": "450.50",
        "left_eye_x": "300.25", "left_eye_y": "200.50", "left_eye_confidence": "0.900",
        "right_eye_x": "200.12", "right_eye_confidence": "0.800", "right_eye_y_smooth": "202.00",
        "yaw_deg": "10.00", "pitch_deg": "-5.50", "roll_deg": "1.25",
        "expression": "happy", "p_happy": "0.6500", "p_neutral": "0.0500", "p_contempt_smooth": "0.0500",
        "valence": "0.5000", "valence_smooth": "0.2500", "arousal": "-0.2500", "arousal_smooth": "-0.1250",
        "expression_smooth": "happy", "latency_ms": "20.0",
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    missing = [name for name, value in row.items() if not value]
    gaze = ["gaze_yaw_deg", "gaze_pitch_deg"]  # its eyes are closed
    baseline = ["valence_from_baseline", "arousal_from_baseline"]  # seen live, without one
    assert missing == [*gaze, *baseline, *ACTIONS, "blink_rate"]


def test_with_a_baseline_values_are_counted_from_it_and_the_raw_ones_stay():
    person = replace(face(), baseline=Baseline(0.2, 0.5, 300))
    (row,) = read(rows(result(0, 0.0, person), 0.0, None))
    assert (row["valence"], row["valence_from_baseline"]) == ("0.5000", "0.3000")
    assert (row["arousal"], row["arousal_from_baseline"]) == ("-0.2500", "-0.7500")


def test_gaze_and_lids():
    person = replace(face(), gaze=Gaze(12.345, -3.0), openness=(0.5, 0.125))
    (row,) = read(rows(result(0, 0.0, person), 0.0, None))
    assert (row["gaze_yaw_deg"], row["gaze_pitch_deg"]) == ("12.35", "-3.00")
    assert (row["left_eye_open"], row["right_eye_open"]) == ("0.500", "0.125")


def test_a_frame_without_a_face_has_one_row_that_says_so():
    (row,) = read(rows(result(4, 0.5), 0.5, None))
    filled = {name: value for name, value in row.items() if value}
    assert filled == {"frame": "4", "time_s": "0.500000", "dropped": "0", "status": "no_face"}


def test_a_face_in_doubt_says_why_and_keeps_its_values():
    (row,) = read(rows(result(0, 0.0, replace(face(), status="blurred")), 0.0, None))
    assert row["status"] == "blurred" and row["valence"] == "0.5000"


def test_each_face_of_a_frame_has_a_row_of_its_own():
    both = read(rows(result(4, 0.5, face(1), face(2)), 0.5, None))
    assert [(row["frame"], row["face"]) for row in both] == [("4", "1"), ("4", "2")]


@pytest.mark.parametrize(("seconds", "text"), [(0.0, "1970-01-01T00:00:00.000Z"), (float("nan"), "")])
def test_wall_time(seconds, text):
    assert utc(seconds) == text
    assert seconds_of(text) == pytest.approx(seconds, nan_ok=True)
