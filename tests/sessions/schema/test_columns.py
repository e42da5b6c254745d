"""Every column of `faces.csv` explains itself, is read back as it was written, and keeps its place."""

from dataclasses import replace

import numpy as np
import pytest

from app.sessions.info import SessionError
from app.sessions.reading import RecordedSession
from app.sessions.results import SessionResults
from app.sessions.rows import rows
from app.sessions.schema.column import NEVER, CellError, Column, Kind
from app.sessions.schema.faces import BY_NAME, COLUMNS, HEADER, NAMES, known, measured
from app.stages.actions.names import ACTIONS
from app.types import EXPRESSIONS, Actions, Baseline, Gaze
from tests.fakes import face, result
from tests.made_session import make_session

OLDEST = """
frame time_s wall_utc dropped face status box_x0 box_y0 box_x1 box_y1
left_eye_x left_eye_y left_eye_confidence right_eye_x right_eye_y right_eye_confidence
yaw_deg pitch_deg roll_deg expression
p_neutral p_happy p_sad p_surprise p_fear p_disgust p_anger p_contempt valence arousal
left_eye_x_smooth left_eye_y_smooth right_eye_x_smooth right_eye_y_smooth expression_smooth
p_neutral_smooth p_happy_smooth p_sad_smooth p_surprise_smooth p_fear_smooth p_disgust_smooth
p_anger_smooth p_contempt_smooth valence_smooth arousal_smooth latency_ms
"""
FIRST = OLDEST.split()  # the columns of the oldest sessions
NOW = """
frame,time_s,wall_utc,dropped,face,status,box_x0,box_y0,box_x1,box_y1,
left_eye_x,left_eye_y,left_eye_confidence,right_eye_x,right_eye_y,right_eye_confidence,
yaw_deg,pitch_deg,roll_deg,left_eye_open,right_eye_open,gaze_yaw_deg,gaze_pitch_deg,expression,
p_neutral,p_happy,p_sad,p_surprise,p_fear,p_disgust,p_anger,p_contempt,valence,arousal,
left_eye_x_smooth,left_eye_y_smooth,right_eye_x_smooth,right_eye_y_smooth,expression_smooth,
p_neutral_smooth,p_happy_smooth,p_sad_smooth,p_surprise_smooth,p_fear_smooth,p_disgust_smooth,
p_anger_smooth,p_contempt_smooth,valence_smooth,arousal_smooth,
valence_from_baseline,arousal_from_baseline,
au1_left,au1_right,au2_left,au2_right,au4_left,au4_right,au5_left,au5_right,au6_left,au6_right,au9,
au10_left,au10_right,au12_left,au12_right,au14_left,au14_right,au15_left,au15_right,au17,au20,au24,au25,au26,
au43_left,au43_right,blink_rate,latency_ms
"""  # a new column changes the bytes of every later session: say so here, too


def test_every_column_explains_itself():
    assert len(set(NAMES)) == len(NAMES) and all(name == name.lower() for name in NAMES)
    assert all(column.meaning and column.missing for column in COLUMNS)
    assert [f"p_{e}" for e in EXPRESSIONS] == [n for n in NAMES if n.startswith("p_") and "smooth" not in n]
    assert all(c.unit == "pixels" for c in COLUMNS if c.name.startswith("box_"))
    assert NOW.replace("\n", "") + "\n" == HEADER


def test_a_column_that_old_sessions_lack_says_so():
    assert [c.name for c in COLUMNS if not c.newer] == FIRST
    assert not [c.name for c in COLUMNS if c.newer and c.needed]


def test_what_a_column_writes_is_what_it_reads():
    moved = np.linspace(0, 1, len(ACTIONS)).round(3).astype(np.float32)
    person = replace(
        face(),
        gaze=Gaze(12.25, -3.5),
        openness=(0.5, 0.125),
        baseline=Baseline(0.25, 0.5, 300),
        status="blurred",
        actions=Actions(moved, moved, np.zeros_like(moved)),
        blink_rate=12.5,
    )
    cells = (
        rows(result(7, 1.5, person, wall=1_700_000_000.125, dropped=2), 1.25, 20.5).rstrip("\n").split(",")
    )
    assert "" not in cells
    for column, cell in zip(COLUMNS, cells, strict=True):
        (value,) = column.read([cell]).tolist()
        assert value == (cell if column.is_text else float(cell)), column.name
    assert {type(c.read([cell])[0]) for c, cell in zip(COLUMNS, cells, strict=True)} == {np.str_, np.float64}


