"""The picture tracks of an MP4 file (ISO 14496-12): which of them is to be shown, and when each begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.sources.walk import Walk

PARTS = (b"mdia", b"minf", b"stbl", b"edts")  # boxes of a track that hold others
DEPTH = 4  # of these in one another
MOST_EDITS = 8  # that are looked at


@dataclass(frozen=True, slots=True)
class Mp4Track:
    """A track of pictures."""

    is_shown: bool  # whether the first flag of its header is set, 8.3.2
    start: float | None  # s, of the picture that is decoded first; None where the file does not say it


def mp4_tracks(walk: Walk) -> Iterator[Mp4Track]:
    """Those of a file, in their order."""
    end = walk.file.seek(0, 2)
    for movie, at, stop in _boxes(walk, 0, end):
        if movie != b"moov":
            continue
        scale = 0
        for name, begin, last in _boxes(walk, at, min(stop, end)):
            if name == b"mvhd":
                scale = _scale(walk, begin)
            elif name == b"trak" and (track := _track(walk, begin, last, scale)) is not None:
                yield track


def _track(walk: Walk, at: int, end: int, movie: int) -> Mp4Track | None:
    """None for one of another kind. `movie` ticks a second are those of its edit list."""
    flags, scale, kind, late = 0, 0, b"", 0
    edits: list[tuple[int, int]] = []
    for name, begin, last in _inside(walk, at, end, DEPTH):
        if name == b"tkhd":
            flags = walk.number(begin, begin + 4)
        elif name == b"hdlr":
            kind = kind or walk.read(begin + 8, 4)  # `vide` for pictures, 8.4.3; QuickTime has another later
        elif name == b"mdhd":
            scale = _scale(walk, begin)
        elif name == b"ctts":  # how much later than it is decoded the first picture is shown, 8.6.1.3
            late = int.from_bytes(walk.read(begin + 12, 4), "big", signed=True)
        elif name == b"elst":
            edits = _edits(walk, begin, last)
    return Mp4Track(bool(flags & 1), _start(edits, movie, late, scale)) if kind == b"vide" else None


def _start(edits: list[tuple[int, int]], movie: int, late: int, scale: int) -> float | None:
    """After the empty edits, counted from where the first other one begins, 8.6.6."""
    empty = 0
    for length, at in edits:
        if at >= 0:
            return empty / movie + (late - at) / scale if movie and scale else None
        empty += length
    return None


def _edits(walk: Walk, at: int, end: int) -> list[tuple[int, int]]:
    """Length, in ticks of the movie, and begin, in ticks of the track, of the first edits."""
    head = walk.read(at, 8)
    size = 8 if head[0] == 1 else 4
    data = walk.read(at + 8, min(end - at - 8, MOST_EDITS * (2 * size + 4)))
    count = min(int.from_bytes(head[4:8], "big"), len(data) // (2 * size + 4))
    edits = list[tuple[int, int]]()
    for i in range(0, count * (2 * size + 4), 2 * size + 4):
        length = int.from_bytes(data[i : i + size], "big")
        edits.append((length, int.from_bytes(data[i + size : i + 2 * size], "big", signed=True)))
    return edits


def _scale(walk: Walk, at: int) -> int:
    """Ticks a second of a movie or of a track, 8.2.2 and 8.4.2: after two times of 4 or 8 bytes."""
    begin = at + (20 if walk.read(at, 1) == b"\1" else 12)
    return walk.number(begin, begin + 4)


def _inside(walk: Walk, at: int, end: int, depth: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes of a track, and those of the boxes that it consists of."""
    for name, begin, last in _boxes(walk, at, end):
        if name not in PARTS:
            yield name, begin, last
        elif depth:
            yield from _inside(walk, begin, min(last, end), depth - 1)


def _boxes(walk: Walk, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, begin and end of the content of each box from `at` to `end`, ISO 14496-12, 4.2."""
    while at + 8 <= end and walk.step():
        head = walk.read(at, 16)
        length, begin = int.from_bytes(head[:4], "big"), 8
        if length == 1:
            length, begin = int.from_bytes(head[8:16], "big"), 16
        elif length == 0:
            length = end - at
        if length < begin:
            return
        yield head[4:8], at + begin, at + length
        at += length
