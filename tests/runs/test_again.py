"""The same command again: what is done is left out unread, and what was interrupted is made whole."""

import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from app.analysis.options import AnalysisOptions
from app.runs import fetch, once
from app.runs.ledger import Ledger, lines
from app.runs.run import InTurn, Plan, run
from app.runs.task import Outcome, Stamp, Status, Task
from app.sessions.header import Details, SourceFile
from app.sessions.info import read_info
from app.sessions.recorder import RecordError
from app.sources.address import Address
from app.system.interruption import Interruption
from tests.conftest import affect_network, write_model
from tests.fakes import write_video
from tests.measured import analyze, sessions


@pytest.fixture
def options(tmp_path, models):
    return AnalysisOptions(tmp_path / "out", models)


@pytest.fixture
def clip(tmp_path, clips):
    return shutil.copy(clips / "one-face.jpg", tmp_path / "a.jpg")


def times(out):
    """When each session in `out` was made, by its name."""
    return {path.name: (path / "session.json").stat().st_mtime_ns for path in sessions(out)}


def test_what_is_done_is_left_out_until_something_changes(clip, options, models):
    analyze([clip], options)
    first = times(options.out)
    analyze([clip], options)
    assert times(options.out) == first
    analyze([clip], replace(options, max_faces=2))
    assert len(sessions(options.out)) == 2 and times(options.out).items() > first.items()
    card = models / "affect.toml"
    card.write_text(card.read_text().replace("name = ", "# a comment\nname = "))
    analyze([clip], options)
    assert len(sessions(options.out)) == 2
    write_model(models, "affect", "affect", affect_network(sign=-1))
    analyze([clip], options)
    assert len(sessions(options.out)) == 3
    fit = models / "actions.json"
    fit.write_text(fit.read_text() + "\n")
    analyze([clip], options)
    assert len(sessions(options.out)) == 4
    hashes = [json.loads((each / "session.json").read_text())["models"][-1] for each in sessions(options.out)]
    assert {said["name"] for said in hashes} == {"actions"} and len({said["sha256"] for said in hashes}) == 2


def test_a_file_is_not_read_where_path_size_and_time_are_known(clip, options, monkeypatch, capsys):
    analyze([clip], options)
    read = []
    of = SourceFile.of
    monkeypatch.setattr(SourceFile, "of", lambda path, hashed: read.append(path) or of(path, hashed=hashed))
    analyze([clip], options)
    assert not read and "a.jpg: analysed already, see " in capsys.readouterr().out
    os.utime(clip, ns=(0, 0))
    analyze([clip], options)
    assert read and len(sessions(options.out)) == 1  # its content decides
    shutil.rmtree(sessions(options.out)[0])
    analyze([clip], options)
    assert len(sessions(options.out)) == 1


COUNTED = ("frames", "seconds", "ok_share", "models", "settings")


def run_listed(place, details, options):
    """A run of one file of a list; its line in the table, and what its session says of it."""
    interruption = Interruption()
    run(Plan([Task(place, details)], options), InTurn(options, None, interruption), interruption)
    (line,) = lines(options.out / "run.csv")
    return line, read_info(options.out / line["session"] / "session.json").details


def test_what_was_counted_stays_in_the_table_where_a_file_is_looked_at_again(clip, options):
    first, _ = run_listed(clip, Details("P1"), options)
    os.utime(clip, ns=(0, 0))
    touched, _ = run_listed(clip, Details("P1"), options)
    corrected, said = run_listed(clip, Details("P2", "calm"), options)
    os.utime(clip, ns=(9, 9))
    unlisted, _ = run_listed(clip, Details(), options)
    assert said == Details("P2", "calm") and all(first[name] for name in COUNTED)
    for line in (touched, corrected, unlisted):
        assert [line[name] for name in COUNTED] == [first[name] for name in COUNTED]
    assert corrected["participant"] == unlisted["participant"] == "P2"


def test_a_file_elsewhere_is_fetched_once_and_a_corrected_list_reaches_its_session(
    clip, options, monkeypatch
):
    fetched = []

    class Remote:
        stamp = Stamp(5, "today")

        def __init__(self, address):
            pass

        @contextmanager
        def on_disk(self, interruption):
            fetched.append(1)
            yield Path(clip)

    monkeypatch.setattr(fetch, "Remote", Remote)
    place = Address("s3://bucket/a.jpg")
    found = [run_listed(place, Details(who), options) for who in ("P1", "P1", "P1", "P2", "P2")]
    assert len(fetched) == 1
    assert [said.participant for _, said in found] == ["P1", "P1", "P1", "P2", "P2"]
    assert len({tuple(line[name] for name in (*COUNTED, "worker")) for line, _ in found}) == 1
    assert all(found[0][0][name] for name in COUNTED)


