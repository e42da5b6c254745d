"""The video's file, element by element: numbers and values as RFC 8794 and RFC 9559 name them."""

import os
import struct

import pytest

from app.sessions import mkv
from app.sessions.mkv import MkvWriter, index, picture, seal

EBML, SEGMENT, SEEK_HEAD, SEEK, INFO, TRACKS, TRACK, VIDEO = (
    0x1A45DFA3, 0x18538067, 0x114D9B74, 0x4DBB, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0,
)  # fmt: skip
CLUSTER, CUES, CUE, PLACE, VOID = 0x1F43B675, 0x1C53BB6B, 0xBB, 0xB7, 0xEC
MASTERS = {EBML, SEGMENT, SEEK_HEAD, SEEK, INFO, TRACKS, TRACK, VIDEO, CLUSTER, CUES, CUE, PLACE}
TEXTS, REALS, BYTES = {0x4282, 0x4D80, 0x5741, 0x86}, {0x4489}, {0xA3, 0x53AB, VOID}
PICTURES = [(0.0, b"one"), (0.25, b"another"), (1.0, b"third"), (1.5, b"4"), (2.0, b"fifth")]


def elements(data, start=0, end=None):
    """Each element as (number, value); that of a master is the list of its elements, and where it begins."""
    at, found = start, []
    while at < (len(data) if end is None else end):
        width = 9 - data[at].bit_length()
        number = int.from_bytes(data[at : at + width], "big")
        length = 9 - data[at + width].bit_length()
        size = int.from_bytes(data[at + width : at + width + length], "big") - (1 << 7 * length)
        begin = at + width + length
        if size == (1 << 7 * length) - 1:
            size = len(data) - begin  # unknown
        value = data[begin : begin + size]
        assert len(value) == size
        if number in MASTERS:
            value = elements(data, begin, begin + size)
        elif number in TEXTS:
            value = value.decode()
        elif number in REALS:
            (value,) = struct.unpack(">d", value)
        elif number not in BYTES:
            value = int.from_bytes(value, "big")
        found.append((number, value, at))
        at = begin + size
    return found


def plain(found):
    """Without the first bytes."""
    return [(number, plain(value) if isinstance(value, list) else value) for number, value, _ in found]


def written(path, pictures=PICTURES):
    writer = MkvWriter(path, (64, 48), 32.0, "mien test")
    for time, jpeg in pictures:
        writer.write(time, jpeg)
    return writer


def head(period, duration=None):
    length = (VOID, bytes(9)) if duration is None else (0x4489, duration)
    info = [(0x2AD7B1, 1000), (0x4D80, "mien"), (0x5741, "mien test"), length]
    track = [
        (0xD7, 1), (0x73C5, 1), (0x83, 1), (0x9C, 0), (0x86, "V_MJPEG"), (0x23E383, period),
        (VIDEO, [(0xB0, 64), (0xBA, 48)]),
    ]  # fmt: skip
    return [(INFO, info), (TRACKS, [(TRACK, track)])]


KIND = (
    EBML,
    [(0x4286, 1), (0x42F7, 1), (0x42F2, 4), (0x42F3, 8), (0x4282, "matroska"), (0x4287, 4), (0x4285, 2)],
)
CLUSTERS = [
    (CLUSTER, [(0xE7, round(time * 1e6)), (0xA3, b"\x81\x00\x00\x80" + jpeg)]) for time, jpeg in PICTURES
]


def test_a_file_that_is_written_has_room_for_what_comes_at_its_end(tmp_path):
    written(tmp_path / "a.mkv")
    data = (tmp_path / "a.mkv").read_bytes()
    assert plain(elements(data)) == [
        KIND,
        (SEGMENT, [(VOID, bytes(52)), *head(31_250_000), *CLUSTERS]),
    ]
    assert data[data.find(b"\x18\x53\x80\x67") + 4 :][:8] == b"\x01" + 7 * b"\xff"  # as long as it will be


def test_a_file_that_is_closed_knows_its_length_and_where_its_pictures_are(tmp_path):
    written(tmp_path / "a.mkv").close()
    data = (tmp_path / "a.mkv").read_bytes()
    kind, (number, inside, at) = elements(data)
    first = at + 12  # from here positions count
    assert int.from_bytes(data[first - 8 : first], "big") == (1 << 56) + len(data) - first
    cues, clusters = inside[-1], inside[3:-1]
    places = [place - first for _, _, place in clusters]
    points = [
        (CUE, [(0xB3, stamp), (PLACE, [(0xF7, 1), (0xF1, places[i])])])
        for stamp, i in ((0, 0), (1_000_000, 2), (2_000_000, 4))
    ]
    seek = (SEEK_HEAD, [(SEEK, [(0x53AB, b"\x1c\x53\xbb\x6b"), (0x53AC, cues[2] - first)])])
    assert plain([kind]) == [KIND] and number == SEGMENT
    assert plain(inside) == [seek, *head(500_000_000, 2_500_000.0), *CLUSTERS, (CUES, points)]


