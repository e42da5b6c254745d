"""A file whose pictures change their size: each comes whole, in the size of the first, and it is said."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from app.sessions.mkv import MkvWriter
from app.sessions.pictures import BlankFaces, SourceVideo
from app.sources.coded_size import CodedSize, coded_size, format_of, heading, pixel_aspect
from app.sources.video import VideoFile
from tests.sources.reading import read_all

SIZES = [(64, 48)] * 4 + [(128, 96)] * 3 + [(48, 48)] * 3 + [(64, 48)] * 2


def spotted(size, grey):
    """A picture of `size` with a white dot in its middle."""
    image = np.full((size[1], size[0], 3), grey, np.uint8)
    cv2.circle(image, (size[0] // 2, size[1] // 2), size[1] // 5, (255, 255, 255), -1)
    return image


def motion_jpeg(path, sizes=SIZES):
    writer = MkvWriter(path, sizes[0], 10.0, "test")
    for i, size in enumerate(sizes):
        writer.write(i / 10, cv2.imencode(".jpg", spotted(size, 60 + 5 * i))[1].tobytes())
    writer.close()
    return path


def transport_stream(path, sizes, codec="MPG2"):
    """One file after the other, as a camera that changes its size writes them."""
    whole = b""
    for size in sizes:
        part = path.with_name(f"part{path.suffix}")
        writer = cv2.VideoWriter(str(part), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*codec), 25, size)
        for i in range(8):
            writer.write(spotted(size, 60 + 5 * i))
        writer.release()
        whole += part.read_bytes()
    path.write_bytes(whole)
    return path


def spot(image):
    """Width and height of the white dot, and the place of its middle."""
    y, x = np.nonzero(image[..., 1] > 200)
    return np.ptp(x) + 1, np.ptp(y) + 1, x.mean(), y.mean()


def test_each_picture_is_whole_in_the_size_of_the_first(tmp_path):
    frames = read_all(VideoFile(motion_jpeg(tmp_path / "a.mkv")))
    assert len(frames) == len(SIZES) and {frame.image.shape for frame in frames} == {(48, 64, 3)}
    for frame, (width, height) in zip(frames, SIZES, strict=True):
        across, down, x, y = spot(frame.image)
        assert across == pytest.approx(down, abs=2) and (x, y) == pytest.approx((32, 24), abs=1)
        bars = (64 - 48) // 2 if width == height else 0
        assert frame.image[:, :bars].max(initial=0) == 0 and frame.image[:, bars + 1 : 63 - bars].min() > 30


def test_it_is_said_from_what_size_to_what(tmp_path):
    said = [frame.size_note for frame in read_all(VideoFile(motion_jpeg(tmp_path / "a.mkv")))]
    assert [i for i, text in enumerate(said) if text] == [4, 7, 10]
    assert said[4].startswith(
        "from 64 x 48 to 128 x 96 pixels: from here on pictures and places are scaled by 0.5"
    )
    assert said[7].startswith("from 128 x 96 to 48 x 48 pixels") and "moved by 8 and 0 pixels" in said[7]
    assert said[10] == "from 48 x 48 to 64 x 48 pixels: the first size again"


@pytest.mark.parametrize("sizes", [[(64, 48), (96, 96)], [(128, 96), (64, 48), (128, 96)]])
def test_transport_streams_one_after_the_other(tmp_path, sizes):
    frames = read_all(VideoFile(transport_stream(tmp_path / "a.ts", sizes)))
    said = [frame.size_note.split(":")[0] for frame in frames if frame.size_note]
    assert said == [f"from {a[0]} x {a[1]} to {b[0]} x {b[1]} pixels" for a, b in pairwise(sizes)]
    for frame in frames:
        across, down, x, y = spot(frame.image)
        assert across == pytest.approx(down, abs=3)
        assert (x, y) == pytest.approx((sizes[0][0] / 2, sizes[0][1] / 2), abs=1)


def test_any_picture_is_shown_again_after_a_jump(tmp_path):
    path = motion_jpeg(tmp_path / "a.mkv")
    frames = read_all(VideoFile(path))
    shown = SourceVideo(path, BlankFaces((16, 16)))
    for i in (9, 1, 11, 5, 0, 7, 4):
        np.testing.assert_array_equal(shown.at(frames[i].time, ()).image, frames[i].image)
    video = VideoFile(path)
    video.open()
    for i in (9, 1, 11, 5):
        video.seek(frames[i].time)
        np.testing.assert_array_equal(video.read().image, frames[i].image)
    video.close()


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.avi", "MJPG"), ("a.ts", "MPG2"), ("a.webm", "VP80"), ("b.webm", "VP90")],
)
def test_a_compressed_picture_names_its_size(tmp_path, name, codec):
    path = transport_stream(tmp_path / name, [(160, 112)], codec)
    packets = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_FORMAT, -1])
    format = format_of(int(packets.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little").decode())
    picture = packets.read()[1].tobytes()
    assert format and heading(picture, format)
    size = coded_size(picture, format, 1.25)
    assert (size.width, size.height) == (160, 112) and size.aspect in (1.0, 1.25)
    assert coded_size(b"", format, 1.0) is None and heading(picture[40:80], format) == b""


def test_what_pixels_cannot_be_is_not_believed():
    assert pixel_aspect(64, 45) == pytest.approx(64 / 45) and pixel_aspect(0, 1, 1.5) == 1.5
    assert pixel_aspect(1, 100) == 1.0 and format_of("ap4h") == "" and format_of("AVC1") == "h264"
    assert coded_size(b"\x10\0\0\x9d\x01\x2a\x80\x02\x68\x01", "vp80", 1.0) == CodedSize(640, 360, 1.0)


def test_the_case(cases):
    frames = read_all(VideoFile(cases / "size-change.mkv"))
    assert len(frames) == 137 and [frame.index for frame in frames if frame.size_note] == [72]
    assert frames[72].size_note.startswith("from 640 x 360 to 640 x 480 pixels")
    assert frames[72].image.shape == (360, 640, 3) and not frames[100].image[:, :79].any()
