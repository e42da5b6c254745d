"""Matroska with JPEG pictures: each at its own time, and whole up to the last one when the program dies.

OpenCV's writer knows only a fixed rate and holds seconds back in memory. Here each picture is a cluster of
its own, with all sizes known and times in microseconds, so that the file may end after any of them; players
and OpenCV read it as it is. `seal` adds the length and an index for seeking, also to a file that was cut off.

Source: RFC 8794 (EBML), RFC 9559 (Matroska); the element numbers below are theirs.
"""

from __future__ import annotations

import os
import struct
from array import array
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.sessions.jpeg import decode
from app.system.plain_file import CHANGE, NEW, open_plain, plain_binary
from app.types import Floats, Image

CLUSTER = 0x1F43B675
BLOCK = b"\x81\x00\x00\x80"  # track 1, at the cluster's own time, a key frame
# A cluster up to its picture: number and size of the cluster; number, size and value of its time in
# microseconds; number and size of the block; the block's own head.
PREFIX = struct.Struct(">IQBBQBQ4s")
EIGHT = 1 << 56  # marks a size that is written in eight bytes
UNKNOWN = struct.pack(">Q", EIGHT * 2 - 1)
PERIOD = b"\x23\xe3\x83"
SEEK_HEAD_LENGTH = 54
CUE_EVERY = 1.0  # s between two entries of the index
MOST_PICTURES = 4_000_000  # of a file, 37 hours at 30 a second
LONGEST_PICTURE = 64_000_000  # bytes of one


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Where the whole pictures of a file are: their times and their bytes."""

    times: Floats  # (n,) s
    clusters: NDArray[np.int64]  # (n,) byte at which the picture's cluster begins
    lengths: NDArray[np.int64]  # (n,) bytes of its JPEG
    end: int  # byte after the last whole picture; 0 where there is none


class MkvWriter:
    """Writes JPEG pictures one after the other. Every method raises OSError when the disk refuses."""

    def __init__(self, path: Path, size: tuple[int, int], rate: float, program: str) -> None:
        """Creates the file, never overwrites one; its owner alone may read it.

        `size` is width, height in pixels; `rate` is nominal.
        """
        self.path = path
        self._handle = open_plain(path, NEW)
        self._write(_head(size, rate, program))

    def write(self, time: float, jpeg: bytes) -> None:
        """Writes the picture `jpeg` at `time` (s), which is not before 0 and later than the one before."""
        stamp, block = round(time * 1e6), len(BLOCK) + len(jpeg)
        size = PREFIX.size - 12 + len(jpeg)
        prefix = PREFIX.pack(CLUSTER, EIGHT + size, 0xE7, 0x88, stamp, 0xA3, EIGHT + block, BLOCK)
        self._write(prefix + jpeg)

    def sync(self) -> None:
        """Waits until the disk has all that was written, so that it survives a power cut."""
        os.fsync(self._handle)

    def close(self) -> None:
        """Closes the file and adds its length and index, as `seal` does."""
        os.close(self._handle)
        seal(self.path)

    def _write(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            left = left[os.write(self._handle, left) :]


def index(path: Path) -> Index:
    """Where the whole pictures of the file `path` are, which MkvWriter made. Raises OSError.

    A last picture that is cut off is left out; so is what comes after the first MOST_PICTURES.
    """
    times, clusters, lengths = array("d"), array("q"), array("q")
    with plain_binary(path) as file:
        whole = file.seek(0, os.SEEK_END)
        file.seek(0)
        at = file.read(1024).find(struct.pack(">I", CLUSTER))
        end = 0
        while 0 <= at <= whole - PREFIX.size and len(times) < MOST_PICTURES:
            file.seek(at)
            number, size, _, _, stamp, *_ = PREFIX.unpack(file.read(PREFIX.size))
            after = at + 12 + size - EIGHT
            if number != CLUSTER or not at + PREFIX.size < after <= whole:
                break
            times.append(stamp / 1e6)
            clusters.append(at)
            lengths.append(after - at - PREFIX.size)
            at = end = after
    return Index(np.array(times), np.array(clusters, np.int64), np.array(lengths, np.int64), end)


def picture(path: Path, index: Index, number: int) -> Image | None:
    """Picture `number`, from 0, of the file `path` as (height, width, 3) uint8 BGR.

    None where it is damaged, or larger than a picture can be. Raises OSError.
    """
    length = int(index.lengths[number])
    if length > LONGEST_PICTURE:
        return None
    with plain_binary(path) as file:
        file.seek(int(index.clusters[number]) + PREFIX.size)
        return decode(file.read(length))


def seal(path: Path) -> int:
    """Completes the file `path`: removes a torn picture at its end, adds its length and an index for seeking.

    Gives the number of pictures. A file that is complete already, or has no picture, stays as it is. Raises
    OSError.
    """
    found = index(path)
    if not found.end:
        return 0
    with plain_binary(path, CHANGE) as file:
        head = file.read(1024)
        segment = head.find(b"\x18\x53\x80\x67") + 12  # positions in a segment count from here
        if head[segment] != 0xEC:  # no room is kept free: the index is there
            return len(found.times)
        file.truncate(found.end)
        file.seek(found.end)
        file.write(_cues(found, segment))
        length = file.tell() - segment
        first, last, count = found.times[0], found.times[-1], len(found.times)
        period = (last - first) / (count - 1) if count > 1 else 1.0  # s, on average
        file.seek(head.find(_void(11)))
        file.write(b"\x44\x89\x88" + struct.pack(">d", (last + period) * 1e6))
        file.seek(head.find(PERIOD))
        file.write(_period(period))
        file.seek(segment - 8)
        file.write(struct.pack(">Q", EIGHT + length))
        file.seek(segment)
        file.write(_seek_head(found.end - segment))  # last: it says that all the rest is done
        file.flush()
        os.fsync(file.fileno())
    return len(found.times)


def _head(size: tuple[int, int], rate: float, program: str) -> bytes:
    """Everything before the first cluster, with room for what `seal` adds."""
    ebml = _element(
        0x1A45DFA3,
        _number(0x4286, 1) + _number(0x42F7, 1) + _number(0x42F2, 4) + _number(0x42F3, 8)
        + _element(0x4282, b"matroska") + _number(0x4287, 4) + _number(0x4285, 2),
    )  # fmt: skip
    info = _element(
        0x1549A966,
        _number(0x2AD7B1, 1000)  # ns: times are in microseconds
        + _element(0x4D80, b"mien") + _element(0x5741, program.encode()) + _void(11),
    )  # fmt: skip
    video = _element(0xE0, _number(0xB0, size[0]) + _number(0xBA, size[1]))
    track = _element(
        0xAE,
        _number(0xD7, 1) + _number(0x73C5, 1) + _number(0x83, 1) + _number(0x9C, 0)
        + _element(0x86, b"V_MJPEG") + _period(1 / rate) + video,
    )  # fmt: skip
    segment = b"\x18\x53\x80\x67" + UNKNOWN
    return ebml + segment + _void(SEEK_HEAD_LENGTH) + info + _element(0x1654AE6B, track)


def _seek_head(position: int) -> bytes:
    """Says where the index lies."""
    seek = _element(0x53AB, b"\x1c\x53\xbb\x6b") + _number(0x53AC, position)
    head = _element(0x114D9B74, _element(0x4DBB, seek))
    assert len(head) == SEEK_HEAD_LENGTH
    return head


def _cues(found: Index, segment: int) -> bytes:
    points, last = [], -np.inf
    for time, cluster in zip(found.times.tolist(), found.clusters.tolist(), strict=True):
        if time >= last + CUE_EVERY:
            place = _element(0xB7, _number(0xF7, 1) + _number(0xF1, cluster - segment))
            points.append(_element(0xBB, _number(0xB3, round(time * 1e6)) + place))
            last = time
    return _element(0x1C53BB6B, b"".join(points))


def _period(seconds: float) -> bytes:
    """How long a picture lasts: players take their frame rate from it, not the times."""
    return PERIOD + struct.pack(">QQ", EIGHT + 8, round(seconds * 1e9))


def _element(number: int, content: bytes) -> bytes:
    return (
        number.to_bytes((number.bit_length() + 7) // 8, "big")
        + struct.pack(">Q", EIGHT + len(content))
        + content
    )


def _number(number: int, value: int) -> bytes:
    return _element(number, struct.pack(">Q", value))


def _void(length: int) -> bytes:
    """`length` bytes that mean nothing."""
    return bytes([0xEC, 0x80 + length - 2]) + bytes(length - 2)
