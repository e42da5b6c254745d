"""What a container says beside its pictures: how it is turned, how wide a pixel is, how much there is."""

import os
import struct

import cv2
import numpy as np
import pytest

from app.sources.source import SourceError
from app.sources.video import VideoFile
from app.sources.whole import is_cut_off
from tests.fakes import write_video
from tests.sources.reading import read_all

# The matrix of a track, ISO 14496-12, 8.3.2: what turns the picture clockwise by so many degrees.
TURNED = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


def corners(path):
    """A video of 64 x 48 whose left upper quarter is white."""
    image = np.zeros((48, 64, 3), np.uint8)
    image[:24, :32] = 255
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 20, (64, 48))
    for _ in range(10):
        writer.write(image)
    writer.release()
    return path


def turn(path, degrees):
    """Writes into the head of the only track that its picture is to be turned."""
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 4 + 4 + 20 + 8 + 8
    a, b, c, d = TURNED[degrees]
    data[matrix : matrix + 36] = struct.pack(">9i", a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(("degrees", "white"), [(90, (0, 1)), (180, (1, 1)), (270, (1, 0))])
def test_a_turned_video_is_upright(tmp_path, degrees, white):
    video = VideoFile(turn(corners(tmp_path / "turned.mp4"), degrees))
    frames = read_all(video)
    size = (64, 48) if degrees == 180 else (48, 64)
    assert (video.mode.width, video.mode.height) == size and len(frames) == 10
    quarters = cv2.resize(frames[5].image, (2, 2), interpolation=cv2.INTER_AREA).mean(axis=2)
    assert np.unravel_index(quarters.argmax(), (2, 2)) == white and quarters.max() > 200


def test_a_video_cut_off_is_told_from_one_that_promises_too_much(tmp_path):
    codecs = {
        "a.avi": "MJPG", "a.mp4": "mp4v", "a.mkv": "XVID", "a.flv": "FLV1", "a.wmv": "WMV2", "a.mov": "mp4v",
        "a.webm": "VP80",
    }  # fmt: skip
    for name, codec in codecs.items():
        path = write_video(tmp_path / name, 100, (320, 240), codec=codec)
        assert path.stat().st_size, name
        assert not is_cut_off(path), name
        os.truncate(path, path.stat().st_size * 2 // 3)
        assert is_cut_off(path), name


def test_a_name_with_a_colon_or_a_dash_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("12:30.mp4", "-i.mp4", "http:a.mp4", "concat:a|b.mp4", "a%03d.mp4", "面 ş.mp4"):
        corners(tmp_path / "plain.mp4").rename(tmp_path / name)
        assert len(read_all(VideoFile(name))) == 10, name


@pytest.mark.skipif(os.name == "nt", reason="a Unix thing")
def test_a_name_that_is_not_utf8_is_one_sentence(tmp_path):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/a\xff.mp4")
    corners(tmp_path / "plain.mp4").rename(path)
    with pytest.raises(SourceError, match="not UTF-8: rename") as caught:
        VideoFile(path).open()
    str(caught.value).encode()


def test_a_bare_stream_gives_the_right_picture_after_a_jump(tmp_path):
    frames = [np.full((48, 64, 3), 10 + 8 * i, np.uint8) for i in range(25)]
    path = tmp_path / "bare.mjpeg"
    path.write_bytes(b"".join(cv2.imencode(".jpg", frame)[1].tobytes() for frame in frames))
    video = VideoFile(path)
    whole = read_all(video)
    assert len(whole) == 25
    video.open()
    for i in (20, 3, 24, 0):
        video.seek(whole[i].time)
        frame = video.read()
        assert frame.time == pytest.approx(whole[i].time) and np.array_equal(frame.image, whole[i].image)
    video.close()


def test_av1_that_cannot_be_decoded_is_named(tmp_path, monkeypatch):
    class Closed:
        def __init__(self, *_): ...

        def isOpened(self):  # noqa: N802
            return False

    monkeypatch.setattr(cv2, "VideoCapture", Closed)
    (tmp_path / "a.mp4").write_bytes(b"\0\0\0\x18ftypisom\0\0\0\0av01" + bytes(100))
    with pytest.raises(SourceError, match=r"a\.mp4 is AV1, which Mien cannot decode here: convert it"):
        VideoFile(tmp_path / "a.mp4").open()


def test_a_cover_picture_is_no_video(tmp_path):
    cover = cv2.imencode(".jpg", np.full((64, 64, 3), 90, np.uint8))[1].tobytes()
    tag = b"\0image/jpeg\0\x03\0" + cover  # ID3v2.3, 4.15
    tag = b"APIC" + struct.pack(">I", len(tag)) + b"\0\0" + tag
    length = bytes(len(tag) >> shift & 127 for shift in (21, 14, 7, 0))
    silence = (b"\xff\xfb\x90\0" + bytes(413)) * 60
    (tmp_path / "song.mp3").write_bytes(b"ID3\x03\0\0" + length + tag + silence)
    with pytest.raises(SourceError, match=r"song\.mp3 holds sound and a cover picture, no video"):
        VideoFile(tmp_path / "song.mp3").open()
