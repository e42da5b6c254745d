"""The time stamp of the first picture in transport streams, program streams and Flash videos."""

import pytest

from app.sources.first_stamp import first_stamp


def ticks(stamp: int, marks: int = 2) -> bytes:
    """33 bits with marks between, ISO 13818-1, table 2-21."""
    high, middle, low = stamp >> 30, stamp >> 15 & 0x7FFF, stamp & 0x7FFF
    return bytes([marks << 4 | high << 1 | 1]) + (middle << 1 | 1).to_bytes(2, "big") + (
        low << 1 | 1
    ).to_bytes(2, "big")  # fmt: skip


def pes(stamp: int | None, stream: int = 0xE0) -> bytes:
    said = b"" if stamp is None else ticks(stamp)
    return b"\0\0\1" + bytes([stream, 0, 0, 0x80, 0x80 if said else 0, len(said)]) + said + bytes(20)


def packet(part: bytes, begins: bool = True, adapted: int = 0) -> bytes:
    head = bytes([0x47, 0x41 if begins else 1, 0, 0x30 if adapted else 0x10])
    field = bytes([adapted - 1]) + bytes(adapted - 1) if adapted else b""
    return (head + field + part).ljust(188, b"\xff")


def mpeg1(head: bytes) -> bytes:
    return b"\0\0\1\xba" + bytes(8) + b"\0\0\1\xe0\0\x20" + head + bytes(20)


def flash(*tags: tuple[int, int, bytes]) -> bytes:
    return b"FLV\1\5" + (9).to_bytes(4, "big") + bytes(4) + b"".join(
        bytes([kind]) + len(data).to_bytes(3, "big") + (time & 0xFFFFFF).to_bytes(3, "big")
        + bytes([time >> 24, 0, 0, 0]) + data + (len(data) + 11).to_bytes(4, "big")
        for kind, time, data in tags
    )  # fmt: skip


TABLE, SOUND = packet(bytes(30)), packet(pes(90_000, 0xC0))
LATEST = (1 << 33) - 1
ALL = {
    "ts": (TABLE + SOUND + packet(pes(133_511)) + TABLE, 133_511 / 90_000),
    "ts, adapted": (TABLE * 3 + packet(pes(LATEST), adapted=8), LATEST / 90_000),
    "ts, first without": (packet(pes(None)) + packet(pes(9000, 0xEF)) + TABLE, 0.1),
    "ts, goes on": (packet(pes(1), begins=False) + packet(pes(9000)) + TABLE, 0.1),
    "ts of sound": (TABLE + SOUND * 5, None),
    "ts, a packet is lost": (TABLE * 3 + b"\0" * 188 + packet(pes(18_000)), 0.2),
    "m2ts": (b"".join(bytes(4) + one for one in (TABLE, SOUND, packet(pes(9000)), TABLE)), 0.1),
    "mpeg-2": (b"\0\0\1\xba" + bytes(10) + pes(5, 0xC0) + pes(None) + pes(48_600), 0.54),
    "mpeg-1": (mpeg1(ticks(48_600)), 0.54),
    "mpeg-1, stuffed": (mpeg1(b"\xff" * 9 + b"\x60\x20" + ticks(48_600, 3) + ticks(45_000, 1)), 0.54),
    "mpeg-1, none": (mpeg1(b"\xff\x0f"), None),
    "flv": (flash((18, 0, bytes(9)), (8, 5, bytes(9)), (9, 313, b"\x12" + bytes(30))), 0.313),
    "flv, h264": (
        flash((9, 0, b"\x17\0" + bytes(30)), (9, 80, b"\x17\1\0\0\x50" + bytes(9))), 0.16,
    ),
    "flv, hours": (flash((9, 1 << 24 | 5, b"\x12" + bytes(30))), 16_777.221),
    "flv of sound": (flash((8, 5, bytes(9))), None),
    "another": (b"RIFF" + bytes(400), None),
    "nothing": (b"", None),
}  # fmt: skip


@pytest.mark.parametrize("kind", ALL)
def test_it_is_that_of_the_first_picture(tmp_path, kind):
    data, stamp = ALL[kind]
    (tmp_path / "a").write_bytes(data)
    assert first_stamp(tmp_path / "a") == (None if stamp is None else pytest.approx(stamp, abs=1e-9))
    for at in range(len(data)):
        (tmp_path / "a").write_bytes(data[:at])
        first_stamp(tmp_path / "a")


def test_a_file_that_is_gone_has_none(tmp_path):
    assert first_stamp(tmp_path / "none") is None
