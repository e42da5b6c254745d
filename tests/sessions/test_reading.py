"""A session folder is read back exactly, and a broken one is refused in one sentence."""

import json

import numpy as np
import pytest

from app.sessions.header import SessionHeader
from app.sessions.info import SessionError
from app.sessions.reading import RecordedSession
from app.sessions.recorder import Recorder
from app.sources.source import Mode
from tests.fakes import face, result
from tests.made_session import BEGIN, HEADER, affect, make_session

EVENTS = (
    "time_s,wall_utc,frame,kind,text,origin\n"
    '4.5,2026-03-01T09:30:04.500Z,135,marker,"stop, now",key\n'
    "1.0,2026-03-01T09:30:01.000Z,30,marker,start,key\n"
)


@pytest.fixture
def folder(tmp_path):
    return make_session(tmp_path / "one", events=EVENTS)


def test_what_the_session_says_comes_back(folder):
    info = RecordedSession(folder).info
    assert (info.source, info.live, info.rate, info.finished) == ("Made camera", True, 30.0, True)
    assert info.models[0].sha256 == "ab" * 32 and info.models[0].measured["accuracy"] == 0.81
    assert info.columns[1].name == "time_s" and info.columns[1].unit == "seconds"
    assert info.started_utc == "2026-03-01T09:30:00.000Z" and info.details.participant == ""


def test_rows_are_exact_and_missing_values_are_nan(folder):
    rows = RecordedSession(folder).rows("frame", "face", "valence", "status", "expression")
    assert len(rows) == 285 * 2 + 15
    second = rows.where(rows["face"] == 2)
    assert second["valence"].tolist() == [affect(int(f), 2)[0] for f in second["frame"]]
    nobody = rows.where(rows["status"] == "no_face")
    assert nobody["frame"].tolist() == list(range(60, 75))
    assert np.isnan(nobody["valence"]).all() and set(nobody["expression"]) == {""}


def test_blocks_hold_the_same_rows(folder):
    recording = RecordedSession(folder)
    blocks = list(recording.blocks(("time_s",), size=64))
    assert max(map(len, blocks)) == 64
    assert (
        np.concatenate([b["time_s"] for b in blocks]).tolist() == recording.rows("time_s")["time_s"].tolist()
    )
    assert tuple(next(recording.blocks())) == HEADER


def test_events_are_in_order_with_their_text(folder):
    assert [(e.time, e.frame, e.text) for e in RecordedSession(folder).events()] == [
        (1, 30, "start"),
        (4.5, 135, "stop, now"),
    ]


def test_what_was_undone_is_left_out_and_a_replay_adds(tmp_path):
    folder = make_session(tmp_path / "undone")
    header = "event,kind,text,time_s,wall_utc,frame,origin,face,cancels\n"
    live = (
        "1,face_appeared,face 1,0.0,,0,mien,1,\n2,marker,wrong,1.0,,30,key,,\n3,undo,wrong,1.5,,45,key,,2\n"
    )
    (folder / "events.csv").write_text(header + live)
    (folder / "events-added.csv").write_text(header + "2,marker,seen later,0.5,,15,replay,,\n")
    events = RecordedSession(folder).events()
    assert [(e.text, e.origin, e.face) for e in events] == [
        ("face 1", "mien", 1),
        ("seen later", "replay", None),
    ]


def test_no_events_file_is_no_event(tmp_path):
    assert RecordedSession(make_session(tmp_path / "two")).events() == ()


def test_a_line_cut_off_by_a_power_cut_is_left_out(folder):
    csv = folder / "faces.csv"
    csv.write_bytes(csv.read_bytes()[:-20])
    assert len(RecordedSession(folder).rows("frame")) == 584


def test_a_session_without_rows_has_none(tmp_path):
    assert len(RecordedSession(make_session(tmp_path / "empty", frames=0)).rows("frame", "status")) == 0


def test_a_value_that_is_no_number_names_its_line(folder):
    csv = folder / "faces.csv"
    lines = csv.read_text().splitlines()
    lines[3] = lines[3].replace("-0.4917", "much", 1).replace("0.4917", "much", 1)
    csv.write_text("\n".join(lines) + "\n")
    with pytest.raises(SessionError, match=r"^Line 4 of .*'-?much' for a number in valence: restore"):
        RecordedSession(folder).rows("valence")


@pytest.mark.parametrize(
    ("column", "value"), [("time_s", ""), ("time_s", "nan"), ("face", "inf"), ("valence", "1e999")]
)
def test_a_number_that_cannot_be_is_no_number(folder, column, value):
    csv = folder / "faces.csv"
    lines = [line.split(",") for line in csv.read_text().splitlines()]
    lines[3][lines[0].index(column)] = value
    csv.write_text("".join(",".join(cells) + "\n" for cells in lines))
    with pytest.raises(SessionError, match=f"^Line 4 of .*'{value}' for a number in {column}: restore"):
        RecordedSession(folder).rows(column)


def test_a_line_with_too_few_values_names_its_line(folder):
    csv = folder / "faces.csv"
    csv.write_text(csv.read_text().replace(",", "", 1).replace("\n0,", "\n0", 1))
    with pytest.raises(SessionError):
        RecordedSession(folder).rows("status")


def changed(folder, text):
    (folder / "session.json").write_text(text)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda f: (f / "session.json").unlink(), "cannot be read"),
        (lambda f: (f / "faces.csv").unlink(), "cannot be read"),
        (lambda f: changed(f, "{"), "damaged"),
        (lambda f: changed(f, "[]"), "does not describe a session"),
        (lambda f: changed(f, json.dumps({"format": "mien session", "format_version": 99})), "newer Mien"),
        (lambda f: changed(f, json.dumps({"format": "mien session", "format_version": 1})), "does not fit"),
        (lambda f: (f / "faces.csv").write_text("a,b\n1,2\n"), "no column frame"),
        (lambda f: (f / "events.csv").write_text("time_s,text\nsoon,a\n"), "Line 2 of"),
        (lambda f: (f / "events.csv").write_text("time_s,text\nnan,a\n"), "Line 2 of"),
        (lambda f: (f / "events.csv").write_text("time_s,text\n-1,a\n"), "Line 2 of"),
    ],
)
def test_a_broken_session_is_refused_in_one_sentence(folder, spoil, words):
    spoil(folder)
    with pytest.raises(SessionError) as error:
        RecordedSession(folder).events()
    assert words in str(error.value) and str(error.value).count("\n") == 0


def test_no_folder(tmp_path):
    with pytest.raises(SessionError, match="no session folder"):
        RecordedSession(tmp_path / "nowhere")


def test_a_column_that_is_not_there(folder):
    with pytest.raises(SessionError, match="no column heart_rate"):
        RecordedSession(folder).rows("heart_rate")


def test_what_the_recorder_writes_can_be_read_while_it_runs_and_after(tmp_path):
    recorder = Recorder(
        tmp_path, SessionHeader("Desk camera", True, Mode(1280, 720, 30.0, "MJPG"), (), 4, True)
    )
    assert not RecordedSession(recorder.folder).info.finished
    recorder.append(result(5, 70.0, face(1), face(2), wall=BEGIN))
    recorder.append(result(6, 70.5))
    recorder.close()
    recording = RecordedSession(recorder.folder)
    rows = recording.rows(*recording.names)
    assert recording.info.finished and recording.info.width == 1280
    assert rows["wall_utc"][0] == "2026-03-01T09:30:00.000Z" and rows["time_s"].tolist() == [0, 0, 0.5]
    assert [f.name for f in recording.info.columns] == list(rows)
