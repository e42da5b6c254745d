"""Analyses of what is no file: folders of pictures as clips, and addresses on this computer."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import pytest

from app.__main__ import main
from app.analysis.options import AnalysisOptions
from app.analysis.verify import verify
from app.sessions.pictures import find_pictures
from app.sessions.reading import RecordedSession
from app.sources.address import Address
from app.sources.selection import Selection
from app.sources.video import VideoFile
from tests.analysis.test_analyze import FakePipeline
from tests.measured import analyze, analyze_in_parallel, sessions
from tests.sources.servers import closed_port, serve, silence

ROOT = Path(__file__).parents[2]


def pictures_of_clip(clip, folder, count=8):
    """The first pictures of a clip as files."""
    folder.mkdir()
    video = VideoFile(clip)
    video.open()
    for i in range(count):
        cv2.imwrite(str(folder / f"{i + 8}.png"), video.read().image)
    video.close()
    return folder


def test_a_folder_as_a_clip_comes_out_again_and_is_replayed(tmp_path, clips, models):
    folder = pictures_of_clip(clips / "single-face.mp4", tmp_path / "shot")
    options = AnalysisOptions(tmp_path / "out", models, selection=Selection(as_clip=25))
    assert analyze([folder], options) == 0
    (made,) = sessions(options.out)
    said = json.loads((made / "session.json").read_text())
    assert made.name.startswith("shot-") and said["settings"]["as_clip"] == 25 and said["file"]["sha256"]
    found = list(verify(made, models))
    assert all(finding.good for finding in found) and "byte for byte" in found[-1].text
    analyze([folder], options)
    assert sessions(options.out) == [made]
    session = RecordedSession(made)
    assert session.rows("time_s")["time_s"][-1] == pytest.approx(7 / 25)
    shown = find_pictures(session).at(3 / 25, ())
    assert not shown.image_note and (shown.image == cv2.imread(str(folder / "11.png"))).all()
    shutil.copy(folder / "8.png", folder / "9.png")
    assert not all(finding.good for finding in verify(made, models))
    analyze([folder], options)
    assert len(sessions(options.out)) == 2
    shutil.rmtree(folder)
    assert any("no longer there" in finding.text for finding in verify(made, models))


def run(out, address, pipeline=FakePipeline, **chosen):
    options = AnalysisOptions(out, out, selection=Selection(**chosen))
    return analyze([Address(address)], options, lambda still: pipeline())


def written(out):
    """All names and texts of the sessions in `out`."""
    return "".join(f"{path} {path.read_text() if path.is_file() else ''}" for path in out.rglob("*"))


def test_a_stream_is_analysed_for_so_many_seconds_and_nothing_secret_is_written(tmp_path, models, capsys):
    with serve(tmp_path, pictures=1000) as server:
        assert run(tmp_path / "out", f"{server}/live.mjpg?token=abcdef", seconds=0.5) == 0
    (folder,) = sessions(tmp_path / "out")
    said = json.loads((folder / "session.json").read_text())
    assert said["file"]["path"].endswith("/live.mjpg") and said["file"]["sha256"] == ""
    everything = written(tmp_path / "out") + "".join(capsys.readouterr())
    assert "secret" not in everything and "somebody" not in everything and "abcdef" not in everything
    found = list(verify(folder, models))
    assert all(finding.good for finding in found[:2])
    assert find_pictures(RecordedSession(folder)).at(0.1, ()).image_note


def test_verifying_says_that_the_source_was_not_kept(tmp_path, clips, models):
    shutil.copy(clips / "one-face.jpg", tmp_path / "face.jpg")
    pictures_of_clip(clips / "single-face.mp4", tmp_path / "shot", 3)
    video = cv2.VideoWriter(str(tmp_path / "a.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 25, (640, 360))
    for path in sorted((tmp_path / "shot").iterdir()):
        video.write(cv2.resize(cv2.imread(str(path)), (640, 360)))
    video.release()
    options = AnalysisOptions(tmp_path / "out", models)
    with serve(tmp_path) as server:
        address = Address(f"{server}/a.avi")
        assert analyze([address], options) == 0  # a file of a server ends by itself
    (folder,) = sessions(options.out)
    found = list(verify(folder, models))
    assert all(finding.good for finding in found)
    assert "came from http://127.0.0.1" in found[-1].text and "was not kept" in found[-1].text


def test_a_stream_needs_seconds(tmp_path, capsys):
    with serve(tmp_path) as server:
        assert run(tmp_path / "out", f"{server}/live.mjpg") == 1
    assert "say how long with --seconds" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["analyze", "rtsp://127.0.0.1/a"])
    assert ended.value.code == 2 and "say how long with --seconds" in capsys.readouterr().err


def test_rows_are_kept_of_a_stream_that_ends_early(tmp_path, capsys):
    with serve(tmp_path) as server:
        assert run(tmp_path / "out", f"{server}/live.mjpg", seconds=60) == 1
    assert "has ended; what came before was used" in capsys.readouterr().err
    (folder,) = sessions(tmp_path / "out")
    assert len(RecordedSession(folder).rows("frame")["frame"]) >= 20


def test_each_way_to_fail_is_a_sentence_and_exit_code_1(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("app.sources.connect.OPEN_TIMEOUT", 0.5)
    with serve(tmp_path) as server, silence() as silent:
        for address in (
            f"{server}/none.mp4",
            f"http://{silent}/a",
            f"rtsp://x:secret@127.0.0.1:{closed_port()}/a",
        ):
            assert run(tmp_path / "out", address, seconds=1) == 1
            said = capsys.readouterr().err
            assert "check the address" in said and "Traceback" not in said and "secret" not in said
    assert not sessions(tmp_path / "out") and "secret" not in (tmp_path / "out" / "run.csv").read_text()


def test_addresses_and_files_side_by_side(tmp_path, clips, models, capfd):
    shutil.copy(clips / "one-face.jpg", tmp_path / "face.jpg")
    options = AnalysisOptions(tmp_path / "out", models)
    files = [tmp_path / "face.jpg", Address(f"http://127.0.0.1:{closed_port()}/none.mp4")]
    assert analyze_in_parallel(files, options, 2) == 1
    assert "1 of 2 files failed: http://127.0.0.1" in capfd.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="a Unix thing")
def test_ctrl_c_ends_a_silent_stream_soon(tmp_path, clips, models):
    with serve(tmp_path, pictures=30) as server:
        command = [
            sys.executable,
            "-m",
            "app",
            "analyze",
            f"{server}/silent.mjpg",
            "--seconds",
            "60",
            "-o",
            "out",
        ]
        process = subprocess.Popen(
            command,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True,
            stderr=subprocess.PIPE,
        )
        deadline = time.monotonic() + 60
        assert server.streamed.wait(60)
        while not list(tmp_path.glob("out/*/faces.csv")) and time.monotonic() < deadline:
            process.poll()
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=30)[1]
        assert time.monotonic() - begun < 3
    assert process.returncode == 130 and "Mien connects to 127.0.0.1" in said and "secret" not in said
    assert "Stopped. The rows of the first" in said
