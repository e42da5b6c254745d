"""Every export is read back by a library that others wrote, and says the same as the session."""

import csv
import gzip
import io
import json
import os
import re
import stat
import sys
from datetime import UTC, datetime

import numpy as np
import pyarrow.parquet
import pympi
import pytest
import pyxdf
from bids_validator import BIDSValidator

from app.exports.bids import grid
from app.exports.elan import stretches
from app.exports.export import WRITERS, export
from app.sessions.info import SessionError
from app.sessions.reading import RecordedSession
from app.system.atomic import WriteError
from app.system.extras import MissingExtra
from tests.made_session import HEADER, affect, make_session

EVENTS = (
    "time_s,wall_utc,frame,kind,text,origin\n"
    '1.0,2026-03-01T09:30:01.000Z,30,marker,"start <now> & ä",key\n'
    "1.2,2026-03-01T09:30:01.200Z,36,marker,next\tone,udp\n"
    "4.5,,,marker,,key\n"
    "0.0,2026-03-01T09:30:00.000Z,0,face_appeared,face 1,mien\n"
)


@pytest.fixture
def recording(tmp_path):
    return RecordedSession(make_session(tmp_path / "walk", events=EVENTS, participant="P-07"))


def test_parquet_holds_every_row_and_what_it_means(recording, tmp_path):
    path, events = export(recording, "parquet", tmp_path / "out")
    table = pyarrow.parquet.read_table(path)
    rows = recording.rows(*HEADER)
    assert table.column_names == list(HEADER) and table.num_rows == len(rows) == 585
    for name in ("time_s", "valence", "p_happy", "latency_ms"):
        assert np.array_equal(table[name].to_numpy(), rows[name], equal_nan=True)
    assert table["face"].to_pylist()[118:122] == [1, 2, None, None]
    assert table["frame"].to_pylist() == rows["frame"].astype(int).tolist()
    assert table["status"].to_pylist() == rows["status"].tolist()
    assert table["expression"][120].as_py() is None
    assert table["wall_utc"][0].as_py() == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert b"capture time" in table.schema.field("time_s").metadata[b"meaning"]
    assert json.loads(table.schema.metadata[b"mien.session"]) == dict(recording.info.whole)
    said = pyarrow.parquet.read_table(events)
    assert said["text"].to_pylist() == ["face 1", "start <now> & ä", "next one", None]
    assert said["frame"].to_pylist() == [0, 30, 36, None] and said["wall_utc"][3].as_py() is None


def test_what_was_damaged_is_one_sentence(tmp_path):
    folder = make_session(tmp_path / "s", frames=3, absent=range(0))
    text = (folder / "faces.csv").read_text()
    (folder / "faces.csv").write_text(text.replace("2026-03-01T09:30", "2026-33-01T09:30", 1))
    with pytest.raises(SessionError, match="wall_utc cannot be read"):
        export(RecordedSession(folder), "parquet", tmp_path)
    (folder / "faces.csv").write_text(re.sub(r"(\n\d+),[\d.]+", r"\1,0.000000", text))
    assert export(RecordedSession(folder), "bids", tmp_path)  # no distance between any two frames


def test_xdf_keeps_times_values_and_markers(recording, tmp_path):
    (path,) = export(recording, "xdf", tmp_path)
    streams, header = pyxdf.load_xdf(path)
    assert header["info"]["version"] == ["1.0"]
    found = {stream["info"]["name"][0]: stream for stream in streams}
    assert set(found) == {"Mien-Frames", "Mien-Face-1", "Mien-Face-2", "Mien-Markers", "Mien-Events"}
    rows = recording.rows("time_s", "face", "valence", "arousal")
    own = rows.where(rows["face"] == 2)
    face = found["Mien-Face-2"]
    labels = [c["label"][0] for c in face["info"]["desc"][0]["channels"][0]["channel"]]
    assert np.array_equal(face["time_stamps"], own["time_s"])
    assert np.array_equal(face["time_series"][:, labels.index("valence")], own["valence"])
    assert labels[0] == "status" and not face["time_series"][:, 0].any()
    assert len(found["Mien-Frames"]["time_stamps"]) == 300
    assert found["Mien-Frames"]["time_series"][10].tolist()[:2] == [10, 2]
    assert found["Mien-Events"]["time_series"] == [["face 1"]]
    assert found["Mien-Markers"]["time_stamps"].tolist() == [1.0, 1.2, 4.5]
    assert [m[0] for m in found["Mien-Markers"]["time_series"]] == ["start <now> & ä", "next one", "marker"]


