"""First stamp: the time stamp of the first picture in the streams of broadcasts, cameras, discs and Flash.

FFmpeg through OpenCV tells when a picture is shown only to the nearest frame.
"""

from __future__ import annotations

from pathlib import Path

CLOCK = 90_000  # ticks of a time stamp a second, ISO 13818-1, 2.4.3.7
LOOKED_AT = 1 << 20  # bytes of a file in which its first picture begins
PACKET, SYNC = 188, 0x47  # of a transport stream, 2.4.3.2
VIDEO = range(0xE0, 0xF0)  # numbers of streams of pictures, 2.4.3.7
START, PACK = b"\0\0\1", b"\0\0\1\xba"  # before each part of a program stream; the first one, 2.5.3.4
TAG, FLASH_VIDEO, HEADER_ONLY = 11, 9, 0  # length of a tag's head; its kind; a tag without a picture


def first_stamp(path: Path) -> float | None:
    """The time in s of the first picture of a transport stream, a program stream or a Flash video.

    It is the first in the file, which may be a few frames away from the first that can be shown. None for
    another kind, and where no stamp is found in the first megabyte.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LOOKED_AT)
    except OSError:
        return None
    if data.startswith(PACK):
        return _program(data)
    if data.startswith(b"FLV"):
        return _flash(data)
    for begin, step in ((0, PACKET), (4, PACKET + 4)):  # M2TS and MTS have 4 bytes before each packet
        if len(data) > begin + 2 * step and all(data[begin + i * step] == SYNC for i in range(3)):
            return _transport(data, begin, step)
    return None


def _transport(data: bytes, begin: int, step: int) -> float | None:
    """Where a packet begins a part of a stream, its head follows the adaptation field, 2.4.3.2."""
    for at in range(begin, len(data) - PACKET + 1, step):
        packet = data[at : at + PACKET]
        if packet[0] != SYNC or not packet[1] & 0x40 or not packet[3] & 0x10:
            continue
        head = 4 + (1 + packet[4] if packet[3] & 0x20 else 0)
        if packet[head : head + 3] == START and (stamp := _stamp(packet[head:])) is not None:
            return stamp
    return None


def _program(data: bytes) -> float | None:
    at = -1
    while (at := data.find(START, at + 1)) >= 0:
        if (stamp := _stamp(data[at : at + 64])) is not None:
            return stamp
    return None


def _stamp(part: bytes) -> float | None:
    """That of a part of a stream of pictures, 2.4.3.6; MPEG-1 has it after stuffing and a buffer's size."""
    if len(part) < 14 or part[3] not in VIDEO:
        return None
    if part[6] >> 6 == 0b10:
        return _ticks(part[9:14]) if part[7] & 0x80 else None
    rest = part[6:].lstrip(b"\xff")
    if rest[:1] and rest[0] >> 6 == 0b01:
        rest = rest[2:]
    return _ticks(rest) if len(rest) >= 5 and rest[0] >> 4 in (0b0010, 0b0011) else None


def _ticks(five: bytes) -> float:
    """33 bits between marks, table 2-21, in s."""
    high, middle, low = five[0] >> 1 & 7, int.from_bytes(five[1:3], "big"), int.from_bytes(five[3:5], "big")
    return ((high << 30) | (middle >> 1 << 15) | low >> 1) / CLOCK


def _flash(data: bytes) -> float | None:
    """FLV, annex E.4 of version 10.1: milliseconds, and from H.264 how much later a picture is shown."""
    at = int.from_bytes(data[5:9], "big") + 4
    while len(head := data[at : at + TAG + 5]) == TAG + 5:
        time = int.from_bytes(head[7:8] + head[4:7], "big")
        is_h264 = head[TAG] & 0x0F == 7
        if head[0] == FLASH_VIDEO and not (is_h264 and head[TAG + 1] == HEADER_ONLY):
            later = int.from_bytes(head[TAG + 2 : TAG + 5], "big", signed=True) if is_h264 else 0
            return (time + later) / 1000
        at += TAG + int.from_bytes(head[1:4], "big") + 4
    return None
