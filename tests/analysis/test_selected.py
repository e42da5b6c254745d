"""Analyses of some of the frames: recorded, verified, not taken for one another; JSON and standard input."""

import io
import json
from types import SimpleNamespace

import numpy as np
import pytest

from app.analysis.options import AnalysisOptions
from app.analysis.verify import verify
from app.cli.analyze import spooled
from app.runs.ledger import lines
from app.sessions.pictures import find_pictures
from app.sessions.reading import RecordedSession
from app.sources.selection import SelectedFrames, Selection
from app.sources.video import VideoFile
from tests.analysis.test_analyze import FakePipeline
from tests.fakes import write_video
from tests.measured import analyze, sessions

CHOSEN = Selection(every=4, rotate=180, seconds=1.5)


def test_rows_come_out_again_and_replay_shows_the_turned_picture(tmp_path, clips, models):
    clip = clips / "two-faces.mp4"
    options = AnalysisOptions(tmp_path / "out", models, selection=CHOSEN)
    analyze([clip], options)  # upside down: whether a face is found does not matter
    (folder,) = sessions(tmp_path / "out")
    said = json.loads((folder / "session.json").read_text())["settings"]
    assert (said["every"], said["rotate"], said["seconds"]) == (4, 180, 1.5) and "rate" not in said
    assert all(finding.good for finding in verify(folder, models))
    analyze([clip], options)
    assert sessions(options.out) == [folder]
    other = AnalysisOptions(options.out, models, selection=Selection(every=4, rotate=180, seconds=0.2))
    analyze([clip], other)
    assert len(sessions(options.out)) == 2
    session = RecordedSession(folder)
    assert set(np.diff(np.unique(session.rows("frame")["frame"]))) == {4}
    source = SelectedFrames(VideoFile(clip), CHOSEN)
    source.open()
    pictures = find_pictures(session)
    while frame := source.read():
        np.testing.assert_array_equal(pictures.at(frame.time, ()).image, frame.image)
    source.close()


def printed(out, files, capsys, **pipeline):
    code = analyze(files, AnalysisOptions(out, out, json=True), lambda still: FakePipeline(**pipeline))
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_json_is_one_object_a_line_and_nothing_else(tmp_path, capsys):
    clip = write_video(tmp_path / "clip.avi")
    code, said = printed(tmp_path / "out", [clip, tmp_path / "none.mp4"], capsys)
    assert code == 1 and [line["event"] for line in said] == ["done", "failed"]
    assert said[0]["file"] == "clip.avi" and said[0]["frames"] == 10 and said[0]["faces"] == 2
    assert (said[0]["valence"], said[0]["arousal"], said[0]["expression"]) == (0.5, -0.25, "happy")
    assert "clip-" in said[0]["session"] and "does not exist" in said[1]["error"]


def test_json_of_a_file_without_a_face(tmp_path, capsys):
    code, said = printed(tmp_path / "out", [write_video(tmp_path / "clip.avi")], capsys, faces=False)
    assert code == 0 and [(line["event"], line["faces"]) for line in said] == [("done", 0)]
    assert said[0]["valence"] is None and said[0]["expression"] == ""


def test_json_tells_how_far_it_is(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("app.analysis.lines.EVERY", 0.0)
    _, said = printed(tmp_path / "out", [write_video(tmp_path / "clip.avi")], capsys)
    progress = [line for line in said if line["event"] == "progress"]
    assert [line["frames"] for line in progress] == [*range(1, 11)]
    assert progress[3]["of"] == 10 and progress[3]["time_s"] == pytest.approx(0.15)


def test_nothing_over_standard_input_is_said_of_it_and_not_of_a_file_that_nobody_knows(
    tmp_path, models, capsys, monkeypatch
):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO()))
    with spooled([type(tmp_path)("-")]) as (files, standard_input):
        options = AnalysisOptions(tmp_path / "out", models, spooled=standard_input)
        assert analyze(files, options) == 1
    assert capsys.readouterr().err == (
        "stdin is empty: get a whole copy of it.\n"
        f"1 of 1 file failed: stdin; {options.out / 'run.csv'} says why.\n"
    )
    assert [line["file"] for line in lines(options.out / "run.csv")] == ["stdin"]


def test_a_video_over_standard_input(tmp_path, clips, models, monkeypatch):
    content = io.BytesIO((clips / "one-face.jpg").read_bytes())
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=content))
    options = AnalysisOptions(tmp_path / "out", models)
    with spooled([tmp_path / "a.mp4", type(tmp_path)("-")]) as (files, standard_input):
        assert files[0] == tmp_path / "a.mp4" and files[1] == standard_input
        options = AnalysisOptions(tmp_path / "out", models, spooled=standard_input)
        assert analyze(files[1:], options) == 0
    assert not standard_input.exists()
    (folder,) = sessions(options.out)
    assert folder.name.startswith("stdin-") and [line["file"] for line in lines(options.out / "run.csv")] == [
        "stdin"
    ]
    said = json.loads((folder / "session.json").read_text())
    assert said["source"]["name"] == "stdin" and said["file"]["path"] == "-" and said["file"]["sha256"]
    found = list(verify(folder, models))
    assert all(finding.good for finding in found) and "was not kept" in found[-1].text
