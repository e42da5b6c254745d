"""Files and networks are kept apart: no file opens a connection, no server names a file."""

import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from app.sources.address import Address
from app.sources.network_video import NetworkVideo
from app.sources.open_video import open_video
from app.sources.source import SourceError
from app.sources.video import VideoFile
from tests.fakes import write_video
from tests.sources.reading import read_all
from tests.sources.servers import serve, silence
from tests.sources.test_network_video import frames_of, never

PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{0}\n#EXT-X-ENDLIST\n"
VARIANTS = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{0}\n"
KEYS = '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="{0}"\n#EXTINF:1,\na.ts\n#EXT-X-ENDLIST\n'
CONCAT = "ffconcat version 1.0\nfile '{0}'\n"
SDP = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=a\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {1} RTP/AVP 26\n"
MANIFEST = (
    '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
    'mediaPresentationDuration="PT1S"><Period><AdaptationSet mimeType="video/mp4">'
    '<Representation id="1" bandwidth="1"><BaseURL>{0}</BaseURL></Representation>'
    "</AdaptationSet></Period></MPD>"
)
FORMS = {
    "a.m3u8": PLAYLIST,
    "b.m3u8": VARIANTS,
    "c.m3u8": KEYS,
    "d.ffconcat": CONCAT,
    "e.sdp": SDP,
    "f.mpd": MANIFEST,
}
SCHEMES = ("http", "tcp", "udp", "rtsp", "rtp", "ftp", "crypto+http", "cache:http", "async:http", "tls")


@pytest.fixture
def heard():
    """A port, and what was said to it by TCP or UDP."""
    said, over = [], threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(type=socket.SOCK_DGRAM) as other:
        port = server.getsockname()[1]
        other.bind(("127.0.0.1", port))
        server.settimeout(0.05)
        other.setblocking(False)

        def listen():
            while not over.is_set():
                with suppress(TimeoutError):
                    said.append(server.accept()[1])
                with suppress(BlockingIOError):
                    said.append(other.recvfrom(100))

        thread = threading.Thread(target=listen)
        thread.start()
        yield port, said
        over.set()
        thread.join()


@pytest.mark.parametrize("name", FORMS)
def test_no_file_opens_a_connection(tmp_path, heard, name):
    port, said = heard
    for scheme in SCHEMES:
        (tmp_path / name).write_text(FORMS[name].format(f"{scheme}://127.0.0.1:{port}/a.ts", port))
        for path in (tmp_path / name, (tmp_path / name).rename(tmp_path / "named.mp4")):
            video = open_video(path)
            assert not video.isOpened() or not video.read()[0]
            with pytest.raises(SourceError):
                VideoFile(path).open()
    assert said == []


def test_a_playlist_of_files_beside_it_shows_that_playlists_are_read(tmp_path):
    write_video(tmp_path / "a.mp4", codec="mp4v")
    (tmp_path / "a.ffconcat").write_text(CONCAT.format("a.mp4"))
    assert len(read_all(VideoFile(tmp_path / "a.ffconcat"))) == 10


def test_no_server_names_a_file(tmp_path, monkeypatch):
    for limit in ("OPEN_TIMEOUT", "READ_TIMEOUT"):
        monkeypatch.setattr(f"app.sources.connect.{limit}", 0.5)
    path = write_video(tmp_path / "here.mp4", codec="mp4v")
    for name, form in FORMS.items():
        (tmp_path / name).write_text(form.format(f"file://{path}", 9))
    with serve(tmp_path) as server:
        for name in (*FORMS, f"away?file://{path}", f"away?{path}"):
            with pytest.raises(SourceError, match=r"gives no video|does not answer"):
                frames_of(NetworkVideo(Address(f"{server}/{name}"), never))


def test_a_file_is_opened_as_ever_while_a_server_is_silent(tmp_path, monkeypatch):
    monkeypatch.setattr("app.sources.connect.OPEN_TIMEOUT", 2.0)
    path, environment = write_video(tmp_path / "clip.mp4", codec="mp4v"), dict(os.environ)
    usual = [frame.image.sum() for frame in read_all(VideoFile(path))]
    with silence() as silent, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(frames_of, NetworkVideo(Address(f"rtsp://{silent}/a"), never))
        times = 0
        while not waiting.done():
            assert dict(os.environ) == environment
            assert [frame.image.sum() for frame in read_all(VideoFile(path))] == usual
            times += not waiting.done()
        assert times > 5  # so often while the server was silent
        with pytest.raises(SourceError, match="does not answer within 2 s"):
            waiting.result()
