"""The size that a video's compressed picture names in its own head, which a container's head may not know."""

from __future__ import annotations

import os
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

import cv2

from app.sources.open_video import ONE_THREAD, open_video
from app.sources.picture_size import size_of

NARROWEST = 0.1  # width of a pixel by its height that is believed, or height by width
HEAD = 4096  # bytes of a picture in which its size is named
START = b"\0\0\1"  # before each unit of H.264, HEVC and MPEG video
# By the four letters of a format: which first bytes of a unit say that it names the size.
UNITS: dict[str, frozenset[int]] = {
    "h264": frozenset(byte for byte in range(0x80) if byte & 0x1F == 7),  # ISO 14496-10, table 7-1
    "hevc": frozenset((0x42, 0x43)),  # ISO 23008-2, table 7-1
    "mpg2": frozenset((0xB3,)),  # ISO 13818-2, table 6-1
    "mpg4": frozenset(range(0x20, 0x30)),  # ISO 14496-2, table 6-3
}
SAME = {
    "avc1": "h264", "avc3": "h264", "x264": "h264", "hev1": "hevc", "hvc1": "hevc", "h265": "hevc",
    "mpg1": "mpg2", "fmp4": "mpg4", "mp4v": "mpg4", "xvid": "mpg4", "divx": "mpg4", "dx50": "mpg4",
    "mjpg": "jpeg", "jpeg": "jpeg", "vp80": "vp80", "vp90": "vp90", "av01": "av01",
}  # fmt: skip
FORMATS = frozenset((*UNITS, *SAME.values()))


@dataclass(frozen=True, slots=True)
class CodedSize:
    """Width and height of a picture as it is coded, in pixels."""

    width: int
    height: int
    aspect: float  # width of a pixel by its height


def format_of(letters: str) -> str:
    """One name for a format whose pictures name their size, by a container's four letters; "" for others."""
    name = letters.lower()
    name = SAME.get(name, name)
    return name if name in FORMATS else ""


def heading(picture: bytes, format: str) -> bytes:
    """The part of a compressed `picture` that names its size: where it is the same, the size is, too.

    b"" where it names none. `format` is one of `format_of`.
    """
    if format == "jpeg":
        size = size_of(picture, "JPEG")
        return b"" if size is None else struct.pack("<II", *size)
    if format == "vp80":  # RFC 6386, 9.1
        return picture[6:10] if picture[3:6] == b"\x9d\x01\x2a" else b""
    if format == "vp90":  # the head up to the size: VP9 bitstream, 6.2
        return picture[:9] if picture[1:4] == b"\x49\x83\x42" else b""
    if format == "av01":
        return _sequence_header(picture)
    return b"".join(unit for unit in picture[:HEAD].split(START) if unit and unit[0] in UNITS[format])


def coded_size(picture: bytes, format: str, aspect: float) -> CodedSize | None:
    """The size that a compressed key picture names; None where it cannot be told.

    `aspect` is that of its pixels where it names none.
    """
    sides = heading(picture, format)
    if not sides:
        return None
    if format in ("jpeg", "vp80"):
        if format == "jpeg":
            width, height = struct.unpack("<II", sides)
            return CodedSize(width, height, aspect)
        width, height = struct.unpack("<HH", sides)
        return CodedSize(width & 0x3FFF, height & 0x3FFF, aspect)
    try:
        return _asked(_as_file(picture, format), aspect)
    except OSError:  # no room for temporary files
        return None


def pixel_aspect(width: float, height: float, otherwise: float = 1.0) -> float:
    """Width of a pixel by its height; `otherwise` where nothing is said, or what cannot be."""
    aspect = width / height if width > 0 and height > 0 else otherwise
    return aspect if NARROWEST <= aspect <= 1 / NARROWEST else 1.0


def _sequence_header(picture: bytes) -> bytes:
    """The sequence header of an AV1 picture, AV1 bitstream, 5.3; b"" where it has none."""
    at = 0
    while at + 2 <= len(picture):
        kind, extended, sized = picture[at] >> 3 & 15, picture[at] >> 2 & 1, picture[at] >> 1 & 1
        if not sized or picture[at + 1 + extended] > 127:  # longer than such a header is
            return b""
        begin = at + 2 + extended
        at = begin + picture[begin - 1]
        if kind == 1:
            return picture[begin:at]
    return b""


def _as_file(picture: bytes, format: str) -> bytes:
    """A file of that one picture, as FFmpeg reads it."""
    if format not in ("vp90", "av01"):
        return picture
    head = struct.pack("<4sHH4sHHIIII", b"DKIF", 0, 32, format.upper().encode(), 16, 16, 30, 1, 1, 0)
    return head + struct.pack("<IQ", len(picture), 0) + picture


def _asked(file: bytes, aspect: float) -> CodedSize | None:
    """FFmpeg's answer: it knows how each format writes its size."""
    handle, name = tempfile.mkstemp(prefix="mien-", suffix=".bin")
    try:
        with os.fdopen(handle, "wb") as temporary:
            temporary.write(file)
        video = open_video(name, *ONE_THREAD)
        get = video.get
        if not video.isOpened():
            return None
        width, height = round(get(cv2.CAP_PROP_FRAME_WIDTH)), round(get(cv2.CAP_PROP_FRAME_HEIGHT))
        aspect = pixel_aspect(get(cv2.CAP_PROP_SAR_NUM), get(cv2.CAP_PROP_SAR_DEN), aspect)
        video.release()
        return CodedSize(width, height, aspect) if width and height else None
    finally:
        Path(name).unlink(missing_ok=True)
