"""Videos over a network, all of it on this computer: files, streams, and servers that fail."""

import time
from pathlib import Path

import numpy as np
import pytest

from app.sources.address import Address, is_address, place
from app.sources.network_video import NetworkVideo
from app.sources.source import SourceError
from app.sources.video import VideoFile
from tests.fakes import write_video
from tests.sources.reading import read_all
from tests.sources.servers import closed_port, serve, silence


def frames_of(video):
    found = []
    try:
        video.open()
        while frame := video.read():
            found.append(frame)
    finally:
        video.close()
    return found


def never():
    return False


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr("app.sources.connect.OPEN_TIMEOUT", 0.5)
    monkeypatch.setattr("app.sources.connect.READ_TIMEOUT", 0.5)
    monkeypatch.setattr("app.sources.network_video.READ_TIMEOUT", 0.5)


def test_an_address_says_nothing_secret():
    address = Address("https://me:pass@cam.local:8080/a/live.mjpg?token=abc#part")
    assert str(address) == "https://cam.local:8080/a/live.mjpg" and address.name == "live.mjpg"
    assert "pass" not in repr(address) + address.sentence + str(address)
    assert "abc" not in repr(address) + address.sentence + str(address)
    assert Address("rtsp://[::1]:554/").name == "[::1]:554" and Address("RTSP://cam/x").streams


@pytest.mark.parametrize(
    "text",
    [
        "http://",
        "http:///a",
        "rtsp://:80/a",
        "http://a b/",
        "http://a/\r\nX: y",
        "http://a:x/",
        "http://[::1/",
    ],
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(ValueError):
        place(text)


OTHERS = (
    "file:///etc/passwd", "concat:a|b", "ftp://a/b", "http:a.mp4", "tcp://a:1", "udp://a:1", "rtmp://a/b",
    "data:,x", "crypto:a", "subfile,,start,0:a",
)  # fmt: skip


@pytest.mark.parametrize("text", OTHERS)
def test_every_other_scheme_is_the_name_of_a_file(text):
    assert not is_address(text) and place(text) == Path(text)
    with pytest.raises(SourceError, match="does not exist"):
        VideoFile(text).open()


@pytest.mark.parametrize("name", ["clip.mp4", "clip.avi", "clip.mkv", "clip.ts", "clip.mp4?whole"])
def test_a_file_of_a_server_is_read_as_the_file_here(tmp_path, name):
    codec = {"clip.avi": "MJPG", "clip.ts": "MPG2"}.get(name, "mp4v")
    path = write_video(tmp_path / name.partition("?")[0], codec=codec)
    with serve(tmp_path) as server:
        video = NetworkVideo(Address(f"{server}/{name}"), never)
        found = frames_of(video)
        assert not video.live
    here = read_all(VideoFile(path))
    assert [frame.time for frame in found] == pytest.approx([frame.time for frame in here])
    for one, other in zip(found, here, strict=True):
        np.testing.assert_array_equal(one.image, other.image)


def test_a_stream_of_pictures_has_the_times_at_which_they_came(tmp_path):
    found = []
    with serve(tmp_path, pictures=15, pause=0.1) as server:
        video = NetworkVideo(Address(f"{server}/stream.mjpg?token=abc"), never)
        video.open()
        with pytest.raises(SourceError, match=r"stream\.mjpg has ended") as error:
            while frame := video.read():
                found.append(frame)
    assert video.live and "secret" not in str(error.value) and "abc" not in str(error.value)
    assert [frame.index for frame in found] == list(range(15))
    assert found[0].time == 0 and found[-1].time > 1.0  # FFmpeg would say 0.56 s


def test_the_window_gets_nothing_while_nothing_comes_and_drops_what_it_does_not_take(tmp_path, impatient):
    with serve(tmp_path, pictures=30) as server:
        video = NetworkVideo(Address(f"{server}/silent.mjpg"))
        video.open()
        assert server.streamed.wait(30)
        first = video.read()
        assert first is not None and first.index > 0
        with pytest.raises(SourceError, match="nothing came for"):
            deadline = time.monotonic() + 5
            while time.monotonic() < deadline:
                video.read()


def test_a_stream_that_goes_silent_ends_with_a_sentence_and_a_signal_ends_it_at_once(tmp_path, impatient):
    with serve(tmp_path) as server:
        with pytest.raises(SourceError, match=r"stopped: nothing came for 0\.5 s"):
            frames_of(NetworkVideo(Address(f"{server}/silent.mjpg"), never))
        seen = []
        with pytest.raises(KeyboardInterrupt):
            video = NetworkVideo(Address(f"{server}/silent.mjpg"), lambda: True)
            video.open()
            while frame := video.read():
                seen.append(frame)
        assert seen


def test_whatever_fails_is_one_sentence(tmp_path, impatient):
    write_video(tmp_path / "here.mp4", codec="mp4v")
    (tmp_path / "list.m3u8").write_text(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{tmp_path}/here.mp4\n#EXT-X-ENDLIST\n"
    )
    (tmp_path / "list.txt").write_text(f"ffconcat version 1.0\nfile file://{tmp_path}/here.mp4\n")
    (tmp_path / "page.html").write_text("<html>Not a video</html>")
    with serve(tmp_path) as server, silence() as silent:
        for url in (
            f"{server}/none.mp4", f"{server}/away?file://{tmp_path}/here.mp4", f"{server}/list.m3u8",
            f"{server}/list.txt", f"{server}/page.html", f"http://{silent}/a.mp4", f"rtsp://{silent}/a",
            f"http://127.0.0.1:{closed_port()}/a", f"rtsp://127.0.0.1:{closed_port()}/a",
            "http://no-such-computer.invalid/a",
        ):  # fmt: skip
            begun, said = time.monotonic(), "does not answer within" if silent in url else "gives no video"
            with pytest.raises(SourceError, match=f"{said}.*check the address") as error:
                frames_of(NetworkVideo(Address(url), never))
            assert "secret" not in str(error.value) and time.monotonic() - begun < 10, url
