"""Whether all bytes of a video file are there, by the lengths that its container writes down.

How many frames a container promises says little: a lossless trim hides frames, and sound may be longer than
the picture.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

EBML, SEGMENT = b"\x1aE\xdf\xa3", 0x18538067  # RFC 8794, RFC 9559
OGG_PAGE = 65_307  # bytes at most, RFC 3533
ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")  # then 8 bytes, 16 bytes, the file's size
BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"styp", b"pnot"}


def is_cut_off(path: Path) -> bool:
    """Whether bytes are missing at the end of the file at `path`.

    False where they are all there, and where the kind of container cannot tell, such as transport streams.
    Raises OSError.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        begin = file.read(16)
        for belongs, needs in KINDS:
            if belongs(begin):
                file.seek(0)
                return needs(file, size) > size
    return False


def _boxes(file: BinaryIO, size: int) -> int:
    """MP4 and MOV, ISO 14496-12, 4.2: a row of boxes, each with its length."""
    at = 0
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1 and len(head) == 16:
            length = int.from_bytes(head[8:], "big")
        if length < 8:  # 0: up to the end of the file; less: no box, but padding
            return size
        at += length
    return at


def _chunks(file: BinaryIO, size: int) -> int:
    """AVI: one or more RIFF chunks, each with its length."""
    at = 0
    while at + 12 <= size:
        file.seek(at)
        head = file.read(8)
        if head[:4] != b"RIFF":
            return at
        at += 8 + int.from_bytes(head[4:], "little")
    return at


def _elements(file: BinaryIO, size: int) -> int:
    """Matroska and WebM: the length of the segment; a live recording does not know it."""
    at = 0
    while at < size:
        file.seek(at)
        head = file.read(16)
        marker, here = _number(head, 0, keep_mark=True)
        length, begin = _number(head, here)
        if begin == here or length == (1 << 7 * (begin - here)) - 1:
            return size
        at += begin + length
        if marker == SEGMENT:
            return at
    return at


def _number(head: bytes, at: int, *, keep_mark: bool = False) -> tuple[int, int]:
    """A number of variable length at `at` in `head`, and where it ends; `at` itself where there is none."""
    first = head[at] if at < len(head) else 0
    width = 9 - first.bit_length()
    if not first or at + width > len(head):
        return 0, at
    value = int.from_bytes(head[at : at + width], "big")
    return value if keep_mark else value & ~(1 << 7 * width), at + width


def _tags(file: BinaryIO, size: int) -> int:
    """FLV: a row of tags, each with its length before and behind it."""
    at = int.from_bytes(file.read(9)[5:9], "big") + 4
    while at + 11 <= size:
        file.seek(at)
        at += 11 + int.from_bytes(file.read(4)[1:4], "big") + 4
    return at


def _pages(file: BinaryIO, size: int) -> int:
    """Ogg: the length of the last page, RFC 3533, 6."""
    begin = max(0, size - OGG_PAGE)
    file.seek(begin)
    tail = file.read()
    last = tail.rfind(b"OggS")
    segments = tail[last + 26] if last >= 0 and last + 26 < len(tail) else 0
    lengths = tail[last + 27 : last + 27 + segments]
    if last < 0 or not segments:
        return size
    return size + 1 if len(lengths) < segments else begin + last + 27 + segments + sum(lengths)


def _asf(file: BinaryIO, size: int) -> int:
    """WMV: the size of the file stands in its properties."""
    head = file.read(65_536)
    at = head.find(ASF_PROPERTIES)
    return int.from_bytes(head[at + 40 : at + 48], "little") if at >= 0 else size


# How a kind begins, and what gives the number of bytes that a file of the kind needs.
KINDS: tuple[tuple[Callable[[bytes], bool], Callable[[BinaryIO, int], int]], ...] = (
    (lambda begin: begin[4:8] in BOXES, _boxes),
    (lambda begin: begin.startswith(b"RIFF") and begin[8:11] == b"AVI", _chunks),
    (lambda begin: begin.startswith(EBML), _elements),
    (lambda begin: begin.startswith(b"FLV"), _tags),
    (lambda begin: begin.startswith(b"OggS"), _pages),
    (lambda begin: begin.startswith(ASF), _asf),
)
