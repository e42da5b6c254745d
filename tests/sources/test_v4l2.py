"""A made-up driver that answers as the kernel's structures are laid out."""

import errno
import struct

import pytest

from app.sources import v4l2
from app.sources.source import Mode

SIZES = {
    "MJPG": {(1280, 720): [(1, 30), (1, 15), (1, 1)], (640, 480): [(1, 30)]},
    "YUYV": {(640, 480): [(1, 30), (2, 15)]},
}


def code(letters):
    return int.from_bytes(letters.encode(), "little")


def driver(file, request, said):
    """Three formats with sizes and intervals one by one; EINVAL after the last."""
    try:
        (number,) = struct.unpack_from("=I", said)
        if request == v4l2.QUERYCAP:
            struct.pack_into("=II", said, 84, 0x84A00001, 0x04A00000)  # whole: pictures; this node: metadata
        elif request == v4l2.ENUM_FMT:
            struct.pack_into("=I", said, 44, code(("H264", *SIZES)[number]))
        elif request == v4l2.ENUM_FRAMESIZES:
            (pixels,) = struct.unpack_from("=I", said, 4)
            sizes = next(sizes for name, sizes in SIZES.items() if code(name) == pixels)
            struct.pack_into("=III", said, 8, 1, *list(sizes)[number])
        elif request == v4l2.ENUM_FRAMEINTERVALS:
            pixels, *size = struct.unpack_from("=III", said, 4)
            sizes = next(sizes for name, sizes in SIZES.items() if code(name) == pixels)
            struct.pack_into("=III", said, 16, 1, *sizes[tuple(size)][number])
    except IndexError:
        raise OSError(errno.EINVAL, "no more") from None


def ranges(file, request, said):
    """One format, any size in steps of 16, up to 60/s."""
    (number,) = struct.unpack_from("=I", said)
    if number:
        raise OSError(errno.EINVAL, "no more")
    if request == v4l2.ENUM_FMT:
        struct.pack_into("=I", said, 44, code("YUYV"))
    elif request == v4l2.ENUM_FRAMESIZES:
        struct.pack_into("=I6I", said, 8, 3, 160, 1280, 16, 120, 720, 8)
    else:
        struct.pack_into("=I6I", said, 16, 3, 1, 60, 1, 1, 1, 1)


@pytest.fixture
def node(tmp_path):
    (tmp_path / "video0").touch()
    return tmp_path / "video0"


def test_each_size_and_rate_once_in_the_format_that_loads_usb_least(node):
    assert v4l2.modes(node, driver) == (
        Mode(1280, 720, 30.0, "MJPG"), Mode(1280, 720, 15.0, "MJPG"), Mode(640, 480, 30.0, "MJPG"),
        Mode(640, 480, 7.5, "YUYV"),
    )  # fmt: skip


def test_a_range_gives_the_common_sizes_in_it_at_the_highest_rate(node):
    assert {(m.width, m.height) for m in v4l2.modes(node, ranges)} == {
        (1280, 720),
        (640, 480),
        (640, 360),
        (320, 240),
    }
    assert {m.rate for m in v4l2.modes(node, ranges)} == {60.0}


def test_what_cannot_be_asked(node, tmp_path):
    assert v4l2.modes(tmp_path / "none") == () and v4l2.takes_pictures(tmp_path / "none") is None
    assert v4l2.modes(node) == () and v4l2.takes_pictures(node) is None  # a plain file


def test_a_node_for_metadata_takes_no_pictures(node):
    assert v4l2.takes_pictures(node, driver) is False


def test_a_driver_that_never_stops_is_not_believed(node):
    assert v4l2.modes(node, lambda file, request, said: None) == ()
