"""`mien analyze --explain`: each person's strongest moment as a picture, beside the rows."""

from __future__ import annotations

import shutil
from dataclasses import replace

import cv2
import numpy as np
import pytest

from app.__main__ import main
from app.analysis import strongest_moments
from app.analysis.strongest_moments import FOLDER, SIDE, StrongestMoments
from app.stages.affect import AffectReader
from app.stages.cards import read_card
from app.stages.models import load
from app.system import paths
from app.system.errors import UserError
from app.types import EXPRESSIONS, Frame, Result, Signals
from tests.fakes import face
from tests.measured import sessions

EYES = np.array([[120, 90], [80, 90]], np.float32)


def seen(index: int, *shown: tuple[int, str, float], status: str = "ok") -> Result:
    """A frame as bright as its index in which each (id, expression, probability) is shown."""
    faces = []
    for id, expression, prob in shown:
        probs = np.full(8, (1 - prob) / 7, np.float32)
        probs[EXPRESSIONS.index(expression)] = prob
        faces.append(replace(face(id), raw=Signals(EYES, probs, 0.0, 0.0), status=status))
    image = np.full((200, 200, 3), 10 * index, np.uint8)
    return Result(Frame(index, index / 10, image, 0.0), tuple(faces))


@pytest.fixture
def moments(models):
    return StrongestMoments(read_card(models / "affect.toml"))


def kept(moments):
    return {id: moment.frame for id, moment in moments.found.items()}


def test_the_strongest_moment_of_each_person_is_kept(moments):
    moments.add(seen(1, (1, "happy", 0.6), (2, "neutral", 0.9)))
    moments.add(seen(2, (1, "happy", 0.9), (2, "sad", 0.4)))
    moments.add(seen(3, (1, "neutral", 1.0), (2, "neutral", 0.8)))  # neutral is never the strongest
    moments.add(seen(4, (1, "happy", 0.9)))  # the first of two as strong
    assert kept(moments) == {1: 2, 2: 2}


def test_a_face_that_is_seen_well_goes_before_one_that_is_not(moments):
    moments.add(seen(1, (1, "anger", 0.9), status="turned_away"))
    moments.add(seen(2, (1, "anger", 0.5)))
    moments.add(seen(3, (1, "anger", 0.95), status="blurred"))
    assert kept(moments) == {1: 2}


def test_only_what_lies_around_the_face_is_kept(moments):
    large = seen(1, (1, "happy", 0.9))
    large = replace(large, frame=replace(large.frame, image=np.zeros((2000, 3000, 3), np.uint8)))
    moments.add(large)
    assert moments.found[1].image.shape < (150, 150)
    assert not np.shares_memory(moments.found[1].image, large.frame.image)


def test_a_picture_for_each_person_names_winner_and_runner_up(moments, models, tmp_path):
    moments.add(seen(24, (1, "happy", 0.9), (3, "happy", 0.9)))
    reader = AffectReader(load(models / "affect.toml"))
    assert moments.write(reader, tmp_path / "explain") == 2
    assert moments.write(reader, tmp_path / "explain") == 2  # again: the same
    pictures = sorted((tmp_path / "explain").iterdir())
    assert [path.name for path in pictures] == ["person-1.png", "person-3.png"]
    image = cv2.imread(str(pictures[0]))
    assert image.shape[0] > SIDE and image.shape[1] == 2 * SIDE + 8
    left, right = image[SIDE // 2, SIDE // 2].astype(int), image[SIDE // 2, -SIDE // 2].astype(int)
    assert left[2] > left[0]  # bright speaks for happy: warm
    assert right[2] <= right[0] + 3  # and not for the runner-up
    for x in (0, SIDE + 8):
        assert (image[SIDE : SIDE + 44, x : x + SIDE] < 100).any()  # words below each view


def test_a_network_without_maps_is_said_at_once(models):
    card = models / "affect.toml"
    card.write_text(card.read_text().replace(', "maps"]', "]"))
    with pytest.raises(UserError, match=r"affect\.toml does not say .* leave --explain out"):
        StrongestMoments(read_card(card))


def test_a_folder_that_cannot_be_written_is_said(moments, models, tmp_path):
    moments.add(seen(24, (1, "happy", 0.9)))
    (tmp_path / "explain").write_text("in the way")
    with pytest.raises(UserError, match="cannot be written"):
        moments.write(AffectReader(load(models / "affect.toml")), tmp_path / "explain")


def test_what_is_interrupted_does_not_look_done(moments, models, tmp_path, monkeypatch):
    moments.add(seen(24, (1, "happy", 0.9), (2, "sad", 0.8)))

    def stops_at_the_second(person, *_):
        if person == 2:
            raise KeyboardInterrupt
        return np.zeros((4, 4, 3), np.uint8)

    monkeypatch.setattr(strongest_moments, "picture", stops_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        moments.write(AffectReader(load(models / "affect.toml")), tmp_path / FOLDER)
    assert not (tmp_path / FOLDER).exists()


def test_the_command_writes_them_beside_the_rows(clips, tmp_path, capsys):
    out = tmp_path / "out"
    files = [str(clips / "one-face.jpg"), str(tmp_path / "two-faces.png")]
    cv2.imwrite(files[1], cv2.hconcat([cv2.imread(files[0])] * 2))
    assert main(["analyze", "--explain", files[0], files[1], "-o", str(out)]) == 0
    said = capsys.readouterr().out
    one, two = sorted(sessions(out), key=lambda folder: "two" in folder.name)
    assert [p.name for p in (one / FOLDER).iterdir()] == ["person-1.png"]
    assert sorted(p.name for p in (two / FOLDER).iterdir()) == ["person-1.png", "person-2.png"]
    assert f"1 picture in {one / FOLDER}" in said and f"2 pictures in {two / FOLDER}" in said
    assert (one / "faces.csv").exists()
    again = main(["analyze", "--explain", *files, "-o", str(out)])
    assert again == 0 and "analysed already" in capsys.readouterr().out and len(sessions(out)) == 2
    shutil.rmtree(one)
    assert main(["analyze", "--explain", *files, "--jobs", "2", "-o", str(out)]) == 0
    assert (one / FOLDER / "person-1.png").exists() and sessions(out) == sorted([one, two])


def test_what_cannot_be_explained_ends_with_its_code(clips, models, tmp_path, capsys, monkeypatch):
    out = ["-o", str(tmp_path / "out")]
    assert main(["analyze", "--explain", str(tmp_path / "none.mp4"), *out]) == 1
    assert "does not exist" in capsys.readouterr().err
    card = models / "affect.toml"
    card.write_text(card.read_text().replace(', "maps"]', "]"))
    monkeypatch.setattr(paths, "models", lambda: models)
    assert main(["analyze", "--explain", str(clips / "one-face.jpg"), *out]) == 2
    assert "leave --explain out" in capsys.readouterr().err
