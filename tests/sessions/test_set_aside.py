"""A damaged file is cut back to what is whole, to the byte, and what follows the damage is kept."""

import os

import pytest

from app.sessions.schema.limits import LONGEST_LINE
from app.sessions.set_aside import cut, cut_video, move_aside

HEAD = b"a,b,c\n"
MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    ("rest", "kept", "aside"),
    [
        (b"", b"", None),
        (b"1,2,3\n", b"1,2,3\n", None),
        (b"1,2,3\n4,5,6", b"1,2,3\n", None),  # torn
        (b"1,2,3\n4,5", b"1,2,3\n", None),
        (b"1,2,3\n" + bytes(9), b"1,2,3\n", None),  # zeros
        (b"1,2,3\n" + bytes(9) + b"\n\n" + bytes(9), b"1,2,3\n", None),
        (b"1,2,3\n" + bytes(9) + b"\n" + bytes(9) + b"x", b"1,2,3\n", bytes(9) + b"\n" + bytes(9) + b"x"),
        (b"1,2,3\n4,\0,6\n", b"1,2,3\n", b"4,\0,6\n"),  # zeros inside of a line that would fit
        (b"1,2,3\n4,5\n7,8,9\n", b"1,2,3\n", b"4,5\n7,8,9\n"),
        (b"1,2,3\n4,5,6,7\n7,8,9\n", b"1,2,3\n", b"4,5,6,7\n7,8,9\n"),
        (b"1,2,3\n4,5,6,7\n", b"1,2,3\n", b"4,5,6,7\n"),
        (b"1,2,3\n\n7,8,9\n", b"1,2,3\n", b"\n7,8,9\n"),
        (b'1,"2,2",3\n4,5,6\n', b'1,"2,2",3\n4,5,6\n', None),  # a comma in quotes
        (b'1,"2"\n4,5,6\n', b"", b'1,"2"\n4,5,6\n'),
        (bytes(5) + b"1,2,3\n", b"", bytes(5) + b"1,2,3\n"),
        (b"1,2,3\n" + b"\n" * 3, b"1,2,3\n", None),
    ],
)
def test_the_file_ends_before_the_damage(tmp_path, rest, kept, aside):
    path = tmp_path / "faces.csv"
    path.write_bytes(HEAD + rest)
    found = cut(path)
    assert path.read_bytes() == HEAD + kept
    assert (found and found.read_bytes()) == aside
    assert found in (None, tmp_path / "faces-rest.csv")
    assert len(list(tmp_path.iterdir())) == (1 if aside is None else 2)


@pytest.mark.parametrize(
    ("rest", "is_kept"),
    [
        (bytes(MEGABYTE + 5) + b"\n" + bytes(MEGABYTE), False),
        (bytes(MEGABYTE + 5) + b"\n" + bytes(MEGABYTE) + b"x", True),
        (bytes(MEGABYTE) + b"x\n", True),
        (bytes(MEGABYTE - 1) + b"\n1,2,3\n", True),
        (b"x" * (MEGABYTE + 5), False),
        (bytes(2 * MEGABYTE) + b"x" + bytes(5) + b"\n", True),
    ],
)
def test_damage_may_be_large(tmp_path, rest, is_kept):
    path = tmp_path / "faces.csv"
    path.write_bytes(HEAD + rest)
    found = cut(path)
    assert path.read_bytes() == HEAD and (found is not None) == is_kept
    assert found is None or found.read_bytes() == rest


def test_a_line_may_be_as_long_as_the_limit(tmp_path):
    path = tmp_path / "faces.csv"
    longest = b"1,2," + b"x" * (LONGEST_LINE - 5) + b"\n"
    for line, kept in ((longest, True), (b"y" + longest, False)):
        path.write_bytes(HEAD + line + b"1,2,3\n")
        assert (cut(path) is None) == kept


@pytest.mark.parametrize(("lines", "checks"), [(998, 0), (999, 1), (1998, 1), (1999, 2)])
def test_every_thousand_lines_it_asks_whether_there_is_time(tmp_path, lines, checks):
    path, asked = tmp_path / "faces.csv", []
    path.write_bytes(HEAD + b"1,2,3\n" * lines)
    assert cut(path, lambda: asked.append(1)) is None and len(asked) == checks


def test_whoever_has_no_time_left_changes_nothing(tmp_path):
    def late():
        raise TimeoutError

    path = tmp_path / "faces.csv"
    path.write_bytes(HEAD + b"1,2,3\n" * 1000 + b"damage\n" * 2)
    before = path.read_bytes()
    with pytest.raises(TimeoutError):
        cut(path, late)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_what_is_kept_is_on_the_disk_before_the_file_is_cut(tmp_path, monkeypatch):
    path, seen, real = tmp_path / "faces.csv", [], os.fsync
    path.write_bytes(HEAD + b"damage\n1,2,3\n")

    def sync(to):
        real(to)
        seen.append({file.name: file.stat().st_size for file in tmp_path.iterdir()})

    monkeypatch.setattr(os, "fsync", sync)
    cut(path)
    assert seen == [{"faces.csv": 19, "faces-rest.csv": 13}, {"faces.csv": 6, "faces-rest.csv": 13}]


MARKER = b"\x1fC\xb6u"
CLUSTER = MARKER + b"picture"


@pytest.mark.parametrize(
    ("rest", "is_kept"),
    [
        (b"", False),
        (b"x", False),
        (CLUSTER, False),  # a torn last picture
        (CLUSTER + MARKER, True),
        (MARKER + MARKER, True),
        (MARKER + MARKER[:3], False),
        (CLUSTER + bytes(MEGABYTE) + CLUSTER, True),
        *((bytes(MEGABYTE + 4 - before) + MARKER, True) for before in range(6)),  # over the end of a part
        (bytes(3 * MEGABYTE), False),
    ],
)
def test_a_video_ends_with_its_last_whole_picture(tmp_path, rest, is_kept):
    path = tmp_path / "video.mkv"
    path.write_bytes(b"whole" + rest)
    found = cut_video(path, 5, MARKER)
    assert path.read_bytes() == b"whole" and (found is not None) == is_kept
    assert found is None or (found.name, found.read_bytes()) == ("video-rest.mkv", rest)


def test_what_is_there_already_is_kept_too(tmp_path):
    for number in range(3):
        (tmp_path / "faces.csv").write_text(str(number))
        found = move_aside(tmp_path / "faces.csv")
        assert found.name == f"faces-rest{number or ''}.csv" and found.read_text() == str(number)
    assert len(list(tmp_path.iterdir())) == 3
