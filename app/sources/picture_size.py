"""Width and height of a picture by the head of its file, before memory is taken for it."""

from __future__ import annotations

import re
import struct

MOST_PIXELS, MOST_SIDE = 100_000_000, 32_766  # OpenCV ends the process above that side
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # markers of a frame's head, ISO 10918-1 B.1.1.3
TIFF_WIDTH, TIFF_HEIGHT = 256, 257


def size_of(data: bytes, kind: str) -> tuple[int, int] | None:
    """Width and height in pixels of the picture `data`, a whole file of such a `kind`; None if damaged."""
    try:
        return READERS[kind](data)
    except (struct.error, IndexError, ValueError, OverflowError):
        return None


def is_too_large(size: tuple[int, int]) -> bool:
    """Whether a picture of this width and height is refused: above 100 megapixels, or 32,766 a side."""
    return max(size) > MOST_SIDE or size[0] * size[1] > MOST_PIXELS


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while data[at] == 0xFF:
        kind = data[at + 1]
        if kind == 0xFF:  # fill bytes may stand before a marker
            at += 1
        elif kind in FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        else:
            at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return None


def _png(data: bytes) -> tuple[int, int] | None:
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _webp(data: bytes) -> tuple[int, int] | None:
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def _tiff(data: bytes) -> tuple[int, int] | None:
    order = "<" if data[:2] == b"II" else ">"
    big = struct.unpack_from(order + "H", data, 2)[0] == 43
    at = struct.unpack_from(order + ("Q" if big else "I"), data, 8 if big else 4)[0]
    count = struct.unpack_from(order + ("Q" if big else "H"), data, at)[0]
    at, found = at + (8 if big else 2), {}
    for _ in range(min(count, 1000)):
        tag, kind = struct.unpack_from(order + "HH", data, at)
        if tag in (TIFF_WIDTH, TIFF_HEIGHT):
            value = {3: "H", 4: "I", 16: "Q"}.get(kind, "I")
            found[tag] = struct.unpack_from(order + value, data, at + (12 if big else 8))[0]
        at += 20 if big else 12
    return (found[TIFF_WIDTH], found[TIFF_HEIGHT]) if len(found) == 2 else None


def _bmp(data: bytes) -> tuple[int, int] | None:
    if struct.unpack_from("<I", data, 14)[0] == 12:  # the head of OS/2
        width, height = struct.unpack_from("<HH", data, 18)
    else:
        width, height = struct.unpack_from("<ii", data, 18)
    return abs(width), abs(height)


def _gif(data: bytes) -> tuple[int, int] | None:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _pnm(data: bytes) -> tuple[int, int] | None:
    # What follows a number belongs to it: one that is cut short would be smaller than what is decoded.
    found = re.match(rb"P[1-6](?:\s|#[^\n]*\n)+(\d{1,9})(?:\s|#[^\n]*\n)+(\d{1,9})[\s#]", data[:4096])
    return (int(found[1]), int(found[2])) if found else None


READERS = {"JPEG": _jpeg, "PNG": _png, "WebP": _webp, "TIFF": _tiff, "BMP": _bmp, "GIF": _gif, "PNM": _pnm}
