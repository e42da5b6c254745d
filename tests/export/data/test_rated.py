"""Rated faces: joined sets, whose ratings are whose, and who speaks where nobody rated."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from app.stages.align import CropShape
from export.data import fer, net_faces, pictures, rated
from export.data.faces import Faces, made_up
from export.data.joined import join
from export.data.net7876 import Faces as Pictures
from export.data.ratings import Ratings

CROP = CropShape(48, 18.0, 17.0)


def test_joined_faces_keep_their_crops_whatever_the_size_of_their_pictures():
    small, other = made_up(5), made_up(3, seed=1)
    large = replace(
        other, images=np.stack([cv2.resize(image, (96, 96)) for image in other.images]), eyes=other.eyes * 2
    )
    both = join([small, large])
    assert both.images.shape == (8, 96, 96) and both.eyes.dtype == np.float32
    assert np.array_equal(both.crops(CROP), np.concatenate([small.crops(CROP), large.crops(CROP)]))
    assert both.labels.tolist() == [*small.labels, *large.labels]
    assert both.rated.tolist() == [1] * 8
    unrated = join([replace(small, rated=np.zeros(5, np.float32)), large])
    assert unrated.rated.tolist() == [0] * 5 + [1] * 3


def test_ratings_replace_what_the_votes_say_and_two_count_more_than_one():
    faces = made_up(4)
    given = Ratings(("d", "b"), np.array([[0.5, -0.25], [-1, 1]], np.float32), np.array([2, 1]))
    found = rated.with_ratings(faces, ("a", "b", "c", "d"), given)
    assert found.va[1].tolist() == [-1, 1] and found.va[3].tolist() == [0.5, -0.25]
    assert np.array_equal(found.va[[0, 2]], faces.va[[0, 2]])
    assert found.rated.tolist() == pytest.approx([0, rated.ONCE, 0, 1])
    only = rated.rated_only(found)
    assert len(only) == 2 and only.va.tolist() == [[-1, 1], [0.5, -0.25]]
    assert not np.array_equal(faces.va, found.va)  # the faces themselves stay as they were


class AtTheLabels:
    """Finds a face a little beside the labels in grey pictures, another one in white ones, none in black
    ones."""

    def __init__(self, **_):
        pass

    def detect(self, image):
        if image.max() == 0:
            return ()
        shift = 10.0 if image.min() < 255 else 300.0
        return (type("Found", (), {"eyes": np.array([[300.0, 200.0], [200.0, 200.0]]) + shift}),)

    def close(self):
        pass


def test_faces_of_net_7876_are_cut_out_where_the_detector_finds_them_else_at_their_labels(
    tmp_path, monkeypatch
):
    shown = []
    for value in (100, 255, 0):
        picture = np.full((400, 500, 3), value, np.uint8)
        shown.append(cv2.imencode(".png", picture)[1].tobytes())
    eyes = np.tile(np.array([[300.0, 200.0], [200.0, 200.0]]), (3, 1, 1))
    known = Pictures(("a", "b", "c"), tuple(shown), eyes, None)
    monkeypatch.setattr(net_faces.net7876, "load", lambda folder, part: known)
    monkeypatch.setattr(net_faces, "app_detector", AtTheLabels)
    names, images, found = net_faces.load(tmp_path, tmp_path / "cache.npz")
    assert names == ("a", "b", "c") and found.tolist() == [True, False, False]
    assert images.shape == (3, 96, 96) and images[:, 48, 48].tolist() == [100, 255, 0]
    monkeypatch.setattr(net_faces, "app_detector", None)  # from the cache now
    assert np.array_equal(net_faces.load(tmp_path, tmp_path / "cache.npz")[1], images)


def test_an_eye_far_from_its_label_is_another_face():
    labelled = np.array([[100.0, 0], [0, 0]])
    assert net_faces.near(labelled + np.array([0, 49]), labelled)
    assert not net_faces.near(labelled + np.array([[0, 0], [51, 0]]), labelled)


def test_everyone_of_a_part_comes_whatever_the_majority(tmp_path, monkeypatch):
    columns = np.array([*fer.COLUMNS, "unknown", "NF"])
    votes = np.zeros((3, 10), np.uint8)
    votes[0, 1], votes[1, [2, 8]], votes[2, 9] = 10, (2, 8), 10
    np.savez(
        tmp_path / "fer2013plus-PublicTest.npz",
        images=np.zeros((3, 48, 48), np.uint8),
        votes=votes,
        vote_names=columns,
        name=np.array(["a", "b", "c"]),
        same_pixels_in_training=np.zeros(3, bool),
        fer2013_label=np.array(["happy", "sad", "angry"]),
    )
    monkeypatch.setattr(
        fer, "find_eyes", lambda images, cache: (np.zeros((3, 2, 2), np.float32), np.ones(3, bool))
    )
    names, faces = fer.everyone("PublicTest", tmp_path, tmp_path)
    assert names.tolist() == ["a", "b", "c"] and faces.labels.tolist() == [1, 2, 0]
    assert faces.votes[1].tolist() == [0, 0, 1, 0, 0, 0, 0, 0] and faces.votes[2].tolist() == [1 / 8] * 8
    assert len(fer.load("PublicTest", tmp_path, tmp_path)) == 1  # the usual protocol leaves two out


def test_the_eyes_of_a_canvas_lie_where_its_shape_says():
    left, right = pictures.canvas_eyes()
    assert left - right == pytest.approx([32, 0]) and (left + right) / 2 == pytest.approx([47.5, 36])


def test_people_are_believed_where_they_spoke_and_the_teacher_elsewhere():
    torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")
    assert torch
    from export.affect.rated import taught
    from export.affect.rated.readout import Read, Readout

    base = made_up(3)
    va = np.array([[0.9, 0.9], [0, 0], [-0.5, 0.5]], np.float32)
    faces = replace(base, va=va, rated=np.array([1, 0, 0.7], np.float32))
    assert isinstance(faces, Faces)
    learnt = rated.Learnt(faces, np.array([True, False, False]), 0)
    probs = np.zeros((3, 8), np.float32)
    probs[:, 6] = 1
    said = Read(np.array([[1.0], [2.0], [3.0]], np.float32), probs)
    readout = Readout(np.zeros(1), np.array([[0.2, -0.9]]), np.zeros(2))
    told = taught.spoken_for(learnt, said, readout, 0.25)
    assert told.va.ravel().tolist() == pytest.approx([0.9, 0.9, 0.4, -1.0, -0.5, 0.5])
    assert told.rated.tolist() == pytest.approx([1, 0.25, 0.7])
    assert told.labels.tolist() == [base.labels[0], 6, 6]
    assert np.array_equal(told.votes[0], base.votes[0]) and told.votes[1, 6] == 1
