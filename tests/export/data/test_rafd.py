"""RaFD, from made-up files with its names."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from app.stages.align import CropShape
from app.types import EXPRESSIONS
from export.data import rafd
from export.data.errors import DataError

WORDS = ("neutral", "happy", "sad", "surprised", "fearful", "disgusted", "angry", "contemptuous")


class EyesInPlace:
    """Finds a face wherever the picture is not black, with eyes at fixed shares of it."""

    def __init__(self, **_):
        pass

    def detect(self, image):
        if image.max() == 0:
            return ()
        eyes = np.array([[0.6, 0.4], [0.4, 0.4]]) * image.shape[1::-1]
        return (type("Found", (), {"eyes": eyes}),)

    def close(self):
        pass


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Three people with eight expressions from three sides, red at the left and blue at the right."""
    monkeypatch.setattr(rafd, "app_detector", EyesInPlace)
    image = np.zeros((512, 340, 3), np.uint8)
    image[:, :170, 2], image[:, 170:, 0] = 200, 100
    encoded = cv2.imencode(".jpg", image)[1].tobytes()
    for angle in ("045", "090", "135"):
        for person in ("01", "02", "61"):
            for word in WORDS:
                name = f"Rafd{angle}_{person}_Caucasian_female_{word}_frontal.jpg"
                (tmp_path / name).write_bytes(encoded)
    return tmp_path


def test_each_word_is_one_of_our_expressions():
    found = [rafd.label(f"Rafd090_01_Moroccan_male_{word}_left.jpg") for word in WORDS]
    assert found == list(range(8))
    assert EXPRESSIONS == ("neutral", "happy", "sad", "surprise", "fear", "disgust", "anger", "contempt")
    assert rafd.label("Rafd045_01_Caucasian_female_angry_frontal.jpg") is None


def test_only_frontal_pictures_are_read_a_tenth_of_them_apart(folder):
    learn, others = rafd.load(folder, folder / "cache", CropShape(128, 48.0, 43.0))
    assert (len(learn.labels), len(others.labels)) == (22, 2)
    assert learn.pictures.shape == (22, 3, 128, 128) and learn.pictures.dtype == np.uint8
    both = np.concatenate([learn.labels, others.labels])
    assert np.bincount(both).tolist() == [3] * 8


def test_colours_are_red_green_blue(folder):
    learn, _ = rafd.load(folder, folder / "cache", CropShape(64, 24.0, 21.0))
    red, green, blue = learn.pictures[0]
    assert abs(int(red[30, 5]) - 200) < 8 and red[30, 60] < 8
    assert abs(int(blue[30, 60]) - 100) < 8 and green.max() < 8


def test_a_picture_without_a_face_is_left_out(folder):
    black = cv2.imencode(".jpg", np.zeros((512, 340, 3), np.uint8))[1].tobytes()
    (folder / "Rafd090_61_Caucasian_female_happy_frontal.jpg").write_bytes(black)
    parts = rafd.load(folder, folder / "cache", CropShape(64, 24.0, 21.0))
    assert np.bincount(np.concatenate([p.labels for p in parts])).tolist() == [3, 2, 3, 3, 3, 3, 3, 3]


def test_what_is_missing_or_named_otherwise_is_one_sentence(folder):
    with pytest.raises(FileNotFoundError, match="no frontal picture; put RaFD there"):
        rafd.load(folder / "nowhere", folder / "cache", CropShape(64, 24.0, 21.0))
    (folder / "holiday.jpg").write_bytes(b"")
    with pytest.raises(DataError, match=r"holiday\.jpg is not named as"):
        rafd.load(folder, folder / "cache", CropShape(64, 24.0, 21.0))
