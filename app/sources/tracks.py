"""The video tracks of a Matroska or MP4 file: which one its author meant, and when it begins.

FFmpeg through OpenCV reads the first one, and tells when it begins only to the nearest frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.sources.mp4_tracks import mp4_tracks
from app.sources.walk import Walk

EBML, SEGMENT, INFO, SCALE = b"\x1aE\xdf\xa3", 0x18538067, 0x1549A966, 0x2AD7B1  # RFC 9559, 5.1
TRACKS, TRACK, NUMBER, KIND, DEFAULT = 0x1654AE6B, 0xAE, 0xD7, 0x83, 0x88
CLUSTER, TIMESTAMP, SIMPLE_BLOCK, GROUP, BLOCK = 0x1F43B675, 0xE7, 0xA3, 0xA0, 0xA1
VIDEO, MILLISECOND = 1, 1_000_000  # kind of a track; ns, the scale where a file names none
REORDERED = 32  # pictures by which the order of a file may differ from that of showing


@dataclass(frozen=True, slots=True)
class VideoTracks:
    """What the head of a file says of its video tracks."""

    count: int
    default: int  # which of them is meant to be shown, from 0
    start: float | None = None  # s, when the first one begins; None where the file does not say it

    @property
    def note(self) -> str:
        """One sentence where there are several, since only the first one is read; "" for one."""
        if self.count < 2:
            return ""
        said = f"the file has {self.count} video tracks, of which the first one was read"
        if not self.default:
            return said
        return (
            f"{said}, though number {self.default + 1} is meant to be shown: "
            f"`ffmpeg -i FILE -map 0:v:{self.default} -c copy OTHER` makes a file of it"
        )


def video_tracks(path: Path, begin: bytes) -> VideoTracks | None:
    """Those of the file at `path`, whose first bytes are `begin`; None for another kind, or a damaged one."""
    try:
        with path.open("rb") as file:
            if begin.startswith(EBML):
                return _matroska(Walk(file))
            if begin[4:8] not in (b"ftyp", b"moov", b"wide", b"mdat", b"free"):
                return None
            found = list(mp4_tracks(Walk(file)))
    except (OSError, IndexError, ValueError, OverflowError):
        return None
    meant = next((i for i, track in enumerate(found) if track.is_shown), 0)
    return VideoTracks(len(found), meant, found[0].start) if found else None


def _matroska(walk: Walk) -> VideoTracks | None:
    end = walk.file.seek(0, 2)
    segment = next((part for part in _elements(walk, 0, end) if part[0] == SEGMENT), None)
    if segment is None:
        return None
    scale, tracks, times = MILLISECOND, list[tuple[int, bool]](), list[int]()
    default = 0
    for kind, at, stop in _elements(walk, segment[1], min(segment[2], end)):
        if kind == INFO:
            scale = _values(walk, at, stop).get(SCALE, MILLISECOND)
        elif kind == TRACKS:
            tracks = list(_tracks(walk, at, stop))
            default = next((i for i, (_, meant) in enumerate(tracks) if meant), 0)
        elif kind == CLUSTER and tracks:
            times += _times(walk, at, min(stop, end), tracks[0][0])
            if len(times) >= REORDERED:
                break
    if not tracks:
        return None
    return VideoTracks(len(tracks), default, min(times[:REORDERED]) * scale / 1e9 if times else None)


def _tracks(walk: Walk, at: int, end: int) -> Iterator[tuple[int, bool]]:
    """Number of each video track, and whether it is a default one, as it is where nothing is said."""
    for kind, begin, stop in _elements(walk, at, end):
        if kind == TRACK and (said := _values(walk, begin, stop)).get(KIND) == VIDEO:
            yield said.get(NUMBER, 0), bool(said.get(DEFAULT, 1))


def _times(walk: Walk, at: int, end: int, track: int) -> list[int]:
    """The times of the first pictures of `track` in a cluster, in its scale."""
    base, times = 0, list[int]()
    for kind, begin, stop in _elements(walk, at, end):
        if kind == TIMESTAMP:
            base = walk.number(begin, stop)
        elif kind in (SIMPLE_BLOCK, GROUP):
            if kind == GROUP:
                begin = next((here for one, here, _ in _elements(walk, begin, stop) if one == BLOCK), stop)
            head = walk.read(begin, 12)
            number, after = _length(head, 0)
            if number == track:
                times.append(base + int.from_bytes(head[after : after + 2], "big", signed=True))
                if len(times) >= REORDERED:
                    break
    return times


def _values(walk: Walk, at: int, end: int) -> dict[int, int]:
    """The short numbers in an element, by their kind."""
    return {
        kind: walk.number(begin, stop) for kind, begin, stop in _elements(walk, at, end) if stop - begin <= 8
    }


def _elements(walk: Walk, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Kind, begin and end of the content of each element from `at` to `end`, RFC 8794, 5 and 6."""
    while at < end and walk.step():
        head = walk.read(at, 16)
        width = 9 - head[0].bit_length()
        kind, (length, begin) = int.from_bytes(head[:width], "big"), _length(head, width)
        unknown = length == (1 << 7 * (begin - width)) - 1  # of a live recording: up to the end
        stop = end if unknown else at + begin + length
        yield kind, at + begin, stop
        # A cluster of unknown length ends where the next one begins, which nobody has to know here.
        at = stop


def _length(head: bytes, at: int) -> tuple[int, int]:
    """A number of variable length at `at` in `head`, and where it ends."""
    width = 9 - head[at].bit_length()
    if width > 8:
        raise ValueError("no number begins here")
    return int.from_bytes(head[at : at + width], "big") & ~(1 << 7 * width), at + width