def test_an_action_that_is_not_known_has_an_empty_cell_and_the_others_stay():
    moved = np.full(len(ACTIONS), 0.5, np.float32)
    hidden = np.where([name.startswith("au14") for name in ACTIONS], np.nan, 0).astype(np.float32)
    person = replace(face(), actions=Actions(moved, moved, hidden))
    cells = dict(zip(NAMES, rows(result(7, 1.5, person), 1.25, 20.5).rstrip("\n").split(","), strict=True))
    for name in ACTIONS:
        assert cells[name] == ("" if name.startswith("au14") else "0.500")


def test_a_missing_value_is_read_as_missing_and_never_where_none_may_be():
    for column in COLUMNS:
        if column.needed and column.missing == NEVER and not column.is_text:
            with pytest.raises(CellError) as error:
                column.read(["1", ""])
            assert error.value.index == 1
        else:
            (value,) = column.read([""]).tolist()
            assert value == "" if column.is_text else np.isnan(value)


@pytest.mark.parametrize("cell", ["much", "inf", "nan", "1e999"])
def test_a_cell_that_is_no_finite_number_is_named(cell):
    with pytest.raises(CellError) as error:
        BY_NAME["valence"].read(["0.5", "", cell])
    assert (error.value.index, error.value.cell) == (2, cell)


def test_all_that_is_measured_comes_back_into_the_face(tmp_path):
    """Written, read into results, written again: the same text."""
    folder = make_session(tmp_path / "one", frames=1)
    people = [
        replace(face(1), gaze=Gaze(12.25, -3.5), openness=(0.5, 0.125), baseline=Baseline(0.25, 0.5, 300)),
        replace(face(2, valence=-0.5, arousal=0.75, happy=0.3), status="too_dark"),
    ]
    text = rows(result(0, 0.0, *people), 0.0, None)
    (folder / "faces.csv").write_text(HEADER + text)
    again = SessionResults(RecordedSession(folder)).result(0, None)
    assert rows(again, 0.0, None) == text
    assert {column.name for column in measured()} >= {"gaze_yaw_deg", "left_eye_open", "p_contempt_smooth"}


def test_an_old_session_opens_and_what_it_lacks_is_missing(tmp_path):
    folder = make_session(tmp_path / "old", frames=30)
    lines = [line.split(",") for line in (folder / "faces.csv").read_text().splitlines()]
    kept = [i for i, name in enumerate(lines[0]) if name in FIRST]
    (folder / "faces.csv").write_text("".join(",".join(cells[i] for i in kept) + "\n" for cells in lines))
    session = RecordedSession(folder)
    assert list(session.names) == FIRST
    found = session.rows("gaze_yaw_deg", "valence", "left_eye_open")
    assert np.isnan(found["gaze_yaw_deg"]).all() and not np.isnan(found["valence"]).any() and len(found) == 60
    (person, _) = SessionResults(session).result(3, None).faces
    assert (person.gaze, person.baseline, person.openness) == (None, None, (1.0, 1.0))
    with pytest.raises(SessionError, match="no column heart_rate"):
        session.rows("heart_rate")


def test_a_column_of_a_newer_mien_is_read_as_numbers(tmp_path):
    folder = make_session(tmp_path / "new", frames=3)
    lines = (folder / "faces.csv").read_text().splitlines()
    (folder / "faces.csv").write_text(
        "".join(f"{line},{n}\n" for line, n in zip(lines, ["pulse", *"123456"], strict=True))
    )
    assert RecordedSession(folder).rows("pulse")["pulse"].tolist() == [1, 2, 3, 4, 5, 6]
    assert known("pulse").kind is Kind.NUMBER


def test_a_column_has_room_for_any_kind_of_line():
    column: Column[int] = Column("n", Kind.WHOLE, "a number", NEVER, str)
    assert column.write(3) == "3" and column.nothing(2).shape == (2,)
