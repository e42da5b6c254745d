"""Pictures: which kinds are decoded, how large, which way up, and animations picture by picture."""

import struct

import cv2
import numpy as np
import pytest

from app.sources.kinds import kind_of
from app.sources.picture_size import size_of
from app.sources.pictures import orientation, turned
from app.sources.source import SourceError
from app.sources.video import VideoFile
from tests.sources.reading import read_all

IMAGE = np.arange(40 * 30 * 3, dtype=np.uint32).reshape(30, 40, 3).astype(np.uint8)
KINDS = {".jpg": "JPEG", ".png": "PNG", ".webp": "WebP", ".tiff": "TIFF", ".bmp": "BMP", ".ppm": "PNM"}


def encoded(suffix, image=IMAGE):
    return cv2.imencode(suffix, image)[1].tobytes()


@pytest.mark.parametrize(("suffix", "kind"), KINDS.items())
def test_each_kind_is_told_by_its_first_bytes_with_its_size(tmp_path, suffix, kind):
    data = encoded(suffix)
    found = kind_of(data[:4096])
    assert found.name == kind and found.decoded and size_of(data, kind) == (40, 30)
    path = tmp_path / "named-otherwise.jpg"
    path.write_bytes(data)
    (frame,) = read_all(VideoFile(path))
    np.testing.assert_array_equal(frame.image, cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR))
    assert size_of(data[:4], kind) is None


@pytest.mark.parametrize(
    ("begin", "kind"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "AVIF"),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1avifmiaf", "AVIF"),
        (b"\xff\x0a\xfa\x7f", "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG-2000"),
        (b"\xff\x4f\xff\x51\0\x2f", "JPEG-2000"),
    ],
)
@pytest.mark.parametrize("name", ["a.jpg", "a.heic", "a.mp4"])
def test_other_kinds_reach_no_decoder_and_are_named(tmp_path, monkeypatch, begin, kind, name):
    monkeypatch.setattr(cv2, "VideoCapture", None)
    monkeypatch.setattr(cv2, "imdecode", None)
    (tmp_path / name).write_bytes(begin + bytes(200))
    with pytest.raises(SourceError, match=f"{name} is {kind}, which Mien does not read: save it as"):
        VideoFile(tmp_path / name).open()


@pytest.mark.parametrize("size", [(32_767, 1), (1, 40_000), (20_000, 6000)])
def test_a_picture_too_large_is_refused_before_it_is_decoded(tmp_path, monkeypatch, size):
    data = bytearray(encoded(".png"))
    data[16:24] = struct.pack(">II", *size)
    (tmp_path / "large.png").write_bytes(data)
    monkeypatch.setattr(cv2, "imdecode", None)
    with pytest.raises(SourceError, match=f"{size[0]} x {size[1]} pixels, more than .* make it smaller"):
        VideoFile(tmp_path / "large.png").open()


def exif(held, order="<"):
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    return head + struct.pack(order + "HHHIHHI", 1, 0x0112, 3, 1, held, 0, 0)


@pytest.mark.parametrize("held", range(1, 9))
@pytest.mark.parametrize("order", ["<", ">"])
def test_the_orientation_is_read(held, order):
    assert orientation(exif(held, order)) == orientation(b"Exif\0\0" + exif(held, order)) == held
    assert orientation(exif(held, order)[:12]) == orientation(b"") == orientation(exif(99)) == 1


@pytest.mark.parametrize("held", range(1, 9))
@pytest.mark.parametrize("suffix", [".png", ".webp", ".jpg"])
@pytest.mark.parametrize("channels", [3, 4])
def test_a_picture_is_upright_however_the_camera_was_held(tmp_path, held, suffix, channels):
    image = np.full((48, 64, channels), 255, np.uint8)
    image[:24, :32, :3] = 0
    image[24:, :32, :3] = 128
    if suffix == ".jpg" and channels == 4:
        image = image[..., :3]
    block = np.frombuffer(exif(held), np.uint8).reshape(1, -1)
    ok, data = cv2.imencodeWithMetadata(suffix, image, [cv2.IMAGE_METADATA_EXIF], [block])
    assert ok
    path = tmp_path / f"held{suffix}"
    path.write_bytes(data.tobytes())
    (frame,) = read_all(VideoFile(path))
    expected = turned(np.ascontiguousarray(image[..., :3]), held)
    assert frame.image.shape == expected.shape and np.abs(frame.image.astype(int) - expected).mean() < 4


def test_a_camera_held_to_its_side():
    image = np.zeros((2, 3, 3), np.uint8)
    image[0, 0] = 255
    assert turned(image, 6).shape == (3, 2, 3) and turned(image, 6)[0, 1, 0] == 255  # clockwise
    assert turned(image, 8)[2, 0, 0] == 255 and turned(image, 3)[1, 2, 0] == 255
    np.testing.assert_array_equal(turned(image, 6), cv2.rotate(image, cv2.ROTATE_90_CLOCKWISE))


@pytest.mark.parametrize("suffix", [".png", ".webp", ".gif"])
def test_an_animation_is_read_picture_by_picture(tmp_path, suffix):
    animation = cv2.Animation()
    animation.frames = [np.full((24, 32, 4), (10 * i, 10 * i, 10 * i, 255), np.uint8) for i in range(1, 13)]
    animation.durations = [40] * 6 + [100] * 6
    path = tmp_path / f"moves{suffix}"
    path.write_bytes(cv2.imencodeanimation(suffix, animation)[1].tobytes())
    video = VideoFile(path)
    frames = read_all(video)
    assert len(frames) == 12 and [frame.index for frame in frames] == list(range(12))
    assert [frame.time for frame in frames] == pytest.approx(
        [0.04 * min(i, 6) + 0.1 * max(0, i - 6) for i in range(12)], abs=2e-3
    )
    assert [frame.image.mean() for frame in frames] == pytest.approx([10 * i for i in range(1, 13)], abs=6)
    video.open()
    video.seek(frames[7].time)
    assert video.read().time == frames[7].time
    video.close()
