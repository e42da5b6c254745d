"""Kinds and sizes from made-up heads of files, each as its format says it."""

import struct
from pathlib import Path

import pytest

from app.sources import kinds, picture_size
from app.sources.kinds import Kind, is_read_as_picture, kind_of
from app.sources.picture_size import is_too_large, size_of


def boxes(*brands, length=None):
    """The first box of a file as MP4: main brand, version, and compatible brands."""
    said = 8 + 8 + 4 * (len(brands) - 1) if length is None else length
    return struct.pack(">I", said) + b"ftyp" + brands[0] + b"\0\0\0\0" + b"".join(brands[1:]) + b"more"


@pytest.mark.parametrize(
    ("begin", "name", "decoded"),
    [
        (b"\0\0\0\x0cJXL x", "JPEG XL", False), (b"\xff\x0ax", "JPEG XL", False),
        (b"\0\0\0\x0cjP  x", "JPEG-2000", False), (b"\xff\x4f\xff\x51x", "JPEG-2000", False),
        (b"8BPSx", "Photoshop", False), (b"v/1\x01x", "OpenEXR", False), (b"#?RADIANCE\n", "Radiance", False),
        (b"%PDF-1", "PDF", False), (b"II*\0\x10\0\0\0CRx", "camera raw", False),
        (boxes(b"heic"), "HEIC", False), (boxes(b"mif1", b"heic"), "HEIC", False),
        (boxes(b"mif1", b"abcd", b"avif"), "AVIF", False), (boxes(b"avis", b"heic"), "AVIF", False),
        (boxes(b"avif"), "AVIF", False), (boxes(b"mif1", b"avif", length=8), "HEIC", False),
        (b"\xff\xd8\xffx", "JPEG", True), (b"\x89PNG\r\n\x1a\nx", "PNG", True),
        (b"RIFFxxxxWEBPx", "WebP", True), (b"II*\0x", "TIFF", True), (b"MM\0*x", "TIFF", True),
        (b"II+\0x", "TIFF", True), (b"MM\0+x", "TIFF", True), (b"BMxxxx\0\0\0\0x", "BMP", True),
        (b"GIF87ax", "GIF", True), (b"GIF89ax", "GIF", True), (b"P1\n", "PNM", True), (b"P6 ", "PNM", True),
        (b"P5\n4", "PNM", True), (boxes(b"mif1", b"heic")[:-4] + b"avif", "HEIC", False),
    ],
)  # fmt: skip
def test_a_kind_is_known_by_its_first_bytes(begin, name, decoded):
    assert kind_of(begin) == Kind(name, decoded)
    assert kind_of(b"x" + begin) is None


@pytest.mark.parametrize(
    "begin",
    [
        b"", b"P", b"P7\n", b"P0\n", b"P6x", b"BMxxxx\0\0\0x", b"RIFFxxxxWAVE", b"xxxxxxxxWEBP", b"\xff\xd8x",
        b"GIF88a", boxes(b"isom", b"avif"), boxes(b"qt  "), b"xxxxftypisom",
    ],
)  # fmt: skip
def test_what_is_no_picture_has_no_kind(begin):
    assert kind_of(begin) is None


def test_a_brand_that_only_lies_across_two_places_does_not_count():
    assert kind_of(boxes(b"mif1", b"xxav", b"ifxx")).name == "HEIC"
    at_the_end = boxes(b"mif1", b"abcd", b"avif")
    assert kind_of(at_the_end[:-4]).name == "AVIF" and kind_of(at_the_end[:-5]).name == "HEIC"


def test_which_files_are_decoded_as_pictures():
    jpeg, gif, webp = Kind("JPEG", True), Kind("GIF", True), Kind("WebP", True)
    for name, kind, picture in (
        ("a.JPG", jpeg, True), ("a.mjpeg", jpeg, False), ("a", jpeg, True), ("a.gif", gif, False),
        ("a.webp", webp, True), ("a.mp4", webp, True), ("a.mp4", None, False), ("a", None, False),
        ("a.png", None, True), ("a", gif, False),
    ):  # fmt: skip
        assert is_read_as_picture(Path(name), kind) == picture, (name, kind)


def jpeg(*segments, kind=0xC0):
    frame = b"\xff" + bytes([kind]) + struct.pack(">HBHHB", 17, 8, 30, 40, 3)
    return b"\xff\xd8" + b"".join(segments) + frame


def tiff(order, big, kinds_=(4, 4), more=0):
    pack = lambda form, *values: struct.pack(order + form, *values)  # noqa: E731
    sizes = {3: "H", 4: "I", 16: "Q"}
    entries = []
    for tag, kind, value in ((254, 4, 0), (256, kinds_[0], 40), (257, kinds_[1], 30), (258, 3, 8)):
        entry = pack("HH", tag, kind) + pack("Q" if big else "I", 1) + pack(sizes[kind], value)
        entries.append(entry.ljust(20 if big else 12, b"\0"))
    name = b"II" if order == "<" else b"MM"
    first = b"\0" * 4 * more  # what lies before the directory
    head = name + (pack("HHHQ", 43, 8, 0, 16 + len(first)) if big else pack("HI", 42, 8 + len(first)))
    return head + first + pack("Q" if big else "H", len(entries)) + b"".join(entries)


def webp(kind, content):
    return b"RIFF\0\0\0\0WEBP" + kind + b"\0\0\0\0" + content


