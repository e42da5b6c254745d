"""AffectNet, RAF-DB, CK+ and JAFFE, from made-up files in their published layouts."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from app.types import EXPRESSIONS
from export.data import affectnet, ckplus, jaffe, pictures, rafdb
from export.data.subjects import in_part


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


@pytest.fixture(autouse=True)
def detector(monkeypatch):
    monkeypatch.setattr(pictures, "app_detector", EyesInPlace)


def paint(path: Path, value: int = 120, side: int = 400) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    image = np.full((side, side, 3), value, np.uint8)
    path.write_bytes(cv2.imencode(path.suffix, image)[1].tobytes())
    return path


def names(faces) -> list[str]:
    return [EXPRESSIONS[label] for label in faces.labels]


def test_affectnet_keeps_what_is_rated_and_its_own_valence_and_arousal(tmp_path):
    rows = [(1, 0.5, 0.25), (7, -0.5, 0.5), (8, -2, -2), (0, 0, 0)]
    for number, values in enumerate(rows):
        paint(tmp_path / "train_set" / "images" / f"{number}.jpg")
        for what, value in zip(("exp", "val", "aro"), values, strict=True):
            path = tmp_path / "train_set" / "annotations" / f"{number}_{what}.npy"
            path.parent.mkdir(exist_ok=True)
            np.save(path, np.array(str(value)).astype(float))
    faces = affectnet.load(tmp_path, "train", tmp_path / "cache")
    assert names(faces) == ["happy", "contempt", "neutral"]
    assert faces.va.tolist() == [[0.5, 0.25], [-0.5, 0.5], [0, 0]]
    assert names(affectnet.load(tmp_path, "train", tmp_path / "cache", classes=7)) == ["happy", "neutral"]
    with pytest.raises(FileNotFoundError, match="val_set"):
        affectnet.load(tmp_path, "test", tmp_path / "cache")
    (tmp_path / "train_set" / "annotations" / "3_val.npy").unlink()
    with pytest.raises(FileNotFoundError, match=r"3_val\.npy is missing"):
        affectnet.load(tmp_path, "train", tmp_path / "cache")


def test_rafdb_numbers_its_seven_expressions_from_one(tmp_path):
    table = tmp_path / "basic" / "EmoLabel" / "list_patition_label.txt"
    table.parent.mkdir(parents=True)
    table.write_text("train_00001.jpg 5\ntrain_00002.jpg 1\ntest_0001.jpg 7\n")
    for stem in ("train_00001", "train_00002", "test_0001"):
        paint(tmp_path / "basic" / "Image" / "aligned" / f"{stem}_aligned.jpg", side=100)
    assert names(rafdb.load(tmp_path, "train", tmp_path)) == ["sad", "surprise"]
    faces = rafdb.load(tmp_path, "test", tmp_path)
    assert names(faces) == ["neutral"] and faces.va.tolist() == [[0, 0]]
    (tmp_path / "basic" / "Image" / "aligned" / "test_0001_aligned.jpg").unlink()
    with pytest.raises(FileNotFoundError, match="unpack RAF-DB"):
        rafdb.load(tmp_path, "test", tmp_path)


def test_ckplus_takes_the_first_as_neutral_and_the_last_three_as_the_expression(tmp_path):
    for number in range(5):
        subject = f"S{number:03}"
        for k in range(1, 7):
            paint(tmp_path / "cohn-kanade-images" / subject / "001" / f"{subject}_001_{k:08}.png", 20 * k)
        label = tmp_path / "Emotion" / subject / "001" / f"{subject}_001_00000006_emotion.txt"
        label.parent.mkdir(parents=True)
        label.write_text(f"   {number + 3}.0000000e+00\n")
    faces = ckplus.load(tmp_path, "test", tmp_path)
    assert names(faces) == ["neutral", "surprise", "surprise", "surprise"]
    assert faces.images[:, 40, 40].tolist() == [20, 80, 100, 120]
    assert len(ckplus.load(tmp_path, "train", tmp_path)) == 16


def test_jaffe_reads_its_file_names(tmp_path):
    for subject in ("KA", "KL", "KM", "KR", "MK"):
        paint(tmp_path / f"{subject}.AN1.39.tiff")
        paint(tmp_path / f"{subject}.HA2.40.tiff")
    assert names(jaffe.load(tmp_path, "test", tmp_path)) == ["anger", "happy"]
    assert len(jaffe.load(tmp_path, "train", tmp_path)) == 8


@pytest.mark.parametrize("module", [affectnet, rafdb, ckplus, jaffe])
def test_a_set_that_is_not_there_is_named(module, tmp_path):
    with pytest.raises(FileNotFoundError, match=str(tmp_path)):
        module.load(tmp_path, "train", tmp_path)


def test_nobody_is_in_both_parts():
    people = [f"P{k:02}" for k in range(10)]
    test = [p for p in people if in_part(p, people, "test")]
    train = [p for p in people if in_part(p, people, "train")]
    assert test == ["P04", "P09"] and sorted(test + train) == people


def test_faces_lie_on_the_canvas_where_its_shape_says_and_missed_ones_at_the_mean(tmp_path):
    image = np.zeros((400, 800, 3), np.uint8)  # large enough to be searched as it is
    cv2.circle(image, (480, 160), 12, (255, 255, 255), -1)  # the left eye, at 0.6, 0.4
    path = tmp_path / "a.png"
    path.write_bytes(cv2.imencode(".png", image)[1].tobytes())
    black = paint(tmp_path / "b.png", 0)
    faces = pictures.read([path, black], [0, 1], None, tmp_path / "cache.npz")
    bright = np.argwhere(faces.images[0] > 128).mean(0)[::-1]
    assert bright == pytest.approx(faces.eyes[0, 0], abs=1)
    assert faces.found.tolist() == [True, False]
    crop = faces.crops(pictures.CropShape(48, 18.0, 17.0))[0]
    assert np.argwhere(crop > 128).mean(0) == pytest.approx([17, 32.5], abs=1)


def test_a_picture_is_cut_out_once_and_then_read_from_the_cache(tmp_path, monkeypatch):
    path = paint(tmp_path / "a.png")
    first = pictures.read([path], [0], None, tmp_path / "cache.npz")
    monkeypatch.setattr(pictures, "app_detector", None)
    again = pictures.read([path], [0], None, tmp_path / "cache.npz")
    assert np.array_equal(first.images, again.images)


@pytest.mark.parametrize("content", [b"no picture", b""])
def test_what_is_no_picture_is_named(tmp_path, content):
    path = tmp_path / "broken.png"
    path.write_bytes(content)
    with pytest.raises(FileNotFoundError, match=r"broken\.png is missing or no picture"):
        pictures.read([path], [0], None, tmp_path / "cache.npz")
