"""Many sessions as one data set: read back by two other programs, in constant memory."""

import shutil
import tracemalloc

import pyarrow.dataset as ds
import pytest

from app.__main__ import main
from app.exports import dataset
from app.exports.dataset import gather, sessions_in
from app.sessions.describe_again import describe_again
from app.sessions.header import Details, SessionHeader
from app.sessions.recorder import Recorder
from app.sources.source import Mode
from app.system.atomic import WriteError
from tests.made_session import make_session
from tests.sessions.test_recorder import NO_LIMITS


def study(folder, sessions=3, frames=4):
    """Sessions of two participants, with a column of a list."""
    folder.mkdir()
    for i in range(sessions):
        session = make_session(folder / f"s{i}", frames=frames, faces=1, absent=range(0))
        describe_again(
            session, Details(f"00{i % 2}", "calm" if i else "", listed=(("age", f"0{i}"), ("frame", "x")))
        )
    return folder


def test_each_row_says_of_whom_it_is_and_two_programs_read_the_same(tmp_path, capsys):
    out = study(tmp_path / "out")
    (out / "run.csv").touch()
    target = tmp_path / "study.parquet"
    assert main(["gather", str(out), "-o", str(target)]) == 0
    assert "12 rows of 3 sessions" in capsys.readouterr().out
    table = ds.dataset(target).to_table()
    assert table.num_rows == 12
    assert table.column_names[:5] == ["participant", "session", "condition", "source", "started_utc"]
    assert set(table["session"].to_pylist()) == {"s0", "s1", "s2"}
    assert set(table["participant"].to_pylist()) == {"000", "001"}  # and no number
    assert set(table["age"].to_pylist()) == {"00", "01", "02"} and set(table["list_frame"].to_pylist()) == {
        "x"
    }
    assert table.filter(ds.field("condition").is_null()).num_rows == 4
    assert sorted(path.parent.name for path in target.rglob("*.parquet")) == ["000", "001"]
    duckdb = pytest.importorskip("duckdb")
    query = f"SELECT participant, count(*), avg(valence) FROM '{target}/**/*.parquet' GROUP BY 1 ORDER BY 1"
    mean = table["valence"].to_numpy().mean()
    assert duckdb.sql(query).fetchall() == [("000", 8, pytest.approx(mean)), ("001", 4, pytest.approx(mean))]


def test_a_session_that_is_not_whole_is_left_out_and_said(tmp_path, capsys):
    out = study(tmp_path / "out", 1)
    header = SessionHeader("b.mp4", False, Mode(4, 4, 25.0, ""), (), 4, 0.5)
    recorder = Recorder(out, header, room=NO_LIMITS)
    assert main(["gather", str(out), "-o", str(tmp_path / "a.parquet")]) == 1
    said = capsys.readouterr()
    assert "is not finished, and is left out" in said.err and "4 rows of 1 session" in said.out
    recorder.close()


def test_sessions_with_a_bad_row_are_left_out_and_each_is_named(tmp_path, capsys):
    out = study(tmp_path / "out", 5)
    for name, file in (("s0", "faces.csv"), ("s3", "faces.csv"), ("s2", "events.csv")):
        with (out / name / file).open("a") as text:
            text.write("garbage,1,2\n" * 2)
    assert main(["gather", str(out), "-o", str(tmp_path / "a.parquet")]) == 1
    said = capsys.readouterr()
    assert said.err.count("The session is left out.") == 3
    assert f"Line 6 of {out / 's0' / 'faces.csv'} has 3 values" in said.err
    assert str(out / "s3") in said.err and str(out / "s2") in said.err
    assert "8 rows of 2 sessions" in said.out
    assert set(ds.dataset(tmp_path / "a.parquet").to_table()["session"].to_pylist()) == {"s1", "s4"}


def test_what_is_said_of_a_cut_session_is_that_it_is_left_out(tmp_path):
    out = study(tmp_path / "out", 3)
    rows = (out / "s0" / "faces.csv").read_bytes()
    (out / "s0" / "faces.csv").write_bytes(rows[:-9])
    (out / "s1" / "faces.csv").write_bytes((out / "s1" / "faces.csv").read_bytes() + b"5,0.2")
    assert gather(sessions_in([out]), tmp_path / "a.parquet").left_out == (
        f"{out / 's0' / 'faces.csv'} is cut: it has 3 of the 4 rows that were recorded: "
        "restore the file from a copy. The session is left out.",
        f"{out / 's1' / 'faces.csv'} is cut in the middle of its last line: "
        "restore the file from a copy. The session is left out.",
    )


