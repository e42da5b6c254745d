"""Ratings of valence and arousal: the file, and which faces they belong to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from export.data import ratings
from export.data.places import DATA

HEAD = "set,name,valence,arousal,ratings"
ROWS = ("fer-Training,b.png,-0.5,0.25,2", "net_7876-train,b.png,0.1,0.2,1", "fer-Training,a.png,1,-1,1")


def written(folder: Path, *lines: str) -> Path:
    (folder / ratings.FILE).write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def test_one_sets_ratings_come_in_the_order_of_the_file(tmp_path):
    found = ratings.load(written(tmp_path, HEAD, *ROWS), "fer-Training")
    assert found.names == ("b.png", "a.png") and len(found) == 2
    assert found.va.tolist() == [[-0.5, 0.25], [1, -1]] and found.va.dtype == np.float32
    assert found.passes.tolist() == [2, 1]


def test_a_picture_finds_its_row_and_one_without_a_rating_none(tmp_path):
    found = ratings.load(written(tmp_path, HEAD, *ROWS), "fer-Training")
    assert found.rows(np.array(["a.png", "c.png", "b.png"])).tolist() == [1, -1, 0]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("name,valence", "a,1"), "must have the columns"),
        ((HEAD, "fer-PublicTest,a.png,0,0,1"), "no ratings of fer-Training"),
        ((HEAD, "fer-Training,a.png,1.5,0,1"), "line 2: valence and arousal"),
        ((HEAD, "fer-Training,a.png,nan,0,1"), "line 2: valence and arousal"),
        ((HEAD, "fer-Training,a.png,0,,1"), "line 2: valence and arousal"),
        ((HEAD, "fer-Training,a.png,0,0,3"), "line 2: valence and arousal"),
        (
            (HEAD, "fer-Training,a.png,0,0,1", "fer-Training,a.png,0,0,1"),
            "rates a face of fer-Training twice",
        ),
    ],
)
def test_what_is_no_rating_is_refused(tmp_path, lines, says):
    with pytest.raises(ValueError, match=says):
        ratings.load(written(tmp_path, *lines), "fer-Training")


def test_missing_ratings_are_named_with_their_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"va-ratings\.csv is not in"):
        ratings.load(tmp_path, "fer-Training")


@pytest.mark.skipif(not (DATA / ratings.FILE).exists(), reason="the training data is not here (docs/data.md)")
def test_the_real_file_has_the_faces_that_its_page_counts():
    sets = ("fer-Training", "fer-PublicTest", "fer-PrivateTest", "net_7876-train")
    assert [len(ratings.load(DATA, name)) for name in sets] == [2342, 195, 296, 1130]
