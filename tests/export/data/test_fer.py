"""FER+: the votes in our order, the majority, and eyes where the app would find them."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from app.stages import align
from app.stages.align import CropShape
from app.types import EXPRESSIONS
from export.data import align as eyes_of
from export.data import circumplex, fer, sets
from export.data.faces import made_up
from export.data.places import DATA

needs_data = pytest.mark.skipif(
    not (DATA / "fer2013plus-PrivateTest.npz").exists(), reason="the training data is not here (docs/data.md)"
)
NAMES = (
    "neutral",
    "happiness",
    "surprise",
    "sadness",
    "anger",
    "disgust",
    "fear",
    "contempt",
    "unknown",
    "NF",
)


class NoFace:
    def __init__(self, **_):
        pass

    def detect(self, image):
        return ()

    def close(self):
        pass


class EyesInPlace(NoFace):
    """Finds bright pictures only, with eyes at fixed places in the enlarged, padded picture."""

    def detect(self, image):
        if image.max() < 100:
            return ()
        return (type("Found", (), {"eyes": np.array([[351.5, 239.5], [223.5, 239.5]])}),)


@pytest.fixture
def part(tmp_path, monkeypatch):
    """Three made-up rows: a surprise, one that nobody recognised, a tie of neutral and sadness."""
    votes = np.zeros((3, 10), np.uint8)
    votes[0, 2], votes[0, 6] = 8, 2
    votes[1, 8], votes[1, 0] = 6, 4
    votes[2, 0] = votes[2, 3] = 5
    images = np.zeros((3, 48, 48), np.uint8)
    images[0] = images[1] = 200
    np.savez(
        tmp_path / "fer2013plus-PublicTest.npz",
        images=images,
        name=np.array(["fer1.png", "fer2.png", "fer3.png"]),
        votes=votes,
        vote_names=np.array(NAMES),
        same_pixels_in_training=np.array([False, False, True]),
        fer2013_label=np.array(["surprise", "angry", "sad"]),
    )
    monkeypatch.setattr(eyes_of, "app_detector", EyesInPlace)
    return lambda **options: fer.load("PublicTest", tmp_path, tmp_path / "cache", **options)


def test_votes_come_in_our_order_without_what_nobody_recognised(part):
    part = part()
    assert len(part) == 2
    assert part.labels.tolist() == [EXPRESSIONS.index("surprise"), EXPRESSIONS.index("neutral")]
    assert part.votes[0, EXPRESSIONS.index("surprise")] == pytest.approx(0.8)
    assert part.votes[0, EXPRESSIONS.index("fear")] == pytest.approx(0.2)
    assert part.repeated.tolist() == [False, True]


def test_eyes_are_in_pixels_of_the_picture_and_a_missed_face_gets_the_mean(part):
    part = part()
    assert part.eyes[0] == pytest.approx(np.array([[31.5, 17.5], [15.5, 17.5]]))
    assert part.found.tolist() == [True, False]
    assert part.eyes[1] == pytest.approx(part.eyes[0])


def test_old_labels_keep_every_face_with_one_label(part):
    old = part(old_labels=True)
    assert [EXPRESSIONS[label] for label in old.labels] == ["surprise", "anger", "sad"]
    assert old.votes.tolist() == np.eye(8)[old.labels].tolist()


def test_sets_of_the_same_pictures_differ_in_labels_and_in_who_learns(part, tmp_path):
    part()  # keeps the eyes
    for name in ("Training", "PrivateTest"):
        shutil.copy(tmp_path / "fer2013plus-PublicTest.npz", tmp_path / f"fer2013plus-{name}.npz")
    votes, clear, old = (
        sets.load(name, tmp_path, tmp_path / "cache")[0] for name in ("fer", "fer_clear", "fer2013")
    )
    assert (len(votes), len(clear), len(old)) == (2, 0, 3)
    assert fer.ballots("Training", tmp_path).clear(most=8).tolist() == [True, False]
    assert sets.part("fer2013", tmp_path, "test", tmp_path / "cache").votes.max(1).tolist() == [1, 1]
    assert len(sets.part("fer_clear", tmp_path, "test", tmp_path / "cache")) == 1


def test_ballots_are_of_the_same_faces(part, tmp_path):
    ballots = fer.ballots("PublicTest", tmp_path)
    assert len(part()) == 2 and ballots.names.tolist() == ["fer1.png", "fer3.png"]
    assert ballots.words(0) == "8 surprise, 2 fear"
    assert ballots.agreed().tolist() == [True, False]


def test_eyes_are_found_once_and_then_read_while_the_detector_agrees(tmp_path, monkeypatch):
    images = np.full((40, 48, 48), 200, np.uint8)
    looked = []

    class Counting(EyesInPlace):
        moved = 0.0

        def detect(self, image):
            looked.append(1)
            found = super().detect(image)
            for face in found:
                face.eyes = face.eyes + self.moved
            return found

    monkeypatch.setattr(eyes_of, "app_detector", Counting)
    first, _ = eyes_of.find_eyes(images, tmp_path / "eyes.npz")
    again, _ = eyes_of.find_eyes(images, tmp_path / "eyes.npz")
    assert np.array_equal(first, again) and len(looked) == 40 + eyes_of.PROBES
    Counting.moved = 8.0  # another version of the detector, one pixel of the picture away
    other, _ = eyes_of.find_eyes(images, tmp_path / "eyes.npz")
    assert other == pytest.approx(first + 1)


def test_pictures_without_a_face_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(eyes_of, "app_detector", NoFace)
    with pytest.raises(ValueError, match="No face"):
        eyes_of.find_eyes(np.full((1, 48, 48), 200, np.uint8), tmp_path / "eyes.npz")


def test_missing_data_is_named_with_its_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"fer2013plus-Training\.npz is not in"):
        fer.load("Training", tmp_path, tmp_path)


def test_crops_put_the_eyes_where_the_shape_says():
    faces, shape = made_up(4), CropShape(48, 18.0, 17.0)
    for crop, image, eyes in zip(faces.crops(shape), faces.images, faces.eyes, strict=True):
        assert np.array_equal(crop, align.warp(image, align.similarity(eyes, shape), 48))
        for x in (14, 32):
            assert crop[16:19, x : x + 2].mean() < 70  # the drawn eyes are dark
    assert len(faces.take(np.array([True, False, False, True]))) == 2


def test_expectation_of_one_vote_is_its_coordinate_and_of_two_their_middle():
    votes = np.zeros((2, 8), np.float32)
    votes[0, EXPRESSIONS.index("happy")] = 1
    votes[1, [EXPRESSIONS.index("neutral"), EXPRESSIONS.index("fear")]] = 0.5
    assert circumplex.expectation(votes) == pytest.approx(np.array([[0.81, 0.51], [-0.32, 0.30]]))


def test_contempt_lies_between_disgust_and_anger():
    at = dict(zip(EXPRESSIONS, circumplex.COORDINATES, strict=True))
    assert at["contempt"] == pytest.approx((at["disgust"] + at["anger"]) / 2)


@needs_data
def test_the_usual_protocol_gives_the_usual_counts(tmp_path, monkeypatch):
    def at_once(images, cache):
        return np.zeros((len(images), 2, 2), np.float32), np.ones(len(images), bool)

    monkeypatch.setattr(fer, "find_eyes", at_once)
    faces = fer.load("PrivateTest", DATA, tmp_path)
    assert (len(faces), int((~faces.repeated).sum())) == (3546, 3259)
    assert np.bincount(faces.labels).tolist() == [1262, 928, 444, 444, 93, 23, 325, 27]
