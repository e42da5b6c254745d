"""The public files, made up in their published layouts, become the files that the loaders read."""

from __future__ import annotations

import csv
import hashlib
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from export.data import convert, fer, from_fer2013, net7876
from export.data.from_fer2013 import PARTS, VOTES
from export.data.places import DATA, ROOT, data_folder

needs_data = pytest.mark.skipif(
    not (DATA / "fer2013plus-Training.npz").exists(), reason="the training data is not here (docs/data.md)"
)


def published(folder: Path, rows: list[tuple[int, np.ndarray, str, str, list[int]]]) -> list[str]:
    """Writes fer2013.csv and fer2013new.csv of (emotion, pixels, part, name, votes); the command's words."""
    with (folder / "fer2013.csv").open("w", newline="") as file:
        pixels = ((row[0], " ".join(map(str, row[1].ravel().tolist())), row[2]) for row in rows)
        csv.writer(file).writerows([("emotion", "pixels", "Usage"), *pixels])
    with (folder / "fer2013new.csv").open("w", newline="") as file:
        votes = ((row[2], row[3], *row[4]) for row in rows)
        csv.writer(file).writerows([("Usage", "Image name", *VOTES), *votes])
    files = ["--fer", str(folder / "fer2013.csv"), "--plus", str(folder / "fer2013new.csv")]
    return ["fer2013", *files, "-o", str(folder / "data")]


def picture(grey: int) -> np.ndarray:
    """(48, 48) uint8 that only this `grey` gives."""
    image = np.full((48, 48), grey, np.uint8)
    image[3, 5] = grey + 1  # third row from above: rows and columns must not be swapped
    return image


ROWS = [
    (0, picture(10), "Training", "fer0000000.png", [4, 0, 0, 1, 3, 2, 0, 0, 0, 0]),
    (3, picture(20), "Training", "", [0, 0, 0, 0, 0, 0, 0, 0, 0, 10]),
    (5, picture(10), "PublicTest", "fer0000002.png", [0, 0, 9, 0, 0, 0, 1, 0, 0, 0]),
    (6, picture(20), "PublicTest", "fer0000003.png", [10, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    (4, picture(40), "PrivateTest", "fer0000004.png", [0, 0, 0, 10, 0, 0, 0, 0, 0, 0]),
]


def test_fer2013_and_ferplus_become_one_file_for_each_part(tmp_path, capsys):
    assert convert.main(published(tmp_path, ROWS)) == 0
    assert "Training 1, PublicTest 2, PrivateTest 1" in capsys.readouterr().out
    with np.load(tmp_path / "data" / "fer2013plus-PublicTest.npz") as file:
        assert np.array_equal(file["images"], [picture(10), picture(20)])
        assert file["votes"].tolist() == [ROWS[2][4], ROWS[3][4]] and file["votes"].dtype == np.uint8
        assert file["fer2013_label"].tolist() == ["surprise", "neutral"]
        assert file["name"].tolist() == ["fer0000002.png", "fer0000003.png"]
        # the second one's pixels are in Training only as a picture that FER+ left out
        assert file["same_pixels_in_training"].tolist() == [True, False]
    assert fer.ballots("Training", tmp_path / "data").votes.tolist() == [ROWS[0][4]]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda rows: rows[:4], "has no rows of PrivateTest"),
        (lambda rows: [(9, *rows[0][1:]), *rows[1:]], "Line 2 of fer2013.csv"),
        (lambda rows: [(0, rows[0][1][:40], *rows[0][2:]), *rows[1:]], "Line 2 of fer2013.csv does not"),
    ],
)
def test_a_table_that_is_not_as_published_is_one_sentence(tmp_path, capsys, spoil, says):
    assert convert.main(published(tmp_path, spoil(ROWS))) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_tables_of_different_lengths_columns_or_none_are_one_sentence(tmp_path, capsys):
    command = published(tmp_path, ROWS)
    table = tmp_path / "fer2013new.csv"
    table.write_text("\n".join(table.read_text().splitlines()[:-1]))
    assert convert.main(command) == 2
    assert "different numbers of rows" in capsys.readouterr().err
    table.write_text("Usage,happiness\n")
    assert convert.main(command) == 2
    assert "fer2013new.csv has no column Image name" in capsys.readouterr().err
    table.unlink()
    assert convert.main(command) == 2
    assert "fer2013new.csv is missing" in capsys.readouterr().err


LINE = r"net_7876\_-60_1_0.jpg 46 108 46 107 66.000000 58.5 95.0 57.0 89.0 80.0 69.0 95.0 92.0 92.0"