SIZES = {
    "jpeg": ("JPEG", jpeg()),
    "jpeg, progressive": ("JPEG", jpeg(kind=0xC2)),
    "jpeg, last kind": ("JPEG", jpeg(kind=0xCF)),
    "jpeg after other segments": (
        "JPEG", jpeg(b"\xff\xe0\0\x04ab", b"\xff\xc4\0\x03a", b"\xff\xc8\0\x02", b"\xff\xcc\0\x02")
    ),
    **{
        f"jpeg after a segment {kind:x}, which is no frame": (
            "JPEG", jpeg(b"\xff" + bytes([kind]) + b"\0\x0b" + bytes(range(1, 10)))
        )
        for kind in (0xBF, 0xD0)
    },
    "jpeg after fill bytes": ("JPEG", jpeg(b"\xff\xff\xff")),
    "png": ("PNG", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + struct.pack(">II", 40, 30)),
    "webp, extended": ("WebP", webp(b"VP8X", b"\x10\0\0\0" + b"\x27\0\0" + b"\x1d\0\0" + b"ALPH")),
    "webp, lossless": ("WebP", webp(b"VP8L", b"\x2f" + struct.pack("<I", 39 | 29 << 14 | 1 << 28))),
    "webp, lossy": ("WebP", webp(b"VP8 ", b"\0" * 6 + struct.pack("<HH", 40 | 1 << 14, 30 | 2 << 14))),
    "bmp": ("BMP", b"BM" + bytes(12) + struct.pack("<Iii", 40, 40, -30)),
    "bmp, flipped": ("BMP", b"BM" + bytes(12) + struct.pack("<Iii", 40, -40, 30)),
    "bmp of os/2": ("BMP", b"BM" + bytes(12) + struct.pack("<IHH", 12, 40, 30)),
    "gif": ("GIF", b"GIF89a" + struct.pack("<HH", 40, 30)),
    "pnm": ("PNM", b"P6\n40 30\n255\n"),
    "pnm with remarks": ("PNM", b"P3 # a\n# b\n40\n#c\n30\n"),
    **{
        f"tiff {order}{big}{kinds_}{more}": ("TIFF", tiff(order, big, kinds_, more))
        for order in "<>" for big in (False, True) for more in (0, 3)
        for kinds_ in ((4, 4), (3, 3), (3, 4), *([(16, 16)] if big else []))
    },
}  # fmt: skip


@pytest.mark.parametrize(("kind", "data"), SIZES.values(), ids=SIZES)
def test_a_size_is_read_from_the_head(kind, data):
    assert size_of(data, kind) == (40, 30)
    for end in range(len(data)):
        size_of(data[:end], kind)  # whatever it is, no error


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("JPEG", b"\xff\xd8\0\xc0" + bytes(20)), ("JPEG", b"\xff\xd8\xff\xe0\0\x04ab\0" + bytes(20)),
        ("PNM", b"P6\nx 30\n"), ("PNM", b"P7\n40 30\n"), ("TIFF", tiff("<", False)[:30]),
    ],
)  # fmt: skip
def test_a_damaged_head_has_no_size(kind, data):
    assert size_of(data, kind) is None


def test_large_sizes_are_read_too():
    assert size_of(webp(b"VP8X", bytes(4) + b"\xff" * 6), "WebP") == (1 << 24, 1 << 24)
    assert size_of(webp(b"VP8L", b"\x2f" + b"\xff" * 4), "WebP") == (1 << 14, 1 << 14)
    assert size_of(webp(b"VP8 ", bytes(6) + b"\xff" * 4), "WebP") == (0x3FFF, 0x3FFF)
    assert size_of(b"P6 123456789 1\n", "PNM") == (123_456_789, 1)
    assert size_of(b"P6 40 1234567890\n", "PNM") is None and size_of(b"P6 40 12x", "PNM") is None


def test_sizes_of_a_text_are_read_from_its_first_4096_bytes():
    for length, size in ((4095, (40, 300)), (4096, None), (4097, None), (4098, None), (9000, None)):
        data = b"P6\n40\n#" + b"x" * (length - 11) + b"\n300"  # the last three may be cut in two
        assert len(data) == length and size_of(data + b"\n255\n", "PNM") == size
    assert size_of(b"P5 40 300#a\n255\n", "PNM") == (40, 300)


def test_a_directory_of_a_thousand_entries_is_read():
    entry = struct.pack("<HHII", 254, 4, 1, 0)
    wanted = struct.pack("<HHII", 256, 4, 1, 40) + struct.pack("<HHII", 257, 4, 1, 30)
    for before, size in ((998, (40, 30)), (999, None)):
        data = b"II*\0" + struct.pack("<IH", 8, before + 2) + entry * before + wanted
        assert size_of(data, "TIFF") == size


def test_what_is_too_large_is_refused_from_the_first_pixel_on():
    assert (picture_size.MOST_PIXELS, picture_size.MOST_SIDE, kinds.HEAD) == (100_000_000, 32_766, 4096)
    for size, refused in (
        ((10_000, 10_000), False), ((10_000, 10_001), True), ((10_001, 10_000), True),
        ((32_766, 1), False), ((1, 32_767), True), ((32_767, 1), True),
    ):  # fmt: skip
        assert is_too_large(size) == refused
