"""Of a video only JPEG pictures are decoded, and only of a size that a picture can have."""

import struct
import zlib

import cv2
import numpy as np
import pytest

from app.sessions.jpeg import decode
from app.sessions.mkv import MkvWriter, index, picture

IMAGE = np.arange(48 * 64 * 3, dtype=np.uint8).reshape(48, 64, 3)


def encoded(kind, *parameters):
    return cv2.imencode(kind, IMAGE, parameters)[1].tobytes()


JPEG = encoded(".jpg")


def resized(width, height):
    """The same bytes under a head that says another size."""
    at = next(i for i in range(len(JPEG)) if JPEG[i : i + 2] == b"\xff\xc0")
    return JPEG[: at + 5] + struct.pack(">HH", height, width) + JPEG[at + 9 :]


def huge_png():
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))


def test_a_jpeg_comes_back_as_opencv_reads_it():
    assert np.array_equal(decode(JPEG), cv2.imdecode(np.frombuffer(JPEG, np.uint8), cv2.IMREAD_COLOR))
    progressive = encoded(".jpg", cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
    assert decode(progressive).shape == IMAGE.shape
    assert decode(JPEG[:2] + b"\xff" + JPEG[2:]).shape == IMAGE.shape  # a fill byte


@pytest.mark.parametrize(
    "content",
    [
        *(encoded(kind) for kind in (".png", ".jp2", ".webp", ".tiff", ".bmp", ".ppm")),
        b"", b"\xff", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0", JPEG[:100], b"\xff\xd8" + encoded(".jp2"),
        b"\xff\xd8\xff" + encoded(".jp2"), b"\xff\xd8\xff\xe0\0\0" * 50, huge_png(),
        resized(65_500, 65_500), resized(32_001, 1), resized(12_000, 12_000), resized(0, 48), resized(64, 0),
    ],
)  # fmt: skip
def test_anything_else_is_no_picture(tmp_path, monkeypatch, content):
    def never(*_):
        raise AssertionError("a decoder was reached")

    if not content.startswith(b"\xff\xd8\xff\xe0") or len(content) > 700:
        monkeypatch.setattr(cv2, "imdecode", never)
    assert decode(content) is None
    path = tmp_path / "video.mkv"
    writer = MkvWriter(path, (64, 48), 30.0, "test")
    writer.write(0.0, content or b"\0")
    writer.close()
    assert picture(path, index(path), 0) is None