@pytest.mark.parametrize(
    ("times", "period", "end"), [((0.5,), 1.0, 1.5), ((0.5, 0.75), 0.25, 1.0), ((0.5, 0.75, 1.5), 0.5, 2.0)]
)
def test_the_last_picture_lasts_as_long_as_the_others_or_a_second(tmp_path, times, period, end):
    written(tmp_path / "a.mkv", [(time, b"one") for time in times]).close()
    inside = plain(elements((tmp_path / "a.mkv").read_bytes()))[1][1]
    assert inside[1:3] == head(round(period * 1e9), end * 1e6)


@pytest.mark.parametrize("torn", [1, 30, 5_000])
def test_what_is_torn_at_the_end_is_cut_off(tmp_path, torn):
    written(tmp_path / "whole.mkv").close()
    written(tmp_path / "a.mkv")
    rest = struct.pack(">IQ", CLUSTER, (1 << 56) + 6_000) + bytes(5_000)
    with (tmp_path / "a.mkv").open("ab") as file:
        file.write(rest[:torn])
    assert seal(tmp_path / "a.mkv") == len(PICTURES)
    assert (tmp_path / "a.mkv").read_bytes() == (tmp_path / "whole.mkv").read_bytes()


def test_a_picture_that_lacks_its_last_byte_is_torn(tmp_path):
    written(tmp_path / "a.mkv")
    data = (tmp_path / "a.mkv").read_bytes()
    for lacks, whole in ((0, len(PICTURES)), (1, len(PICTURES) - 1)):
        (tmp_path / "a.mkv").write_bytes(data[: len(data) - lacks])
        assert len(index(tmp_path / "a.mkv").times) == whole
    assert index(tmp_path / "a.mkv").end == data.rfind(struct.pack(">I", CLUSTER))


def test_a_file_without_a_picture_stays_as_it_is(tmp_path):
    written(tmp_path / "a.mkv", [])
    before = (tmp_path / "a.mkv").read_bytes()
    assert seal(tmp_path / "a.mkv") == 0 and index(tmp_path / "a.mkv").end == 0
    assert (tmp_path / "a.mkv").read_bytes() == before


def test_the_index_of_a_file_has_the_bytes_of_each_picture(tmp_path):
    written(tmp_path / "a.mkv")
    found, data = index(tmp_path / "a.mkv"), (tmp_path / "a.mkv").read_bytes()
    assert found.lengths.tolist() == [len(jpeg) for _, jpeg in PICTURES] and found.end == len(data)
    assert found.times.tolist() == [time for time, _ in PICTURES]
    ends = [*found.clusters.tolist()[1:], found.end]
    assert [data[end - length : end] for end, length in zip(ends, found.lengths, strict=True)] == [
        jpeg for _, jpeg in PICTURES
    ]


def test_a_picture_needs_at_least_a_byte(tmp_path):
    written(tmp_path / "a.mkv", [(0.0, b"one"), (1.0, b""), (2.0, b"more")])
    assert index(tmp_path / "a.mkv").times.tolist() == [0.0]


def test_pictures_and_files_beyond_all_measure_are_not_read(tmp_path, monkeypatch):
    assert (mkv.MOST_PICTURES, mkv.LONGEST_PICTURE) == (4_000_000, 64_000_000)
    written(tmp_path / "a.mkv")
    monkeypatch.setattr(mkv, "MOST_PICTURES", 2)
    found = index(tmp_path / "a.mkv")
    assert found.times.tolist() == [0.0, 0.25]
    decoded = []
    monkeypatch.setattr(mkv, "decode", decoded.append)
    monkeypatch.setattr(mkv, "LONGEST_PICTURE", 3)
    picture(tmp_path / "a.mkv", found, 0)
    assert picture(tmp_path / "a.mkv", found, 1) is None and decoded == [b"one"]


def test_what_was_written_can_be_waited_for(tmp_path, monkeypatch):
    writer, synced, real = written(tmp_path / "a.mkv"), [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda to: (synced.append(os.fstat(to).st_size), real(to)))
    writer.sync()
    assert synced == [(tmp_path / "a.mkv").stat().st_size]
    writer.close()
    assert synced[1:] == [(tmp_path / "a.mkv").stat().st_size]
    assert seal(tmp_path / "a.mkv") == len(PICTURES) and len(synced) == 2


def test_what_the_disk_takes_in_parts_is_written_wholly(tmp_path, monkeypatch):
    written(tmp_path / "whole.mkv")
    real = os.write
    monkeypatch.setattr(os, "write", lambda to, data: real(to, data[:7]))
    written(tmp_path / "a.mkv")
    assert (tmp_path / "a.mkv").read_bytes() == (tmp_path / "whole.mkv").read_bytes()