def unpacked(folder: Path, train: str = LINE) -> list[str]:
    """Writes the two lists and their pictures; the command's words."""
    (folder / "net_7876").mkdir()
    for name in ("_-60_1_0", "0_0_0"):
        (folder / "net_7876" / f"{name}.jpg").write_bytes(name.encode())
    other = LINE.replace("_-60_1_0", "0_0_0")
    lfw = LINE.replace("net_7876", "lfw_5590")
    (folder / "trainImageList.txt").write_text(f"{lfw}\n{train}\n")
    (folder / "testImageList.txt").write_text(f"{other}\n\n{lfw}\n")
    return ["net_7876", "--folder", str(folder), "-o", str(folder / "data")]


def test_the_web_part_of_the_facial_points_becomes_an_archive_and_two_tables(tmp_path, capsys):
    assert convert.main(unpacked(tmp_path)) == 0
    assert "train 1, test 1" in capsys.readouterr().out
    faces = net7876.load(tmp_path / "data", "train")
    assert faces.names == ("net_7876/_-60_1_0.jpg",) and faces.encoded == (b"_-60_1_0",)
    assert faces.eyes.tolist() == [[[95, 57], [66, 58.5]]]  # the subject's left eye is on the picture's right
    assert faces.boxes is not None and faces.boxes.tolist() == [[46, 46, 108, 107]]
    assert net7876.load(tmp_path / "data", "test").names == ("net_7876/0_0_0.jpg",)
    with zipfile.ZipFile(tmp_path / "data" / "net_7876.zip") as archive:
        assert len(archive.namelist()) == 2


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (LINE.replace("95.0", "none"), "Line 2 of trainImageList.txt holds a word"),
        (LINE.rsplit(" ", 1)[0], "Line 2 of trainImageList.txt does not hold a path and 14 numbers"),
        (LINE.replace("_-60_1_0", "absent"), "net_7876/absent.jpg is in a list but not in"),
        (LINE.replace("net_7876", "lfw_5590"), "trainImageList.txt names no picture of net_7876/"),
    ],
)
def test_a_list_that_is_not_as_published_is_one_sentence(tmp_path, capsys, line, says):
    assert convert.main(unpacked(tmp_path, line)) == 2
    assert says in capsys.readouterr().err


def test_a_set_that_is_not_unpacked_is_one_sentence(tmp_path, capsys):
    assert convert.main(["net_7876", "--folder", str(tmp_path)]) == 2
    assert "trainImageList.txt is missing" in capsys.readouterr().err


def test_the_data_folder_is_named_by_the_environment_or_beside_the_checkout_or_in_it(tmp_path):
    root = tmp_path / "mien"
    assert data_folder(root, {}) == data_folder(root, {"MIEN_DATA": ""}) == root / "data"
    (tmp_path / "shared" / "data").mkdir(parents=True)
    assert data_folder(root, {}) == tmp_path / "shared" / "data"
    assert data_folder(root, {"MIEN_DATA": "/elsewhere"}) == Path("/elsewhere")


@needs_data
def test_the_data_here_is_what_the_page_says():
    page = (ROOT / "docs" / "data.md").read_text("utf-8")
    digests = dict(re.findall(r"^\| `([\w.-]+)` \|.*`([0-9a-f]{64})` \|$", page, re.M))
    assert len(digests) == 7
    for name, digest in digests.items():
        if (DATA / name).exists():
            assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == digest, name


@needs_data
def test_the_data_here_is_what_the_converter_makes_of_the_public_tables(tmp_path):
    """The public tables are put together again from the first faces of each part, and converted."""
    rows, wanted = [], {}
    for part in PARTS:
        with np.load(DATA / f"fer2013plus-{part}.npz") as file:
            assert tuple(file["vote_names"]) == VOTES
            kept = {name: file[name][:40] for name in ("images", "votes", "fer2013_label", "name")}
        wanted[part] = kept
        emotions = [from_fer2013.LABELS.index(label) for label in kept["fer2013_label"]]
        names, votes = kept["name"].tolist(), kept["votes"].tolist()
        rows += list(zip(emotions, kept["images"], [part] * 40, names, votes, strict=True))
    assert convert.main(published(tmp_path, rows)) == 0
    for part in PARTS:
        with np.load(tmp_path / "data" / f"fer2013plus-{part}.npz") as file:
            for name, values in wanted[part].items():
                assert np.array_equal(file[name], values) and file[name].dtype == values.dtype, (part, name)


@needs_data
def test_repeated_pictures_here_are_those_that_the_converter_would_find():
    with np.load(DATA / "fer2013plus-Training.npz") as file:
        learnt = {image.tobytes() for image in file["images"]}
    for part in PARTS[1:]:
        with np.load(DATA / f"fer2013plus-{part}.npz") as file:
            again = [image.tobytes() in learnt for image in file["images"]]
            assert file["same_pixels_in_training"].tolist() == again