def test_details_that_cannot_be_written_are_a_sentence(clip, options, monkeypatch):
    def refuse(session, details):
        raise OSError(28, "No space left on device")

    run_listed(clip, Details("P1"), options)
    monkeypatch.setattr(once, "describe_again", refuse)
    with pytest.raises(RecordError, match=r"Nothing can be recorded .*No space left"):
        run_listed(clip, Details("P2"), options)


@pytest.mark.parametrize("signal", [False, True])
def test_a_draft_that_another_worker_removed_is_lost_and_the_run_goes_on(clip, options, monkeypatch, signal):
    record, turns = once.record, []

    def slept(*all):
        turns.append(1)
        record(*all)
        if len(turns) == 1:
            (draft,) = (options.out / "unfinished").glob("*/")
            shutil.rmtree(draft)
            if signal:
                raise KeyboardInterrupt

    monkeypatch.setattr(once, "record", slept)
    monkeypatch.setattr("app.runs.run.LOOK_EVERY", 0.0)
    if signal:
        with pytest.raises(KeyboardInterrupt):
            analyze([clip], options)
        assert not sessions(options.out)
    else:
        assert analyze([clip], options) == 0 and len(turns) == 2 and len(sessions(options.out)) == 1


def test_the_lock_of_a_table_stays_and_is_taken_again(tmp_path):
    for _ in range(2):
        table = Ledger(tmp_path, "run.csv", [], {})
        other = Ledger(tmp_path, "run.csv", [], {})
        assert table.path.name == "run.csv" != other.path.name
        other.close()
        inode = (tmp_path / "run.csv.lock").stat().st_ino
        table.close()
        assert (tmp_path / "run.csv.lock").stat().st_ino == inode


def test_a_line_that_is_not_written_whole_is_an_error(tmp_path, monkeypatch):
    table = Ledger(tmp_path, "run.csv", [], {})
    monkeypatch.setattr(os, "write", lambda handle, data: len(data) - 1)
    with pytest.raises(OSError, match="No space"):
        table.add(Outcome(Task(tmp_path / "a.mp4"), Status.DONE))
    table.close()


def test_a_file_that_moves_with_its_folder_is_known_by_its_content(tmp_path, clip, options):
    for study in ("here", "there"):
        (tmp_path / study / "P01").mkdir(parents=True)
        moved = shutil.copy(clip, tmp_path / study / "P01" / "a.jpg")
        analyze([moved], options)
    (tmp_path / "there" / "P02").mkdir()
    analyze([shutil.copy(clip, tmp_path / "there" / "P02" / "a.jpg")], options)
    assert len(sessions(options.out)) == 2


@pytest.mark.parametrize("explain", [False, True])
def test_a_file_without_a_face_is_done_once_it_was_read_to_its_end(tmp_path, models, explain, capsys):
    empty, cut = write_video(tmp_path / "empty.avi", 30), write_video(tmp_path / "cut.avi", 100, (320, 240))
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    options = AnalysisOptions(tmp_path / "out", models, explain=explain)
    assert analyze([empty, cut], options) == 1
    said = capsys.readouterr()
    assert "No face was found in 30 frames." in said.out and "empty.avi" not in said.err.splitlines()[-1]
    assert "cut.avi" in said.err and "cut off" in said.err
    first = times(options.out)
    assert analyze([empty, cut], options) == 1 and len(first) == 2
    assert "empty.avi: analysed already, see " in capsys.readouterr().out
    again = times(options.out)
    assert [name for name in first if first[name] == again[name]] == [
        n for n in first if n.startswith("empty")
    ]
    table = {line["file"]: line for line in lines(options.out / "run.csv")}
    assert table[str(empty)]["status"] == "done" and table[str(empty)]["ok_share"] == "0.0000"
    assert table[str(cut)]["status"] == "failed" and "cut off" in table[str(cut)]["error"]
    assert len(table) == len(list(lines(options.out / "run.csv"))) == 2


def test_an_analysis_that_was_stopped_or_edited_is_made_anew(clip, options):
    analyze([clip], options)
    (folder,) = sessions(options.out)
    rows, path = (folder / "faces.csv").read_bytes(), folder / "session.json"
    (options.out / "run.csv").unlink()
    for edited in (
        {"ended_by": "stop"},
        {"finished": False, "writer": None, "models": 3},
        {"format": "none"},
    ):
        path.write_text(json.dumps(json.loads(path.read_text()) | edited))
        assert analyze([clip], options) == 0
        assert sessions(options.out) == [folder] and (folder / "faces.csv").read_bytes() == rows
        assert json.loads(path.read_text())["ended_by"] == "end of file"