def test_xdf_of_a_session_without_markers_or_faces(tmp_path):
    nobody = RecordedSession(make_session(tmp_path / "nobody", frames=20, absent=range(20)))
    streams, _ = pyxdf.load_xdf(export(nobody, "xdf", tmp_path)[0])
    counts = {stream["info"]["name"][0]: len(stream["time_stamps"]) for stream in streams}
    assert counts == {"Mien-Frames": 20, "Mien-Markers": 0, "Mien-Events": 0}


def test_xdf_of_a_long_session_is_written_in_several_chunks(tmp_path):
    long = RecordedSession(make_session(tmp_path / "long", frames=9000, faces=1, absent=range(0)))
    streams, _ = pyxdf.load_xdf(export(long, "xdf", tmp_path)[0])
    face = next(s for s in streams if s["info"]["name"][0] == "Mien-Face-1")
    assert np.array_equal(face["time_stamps"], long.rows("time_s")["time_s"])


def test_bids_names_are_valid_and_columns_follow_the_sidecar(recording, tmp_path):
    written = export(recording, "bids", tmp_path / "out")
    root = tmp_path / "out" / "walk-bids"
    for path in written:
        assert BIDSValidator().is_bids("/" + path.relative_to(root).as_posix()), path
    named = {path.name: path for path in written}
    stem = "sub-P07_ses-20260301T093000_task-mien"
    said = json.loads(named[f"{stem}_recording-face2_physio.json"].read_text())
    assert said["SamplingFrequency"] == 30.0 and said["StartTime"] == 0.0
    with gzip.open(named[f"{stem}_recording-face2_physio.tsv.gz"], "rt") as file:
        lines = list(csv.reader(file, delimiter="\t"))
    assert len(lines) == 300 and {len(line) for line in lines} == {len(said["Columns"])}
    valence = said["Columns"].index("valence")
    assert [float(line[valence]) for line in lines[:60]] == [affect(i, 2)[0] for i in range(60)]
    assert all(set(line) == {"n/a"} for line in lines[60:75])
    assert said["status"]["Levels"]["0"].startswith("a face was found") and lines[0][2] == "0"
    events = list(csv.DictReader(io.StringIO(named[f"{stem}_events.tsv"].read_text()), delimiter="\t"))
    assert [e["onset"] for e in events] == ["0.000000", "1.000000", "1.200000", "4.500000"]
    assert list(events[0])[:3] == ["onset", "duration", "trial_type"]
    assert events[3]["marker"] == events[3]["frame"] == "n/a" and events[2]["marker"] == "next one"
    assert set(json.loads(named[f"{stem}_events.json"].read_text())) == set(events[0])


def test_bids_gives_the_same_bytes_twice(recording, tmp_path):
    first = [p.read_bytes() for p in export(recording, "bids", tmp_path / "a")]
    assert first == [p.read_bytes() for p in export(recording, "bids", tmp_path / "b")]


def test_the_grid_takes_the_nearest_frame_and_leaves_gaps():
    times = np.array([0.0, 0.11, 0.19, 0.5, 0.52])
    assert grid(times, 0.0, 0.5, 10).tolist() == [0, 1, 2, -1, -1, 3]
    assert grid(np.array([0.3]), 0.0, 0.4, 10).tolist() == [-1, -1, -1, 0, -1]


