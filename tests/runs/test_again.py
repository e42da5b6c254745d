"""The same command again: what is done is left out unread, and what was interrupted is made whole."""

import json
import os
import shutil
from dataclasses import replace

import pytest

from app.analysis.options import AnalysisOptions
from app.runs.ledger import lines
from app.sessions.header import SourceFile
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