def test_sessions_lie_as_deep_as_one_likes_and_each_counts_once(tmp_path):
    (tmp_path / "out").mkdir()
    out = study(tmp_path / "out" / "lab", 2)
    shutil.copytree(out / "s0", tmp_path / "out" / "copy" / "s0")
    shutil.copytree(out / "s1", out / "unfinished" / "s1")
    (tmp_path / "out" / "link").symlink_to(out)
    found = sessions_in([tmp_path / "out", out / "s1"])
    assert [folder.name for folder in found] == ["s0", "s0", "s1"]
    done = gather(found, tmp_path / "a.parquet")
    assert done.sessions == 2 and ds.dataset(tmp_path / "a.parquet").count_rows() == 8
    (said,) = done.left_out
    assert "is a copy of" in said and str(out / "s0") in said


def test_it_replaces_its_own_folder_and_no_other(tmp_path):
    out = study(tmp_path / "out", 1)
    for _ in range(2):
        gather(sessions_in([out]), tmp_path / "a.parquet")
    (tmp_path / "mine").mkdir()
    with pytest.raises(WriteError, match="is no data set of Mien"):
        gather(sessions_in([out]), tmp_path / "mine")
    assert (tmp_path / "mine").is_dir()


def test_where_all_is_left_out_an_older_data_set_stays(tmp_path, capsys):
    target = tmp_path / "a.parquet"
    gather(sessions_in([study(tmp_path / "out", 1)]), target)
    other = study(tmp_path / "other", 1)
    (other / "s0" / "session.json").write_text("{")
    assert main(["gather", str(other), "-o", str(target)]) != 0
    assert "The session cannot be gathered" in capsys.readouterr().err
    assert ds.dataset(target).count_rows() == 4


def test_events_are_a_file_of_each_data_set_and_no_other_file_is_overwritten(tmp_path):
    sessions = sessions_in([study(tmp_path / "out", 1)])
    for name in ("study.1", "study.2", "study.parquet", "study.1"):
        gather(sessions, tmp_path / name)
    assert {path.name for path in tmp_path.glob("*.events.parquet")} == {
        "study.1.events.parquet", "study.2.events.parquet", "study.events.parquet",
    }  # fmt: skip
    theirs = tmp_path / "b.events.parquet"
    theirs.write_text("mine")
    for name in ("b", "study"):
        with pytest.raises(WriteError, match=r"events\.parquet exists and is not of this data set"):
            gather(sessions, tmp_path / name)
        assert not (tmp_path / name).exists()
    assert theirs.read_text() == "mine"


def test_no_two_columns_share_a_name_whatever_the_case(tmp_path):
    session = make_session(tmp_path / "s", frames=2, faces=1, absent=range(0))
    names = ("list_frame", "frame", "Frame", "Age", "age")
    describe_again(session, Details("1", listed=tuple((name, f"is {name}") for name in names)))
    gather([session], tmp_path / "a.parquet")
    table = ds.dataset(tmp_path / "a.parquet").to_table()
    assert len({name.lower() for name in table.column_names}) == len(table.column_names)
    cells = [table[name][0].as_py() for name in table.column_names]
    assert {f"is {name}" for name in names} <= set(cells)
    duckdb = pytest.importorskip("duckdb")
    (row,) = duckdb.sql(f"SELECT * FROM '{tmp_path}/a.parquet/**/*.parquet' LIMIT 1").fetchall()
    assert {f"is {name}" for name in names} <= set(row)


def test_a_file_of_the_user_in_the_folder_stays_and_no_part_of_before_does(tmp_path):
    target, out = tmp_path / "a.parquet", study(tmp_path / "out", 2)
    gather(sessions_in([out]), target)
    theirs = [target / "notes.txt", target / "000" / "plot.png"]
    for path in theirs:
        path.write_text("mine")
    done = gather([out / "s1"], target)
    assert done.rows == 4 and [path.read_text() for path in theirs] == ["mine", "mine"]
    assert [path.parent.name for path in target.rglob("*.parquet")] == ["001"]
    assert ds.dataset([str(path) for path in target.rglob("*.parquet")]).count_rows() == 4
    gather([out / "s0"], target)
    assert not (target / "001").exists() and theirs[1].exists()
    assert [path.name for path in tmp_path.glob("*.tmp")] == []


def test_parts_and_memory_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(dataset, "ROWS", 6)
    monkeypatch.setattr(dataset, "GROUP", 4)
    out = study(tmp_path / "out", 6)
    sessions = sessions_in([out])
    gather(sessions[:1], tmp_path / "warm.parquet")
    peaks = []
    for count in (2, 6):
        tracemalloc.start()
        gather(sessions[:count], tmp_path / f"{count}.parquet")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000
    assert len(list((tmp_path / "6.parquet").rglob("*.parquet"))) > 3
    assert ds.dataset(tmp_path / "6.parquet").count_rows() == 24