def test_elan_has_tiers_of_markers_and_people(recording, tmp_path):
    (recording.folder / "picture.mkv").write_bytes(b"")
    (path,) = export(recording, "elan", tmp_path / "out")
    eaf = pympi.Elan.Eaf(str(path))
    assert eaf.get_annotation_data_for_tier("markers") == [
        (1000, 1200, "start <now> & ä"), (1200, 1700, "next one"), (4500, 5000, "marker")
    ]  # fmt: skip
    assert eaf.get_annotation_data_for_tier("events") == [(0, 500, "face 1")]
    assert eaf.get_annotation_data_for_tier("face 1") == [(0, 1967, "face 1"), (2500, 9967, "face 1")]
    shown = eaf.get_annotation_data_for_tier("face 1 expression")
    assert shown[:2] == [(0, 1967, "sad"), (2500, 4000, "happy")]
    assert eaf.get_linked_files()[0]["RELATIVE_MEDIA_URL"] == "./../walk/picture.mkv"


def test_elan_finds_the_video_that_was_analysed(tmp_path):
    video = tmp_path / "clip.mp4"
    video.write_bytes(b"")
    session = make_session(tmp_path / "analysed", frames=3, file={"path": str(video), "bytes": 0})
    eaf = pympi.Elan.Eaf(str(export(RecordedSession(session), "elan")[0]))
    (linked,) = eaf.get_linked_files()
    assert (linked["RELATIVE_MEDIA_URL"], linked["MIME_TYPE"]) == ("./clip.mp4", "video/mp4")
    video.unlink()
    assert pympi.Elan.Eaf(str(export(RecordedSession(session), "elan")[0])).get_linked_files() == []


def test_stretches_end_at_changes_and_gaps():
    times = np.array([0.0, 0.1, 0.2, 2.0, 2.1])
    values = np.array(["a", "a", "b", "b", "b"])
    assert list(stretches(times, values)) == [(0.0, 0.2, "a"), (0.2, 0.2, "b"), (2.0, 2.1, "b")]
    assert list(stretches(times[:0], values[:0])) == []


def test_two_markers_at_one_moment_do_not_overlap(tmp_path):
    events = "time_s,wall_utc,frame,kind,text,origin\n1,,30,marker,a,key\n1,,30,marker,b,udp\n"
    twice = RecordedSession(make_session(tmp_path / "twice", frames=60, events=events))
    eaf = pympi.Elan.Eaf(str(export(twice, "elan", tmp_path)[0]))
    assert eaf.get_annotation_data_for_tier("markers") == [(1000, 1500, "a")]
    assert eaf.get_annotation_data_for_tier("markers 2") == [(1000, 1500, "b")]


@pytest.mark.parametrize("name", WRITERS)
def test_by_default_it_lies_beside_the_session_and_replaces_the_old_one(recording, name):
    first = export(recording, name)
    assert first == export(recording, name) and all(recording.folder.parent in p.parents for p in first)
    assert not list(recording.folder.parent.rglob(".*"))


@pytest.mark.parametrize("name", ["parquet", "bids", "xdf", "csv", "elan"])
def test_an_export_leaves_its_own_files_alone_and_they_are_its_owners(recording, tmp_path, name):
    for _ in range(2):  # the second one replaces the first
        made = export(recording, name, tmp_path / "out")
        assert {path for path in (tmp_path / "out").rglob("*") if path.is_file()} == set(made)
        if os.name == "posix":
            assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}


@pytest.mark.parametrize(("name", "module"), [("parquet", "pyarrow"), ("elan", "pympi")])
def test_without_its_library_it_says_how_to_get_it(recording, monkeypatch, name, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=f"needs {module}, which is not installed: run make extras"):
        export(recording, name)


@pytest.mark.parametrize("name", WRITERS)
def test_a_place_that_cannot_be_written_is_one_sentence(recording, tmp_path, name):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WriteError, match="choose another place"):
        export(recording, name, tmp_path / "file")
