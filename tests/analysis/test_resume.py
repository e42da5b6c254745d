"""What an earlier analysis has left: what is done is left out, and what was interrupted is closed."""

import json
import os
import shutil

import pytest

from app.analysis.analyze import analyze
from app.analysis.options import AnalysisOptions
from app.analysis.resume import close_interrupted, not_analyzed
from tests.fakes import write_video


@pytest.fixture
def options(tmp_path, models):
    return AnalysisOptions(tmp_path / "out", models)


@pytest.fixture
def clip(tmp_path, clips):
    return shutil.copy(clips / "one-face.jpg", tmp_path / "a.jpg")


def test_what_is_done_is_left_out_until_something_changes(tmp_path, clip, options, models, capsys):
    other = write_video(tmp_path / "b.avi")
    assert not_analyzed([clip, other, tmp_path / "none"], options) == [clip, other, tmp_path / "none"]
    analyze([clip], options)
    capsys.readouterr()
    copy = shutil.copy(clip, tmp_path / "renamed.jpg")
    assert not_analyzed([clip, copy, other], options) == [other]  # by content, not by name
    assert "a.jpg: analysed already, see " in capsys.readouterr().out
    assert not_analyzed([clip], AnalysisOptions(options.out, models, max_faces=2)) == [clip]
    assert not_analyzed([clip], AnalysisOptions(options.out, models, detector="mediapipe")) == [clip]
    card = models / "affect.toml"
    card.write_text(card.read_text().replace('sha256 = "', 'sha256 = "00'))
    assert not_analyzed([clip], options) == [clip]


@pytest.mark.parametrize("explain", [False, True])
def test_a_file_without_a_face_is_done_once_it_was_read_to_its_end(tmp_path, models, explain, capsys):
    empty, cut = write_video(tmp_path / "empty.avi", 30), write_video(tmp_path / "cut.avi", 100, (320, 240))
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    options = AnalysisOptions(tmp_path / "out", models, explain=explain)
    assert analyze([empty, cut], options) == 1
    said = capsys.readouterr()
    assert "No face was found in 30 frames." in said.out and "empty.avi" not in said.err.splitlines()[-1]
    assert "cut.avi" in said.err and "cut off" in said.err
    assert not_analyzed([empty, cut], options) == [cut]
    assert "empty.avi: analysed already, see " in capsys.readouterr().out
    if not explain:
        assert not_analyzed([empty], AnalysisOptions(options.out, models, explain=True)) == [empty]


def test_a_session_that_somebody_edited_stops_nothing(clip, options, capsys):
    analyze([clip], options)
    (path,) = options.out.glob("*/session.json")
    info = json.loads(path.read_text())
    path.write_text(json.dumps(info | {"settings": {"max_faces": "four"}}))
    assert not_analyzed([clip], options) == [clip]
    path.write_text(json.dumps(info | {"finished": False, "writer": None, "models": 3}))
    os.utime(path, (0, 0))
    os.utime(path.parent / "faces.csv", (0, 0))
    os.utime(path.parent / "events.csv", (0, 0))
    close_interrupted(options.out)
    assert "was edited and does not fit" in capsys.readouterr().err


def test_an_analysis_that_was_stopped_is_not_done(clip, options):
    analyze([clip], options)
    (path,) = options.out.glob("*/session.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"ended_by": "stop"}))
    assert not_analyzed([clip], options) == [clip]
