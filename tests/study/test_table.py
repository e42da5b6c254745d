"""`mien table`: against values computed anew from the CSV files of the sessions."""

import csv
import re
import shutil
import statistics
from pathlib import Path

import pytest

from app.__main__ import main
from app.sessions.edited_events import EditedEvents
from app.sessions.intervals import EXCLUDED, Interval
from app.study.folder import StudyFolder
from app.study.study import StudySession
from tests.study.made_study import CODES, RATE, SHOWN, fun, make_study, record, valence


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    return make_study(tmp_path_factory.mktemp("study") / "s").path


@pytest.fixture
def study(whole, tmp_path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "moved"))


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def anew(folder, stimulus, code):
    """Valence of the good rows under a stimulus, from the plain files alone."""
    values, frames = [], 0
    for session in sorted((folder / "sessions").glob(f"{code}-run*")):
        events = [e for e in read(session / "events.csv") if e["text"] == stimulus]
        start, end = (float(e["time_s"]) for e in events)
        for row in read(session / "faces.csv"):
            if start <= float(row["time_s"]) < end:
                frames += 1
                if row["status"] == "ok":
                    values.append(float(row["valence"]))
    return values, frames


def test_the_long_table_holds_what_the_files_say(study, tmp_path, capsys):
    out = tmp_path / "t" / "study.csv"
    assert main(["table", str(study), "-o", str(out)]) == 0
    assert capsys.readouterr().out.split() == [
        str(out), str(out.with_name("study-codebook.md")), str(out.with_suffix(".sps"))
    ]  # fmt: skip
    rows = read(out)
    assert [(r["participant"], r["stimulus"]) for r in rows][:2] == [("P1", "cat"), ("P1", "form")]
    assert len(rows) == 24
    for row in rows:
        values, frames = anew(study, row["stimulus"], row["participant"])
        sessions = 2 if row["participant"] == "P6" else 1
        person = int(row["participant"][1])
        assert int(row["sessions"]) == int(row["presentations"]) == sessions
        assert (
            (int(row["n"]), int(row["frames"]))
            == (len(values), frames)
            == ((SHOWN - 1) * sessions, SHOWN * sessions)
        )
        assert float(row["share_ok"]) == pytest.approx((SHOWN - 1) / SHOWN, abs=1e-6)
        assert float(row["share_face"]) == 1
        assert float(row["valence_mean"]) == pytest.approx(statistics.mean(values), abs=1e-6)
        assert float(row["valence_sd"]) == pytest.approx(statistics.stdev(values), abs=1e-6)
        assert float(row["valence_peak"]) == max(values) == valence(person, sessions, row["condition"], RATE)
        assert float(row["valence_low"]) == min(values)
        assert float(row["rating_fun"]) == fun(person, row["condition"])
        assert (float(row["rating_mood_pleasure"]), float(row["rating_mood_arousal"])) == (0.5, -0.25)
        assert (row["group"], row["age"]) == ("old" if person % 2 else "young", str(20 + person))


def test_doubtful_rows_count_where_they_are_wanted(study, tmp_path):
    main(["table", str(study), "-o", str(tmp_path / "a.csv"), "--doubtful"])
    row = read(tmp_path / "a.csv")[0]
    assert (row["n"], row["valence_low"]) == (str(SHOWN), "-0.900000")
    assert "doubtful ones too" in (tmp_path / "a-codebook.md").read_text(encoding="utf-8")


def test_the_wide_table_has_a_row_a_person(study, tmp_path):
    StudyFolder(study).change(lambda s: s.with_participant("P7"))
    main(["table", str(study), "-o", str(tmp_path / "long.csv")])
    main(["table", str(study), "-o", str(tmp_path / "wide.csv"), "--wide"])
    wide = {row["participant"]: row for row in read(tmp_path / "wide.csv")}
    assert list(wide) == [*CODES, "P7"]
    assert wide["P7"]["cat_valence_mean"] == ""
    for row in read(tmp_path / "long.csv"):
        for name in ("n", "share_ok", "valence_mean", "au12_left_peak", "rating_fun"):
            assert wide[row["participant"]][f"{row['stimulus']}_{name}"] == row[name]


def test_every_column_is_in_the_codebook_and_in_the_labels(study, tmp_path):
    main(["table", str(study), "-o", str(tmp_path / "t.csv")])
    names = list(read(tmp_path / "t.csv")[0])
    book = (tmp_path / "t-codebook.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", book, re.M) == names
    labels = (tmp_path / "t.sps").read_text(encoding="utf-8")
    assert re.findall(r"^    (\w+) [AF]", labels, re.M) == names
    assert "'answer to: How funny was it? (1 not, 9 very)'" in labels


def test_an_excluded_range_counts_for_nothing_and_can_be_taken_back(study, tmp_path):
    edits = EditedEvents(study / "sessions" / "P1-run1")
    cat = next(i for i in edits.intervals(99.0) if i.name == "cat")
    before = read_table(study, tmp_path)
    edits.set(Interval(cat.start + 1.0, cat.start + 2.0, "cough", EXCLUDED))
    after = read_table(study, tmp_path)
    assert int(before["n"]) - int(after["n"]) == int(before["frames"]) - int(after["frames"]) == RATE
    assert edits.undo() and not edits.undo()
    assert read_table(study, tmp_path) == before


def read_table(study, tmp_path):
    main(["table", str(study), "-o", str(tmp_path / "t.csv")])
    return read(tmp_path / "t.csv")[0]


def test_a_kill_under_a_stimulus_leaves_what_was_recorded(study, tmp_path):
    folder = StudyFolder(study)
    folder.change(lambda s: s.with_participant("P7"))
    session = StudySession("sessions/P7-run1", 1)
    record(folder, "P7", session, until=50)
    folder.change(lambda s: s.with_session("P7", session))
    main(["table", str(study), "-o", str(tmp_path / "t.csv")])
    row = next(row for row in read(tmp_path / "t.csv") if row["participant"] == "P7")
    assert (row["frames"], row["rating_fun"]) == ("30", "")


def test_a_session_that_is_gone_is_one_sentence(study, tmp_path, capsys):
    shutil.rmtree(study / "sessions" / "P2-run1")
    assert main(["table", str(study), "-o", str(tmp_path / "t.csv")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert {row["participant"] for row in read(tmp_path / "t.csv")} == {*CODES} - {"P2"}
    assert main(["table", str(tmp_path / "nowhere")]) == 2


def test_pandas_reads_the_table(study, tmp_path):
    pandas = pytest.importorskip("pandas")
    main(["table", str(study), "-o", str(tmp_path / "t.csv")])
    means = pandas.read_csv(tmp_path / "t.csv").groupby("condition")["valence_mean"].mean()
    assert means["funny"] > means["dull"]
