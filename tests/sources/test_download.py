"""Files of a web server that can only be read whole: kept for a while, and deleted again."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

import cv2
import numpy as np
import pytest

from app.sources.address import Address
from app.sources.connect import UnreadableError, connect
from app.sources.network_video import NetworkVideo
from app.sources.source import SourceError
from app.sources.video import VideoFile
from tests.runs.test_interruptions import ROOT, as_in_a_terminal
from tests.sources.reading import read_all
from tests.sources.servers import serve
from tests.sources.test_network_video import frames_of, never


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder of temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def served(tmp_path, temporary):
    """A server with an MP4 of 2 MB whose index lies at its end."""
    noise = np.random.default_rng(1)
    for name in ("clip.mp4", "secret.mp4"):
        writer = cv2.VideoWriter(
            str(tmp_path / name), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"mp4v"), 20, (480, 360)
        )
        for _ in range(20):
            writer.write(noise.integers(0, 255, (360, 480, 3), np.uint8))
        writer.release()
    data = (tmp_path / "clip.mp4").read_bytes()
    assert len(data) > 1_000_000 and data.index(b"moov") > data.index(b"mdat")
    with serve(tmp_path) as server:
        yield server


@pytest.mark.parametrize("name", ["clip.mp4", "secret.mp4"])
def test_an_index_at_the_end_is_read_where_the_server_gives_no_parts(tmp_path, served, temporary, name):
    said = []
    video = NetworkVideo(Address(f"{served}/{name}?whole"), never, said.append)
    found = frames_of(video)
    here = read_all(VideoFile(tmp_path / name))
    assert [frame.time for frame in found] == [frame.time for frame in here]
    for one, other in zip(found, here, strict=True):
        np.testing.assert_array_equal(one.image, other.image)
    assert not video.live and len(said) == 1 and "(2 MB) is downloaded first" in said[0]
    assert "secret:" not in said[0] and "somebody" not in said[0] and said[0].startswith("http://127.0.0.1")
    deadline = time.monotonic() + 10
    while any(temporary.iterdir()) and time.monotonic() < deadline:
        threading.Event().wait(0.01)  # the thread that reads deletes it
    assert not any(temporary.iterdir())


def test_a_server_that_gives_parts_is_asked_for_parts(served):
    said = []
    assert len(frames_of(NetworkVideo(Address(f"{served}/clip.mp4"), never, said.append))) == 20
    assert said == []


@pytest.mark.parametrize(
    ("limit", "value", "sentence"),
    [("LARGEST", 1_000_000, r"its index at its end and 2 MB, too much .*: download it, and name the copy"),
     ("SPARE", 1 << 60, r"too much to be kept")],
)  # fmt: skip
def test_what_is_too_large_is_not_begun(served, temporary, monkeypatch, limit, value, sentence):
    monkeypatch.setattr(f"app.sources.download.{limit}", value)
    with pytest.raises(SourceError, match=sentence):
        frames_of(NetworkVideo(Address(f"{served}/clip.mp4?whole"), never))
    assert not any(temporary.iterdir())


def test_what_ends_in_its_middle_is_said_and_nothing_stays(served, temporary):
    with pytest.raises(SourceError, match="could not be downloaded whole"):
        frames_of(NetworkVideo(Address(f"{served}/clip.mp4?half"), never))
    assert not any(temporary.iterdir())


def test_a_signal_ends_it(served, temporary):
    said = []
    with pytest.raises(KeyboardInterrupt):
        frames_of(NetworkVideo(Address(f"{served}/clip.mp4?whole"), lambda: bool(said), said.append))
    assert said and not any(temporary.iterdir())


def test_a_server_that_answers_at_once_and_sends_late_is_not_called_silent(served, temporary, monkeypatch):
    monkeypatch.setattr("app.sources.connect.OPEN_TIMEOUT", 0.5)
    with pytest.raises(UnreadableError, match="no video that can be read as it arrives"):
        connect(Address(f"{served}/clip.mp4?late"))


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C of another process is a Unix thing")
def test_ctrl_c_while_it_is_downloaded_leaves_nothing(tmp_path, served, temporary):
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "analyze", f"{served}/clip.mp4?slow", "-o", str(tmp_path / "out")],
        cwd=ROOT, env={**os.environ, "TMPDIR": str(temporary)}, stderr=subprocess.PIPE, text=True,
        preexec_fn=as_in_a_terminal,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not any(temporary.rglob("video")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert any(temporary.rglob("video"))
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=30)[1]
    assert process.returncode == 130 and "Traceback" not in said
    assert not any(temporary.iterdir())


def test_only_a_web_server_is_followed(tmp_path, served, temporary):
    for place in (f"file://{tmp_path}/clip.mp4", "ftp://127.0.0.1/clip.mp4"):
        with pytest.raises(SourceError, match="gives no video that can be read as it arrives"):
            frames_of(NetworkVideo(Address(f"{served}/away?{place}"), never))
    assert len(frames_of(NetworkVideo(Address(f"{served}/away?/clip.mp4"), never))) == 20
