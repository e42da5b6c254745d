"""Several video tracks, and when the first one begins, in the heads of Matroska and MP4 files."""

import time

import pytest

from app.sources.tracks import VideoTracks, video_tracks
from app.sources.video import VideoFile
from tests.fakes import write_video
from tests.sources.reading import read_all

EBML = b"\x1aE\xdf\xa3\x80"


def element(kind: str, *content: bytes) -> bytes:
    data = b"".join(content)
    return bytes.fromhex(kind) + (len(data) | 1 << 28).to_bytes(4, "big") + data


def track(number: int, kind: int = 1, default: int | None = None) -> bytes:
    said = b"" if default is None else element("88", bytes([default]))
    return element("AE", element("D7", bytes([number])), element("83", bytes([kind])), said)


def block(number: int, at: int) -> bytes:
    return element("A3", bytes([0x80 | number]), at.to_bytes(2, "big", signed=True), b"\x80picture")


def grouped(number: int, at: int) -> bytes:
    return element(
        "A0", element("A1", bytes([0x80 | number]), at.to_bytes(2, "big", signed=True), b"\0picture")
    )


def matroska(tracks: bytes, *blocks: bytes, scale: int = 1_000_000, at: int = 0, live: bool = False) -> bytes:
    info = element("1549A966", element("2AD7B1", scale.to_bytes(4, "big")))
    inside = element("E7", at.to_bytes(3, "big")) + b"".join(blocks)
    cluster = (
        bytes.fromhex("1F43B675") + b"\x01" + b"\xff" * 7 + inside if live else element("1F43B675", inside)
    )
    return EBML + element("18538067", info, element("1654AE6B", tracks), cluster)


def box(name: bytes, *content: bytes) -> bytes:
    data = b"".join(content)
    return (len(data) + 8).to_bytes(4, "big") + name + data


def mp4(*tracks: tuple[bytes, int]) -> bytes:
    made = (
        box(
            b"trak",
            box(b"tkhd", flags.to_bytes(4, "big"), bytes(80)),
            box(b"mdia", box(b"hdlr", bytes(8), kind)),
        )
        for kind, flags in tracks
    )
    return box(b"ftyp", b"isom") + box(b"mdat", bytes(40)) + box(b"moov", box(b"mvhd", bytes(100)), *made)


def found(tmp_path, data):
    (tmp_path / "a").write_bytes(data)
    return video_tracks(tmp_path / "a", data[:4096])


MATROSKA = [
    (matroska(track(1), block(1, 23), block(1, 56)), VideoTracks(1, 0, 0.023)),
    (matroska(track(1, 2) + track(2), block(1, 0), block(2, 8), block(2, 4), at=9), VideoTracks(1, 0, 0.013)),
    (matroska(track(1), grouped(1, 7), scale=100_000), VideoTracks(1, 0, 0.0007)),
    (matroska(track(1, default=0) + track(2), block(2, 0), block(1, 9)), VideoTracks(2, 1, 0.009)),
    (matroska(track(1) + track(2, default=1), block(1, -5), at=20), VideoTracks(2, 0, 0.015)),
    (matroska(track(1, default=0) + track(2, default=0)), VideoTracks(2, 0, None)),
    (matroska(track(1), block(1, 50), live=True), VideoTracks(1, 0, 0.05)),
    (matroska(track(1, 2), block(1, 0)), None), (EBML, None), (EBML + b"\x18", None),
]  # fmt: skip
MP4 = [
    (mp4((b"vide", 3), (b"soun", 3)), VideoTracks(1, 0)), (mp4((b"soun", 3)), None),
    (mp4((b"soun", 3), (b"vide", 2), (b"vide", 3)), VideoTracks(2, 1)),
    (mp4((b"vide", 3), (b"vide", 3), (b"vide", 0)), VideoTracks(3, 0)),
    (mp4((b"vide", 0)), VideoTracks(1, 0)), (b"\0\0\0\4ftyp" + bytes(40), None), (b"RIFF" + bytes(40), None),
]  # fmt: skip


def timed(movie: int, scale: int, edits: bytes, late: int | None = None, version: int = 0) -> bytes:
    """An MP4 file of one track of pictures, with `movie` and `scale` ticks a second."""
    head = bytes([version, 0, 0, 0]) + bytes(16 if version else 8)
    shown = box(b"ctts", bytes(4), (1).to_bytes(4, "big"), (9).to_bytes(4, "big"),
                late.to_bytes(4, "big", signed=True)) if late is not None else b""  # fmt: skip
    media = box(b"mdia", box(b"mdhd", head, scale.to_bytes(4, "big"), bytes(4)),
                box(b"hdlr", bytes(8), b"vide"), box(b"minf", box(b"hdlr", bytes(8), b"url "),
                                                     box(b"stbl", shown)))  # fmt: skip
    track = box(b"trak", box(b"tkhd", b"\0\0\0\3", bytes(80)), box(b"edts", box(b"elst", edits)), media)
    return box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", head, movie.to_bytes(4, "big")), track)


def edits(*each: tuple[int, int], version: int = 0) -> bytes:
    size = 8 if version else 4
    return bytes([version, 0, 0, 0]) + len(each).to_bytes(4, "big") + b"".join(
        length.to_bytes(size, "big") + at.to_bytes(size, "big", signed=True) + b"\0\1\0\0"
        for length, at in each
    )  # fmt: skip


@pytest.mark.parametrize(
    ("data", "start"),
    [
        (timed(1000, 12_800, edits((710, -1), (2000, 0))), 0.71),
        (timed(1000, 12_800, edits((2000, 1024)), 1024), 0.0),
        (timed(600, 90_000, edits((150, -1), (60, -1), (1200, 9000)), 9900), 0.36),
        (timed(600, 90_000, edits((1200, 9000)), -900), -0.11),
        (timed(1000, 25, edits((500, -1), (10**10, 0), version=1), version=1), 0.5),
        (timed(1000, 25, edits((500, -1))), None),
        (timed(1000, 25, edits()), None),
        (timed(0, 25, edits((500, -1), (9, 0))), None),
        (timed(1000, 0, edits((500, -1), (9, 0))), None),
        (timed(1000, 25, edits(*[(1, -1)] * 8, (9, 0))), None),
    ],
)
def test_a_track_of_mp4_says_when_it_begins(tmp_path, data, start):
    head = found(tmp_path, data)
    assert head.start == (None if start is None else pytest.approx(start))
    for at in range(len(data)):
        found(tmp_path, data[:at])


def test_boxes_in_one_another_a_thousand_deep_are_borne(tmp_path):
    inside = box(b"hdlr", bytes(8), b"vide")
    for _ in range(3000):
        inside = box(b"mdia", inside)
    assert found(tmp_path, box(b"ftyp", b"isom") + box(b"moov", box(b"trak", inside))) is None


@pytest.mark.parametrize(("data", "expected"), [*MATROSKA, *MP4])
def test_heads(tmp_path, data, expected):
    assert found(tmp_path, data) == expected


def test_any_cut_and_any_changed_byte_is_borne(tmp_path):
    for data in (MATROSKA[3][0], MP4[2][0]):
        for at in range(len(data)):
            found(tmp_path, data[:at])
            found(tmp_path, data[:at] + b"\xff" + data[at + 1 :])


@pytest.mark.parametrize("kind", ["matroska", "mp4"])
def test_a_file_of_nothing_but_levels_takes_no_time(tmp_path, kind):
    many = 1500
    if kind == "mp4":
        inside = box(b"trak", *[box(b"mdia", *[box(b"free")] * many)] * many)
        data = box(b"ftyp", b"isom") + box(b"moov", inside)
    else:
        group = element("A0", *[element("EC")] * many)
        data = matroska(track(1), *[group] * many)
    begun = time.process_time()
    found(tmp_path, data)
    assert time.process_time() - begun < 1


def test_a_file_that_is_gone_has_none(tmp_path):
    assert video_tracks(tmp_path / "none", EBML) is None


def test_what_is_said_of_several():
    assert VideoTracks(1, 0).note == ""
    assert VideoTracks(2, 0).note == "the file has 2 video tracks, of which the first one was read"
    assert (
        "though number 3 is meant to be shown: `ffmpeg -i FILE -map 0:v:2 -c copy OTHER`"
        in VideoTracks(3, 2).note
    )


def test_a_video_with_a_second_track_is_read_and_says_so(tmp_path):
    path = write_video(tmp_path / "a.mp4", codec="mp4v")
    data = path.read_bytes()
    at = data.index(b"moov") - 4
    movie = data[at:]
    assert int.from_bytes(movie[:4], "big") == len(movie)
    second = box(b"trak", box(b"tkhd", bytes(84)), box(b"mdia", box(b"hdlr", bytes(8), b"vide", bytes(13))))
    path.write_bytes(data[:at] + box(b"moov", movie[8:], second))
    video = VideoFile(path)
    assert len(read_all(VideoFile(path))) == 10
    video.open()
    assert video.note == "the file has 2 video tracks, of which the first one was read"
    video.close()
