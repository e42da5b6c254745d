"""Faces of net_7876 in colour with pseudo-labels, from made-up pictures."""

from __future__ import annotations

from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from app.stages.align import CropShape
from export.data import net_colour
from export.data.net7876 import Faces

EYES = np.array([[300.0, 200.0], [200.0, 200.0]])
SHAPE = CropShape(96, 36.0, 34.0)


class AtTheLabels:
    """Finds the labelled face, nothing in a black picture, and another face in a white one."""

    def __init__(self, **_):
        pass

    def detect(self, image):
        if image.max() == 0:
            return ()
        return (type("Found", (), {"eyes": EYES + (0.0 if image.min() < 255 else 300.0)}),)

    def close(self):
        pass


class Named:
    """An affect network: happy where a crop is dark, in doubt where it is bright."""

    card = SimpleNamespace(crop=CropShape(48, 18.0, 17.0), outputs=("va", "probs"), sha256="a")

    def run(self, crops):
        assert crops.shape == (1, 1, 48, 48)
        probs = np.full((1, 8), 1 / 14, np.float32)
        probs[0, 1] = 0.5 if crops.mean() < 100 else 0.4
        return np.zeros((1, 2)), probs


@pytest.fixture
def pictures(monkeypatch):
    """20 red pictures, of which two are black, one white and one in doubt."""
    shown = np.zeros((20, 400, 500, 3), np.uint8)
    shown[:, :, :, 2] = 200
    shown[[3, 5]], shown[7], shown[9] = 0, 255, 180
    encoded = tuple(cv2.imencode(".png", picture)[1].tobytes() for picture in shown)
    known = Faces(tuple("abcdefghijklmnopqrst"), encoded, np.tile(EYES, (20, 1, 1)), None)
    monkeypatch.setattr(net_colour.net7876, "load", lambda folder, part: known)
    monkeypatch.setattr(net_colour, "app_detector", AtTheLabels)


def test_faces_that_are_found_and_named_for_sure_are_cut_out_in_red_green_blue(
    pictures, tmp_path, monkeypatch
):
    learn, others = net_colour.load(tmp_path, tmp_path, SHAPE, Named())
    assert len(learn.labels) + len(others.labels) == 16 and len(others.labels) <= 2
    assert {*learn.labels.tolist(), *others.labels.tolist()} == {1}
    assert learn.pictures.shape[1:] == (3, 96, 96) and learn.pictures.dtype == np.uint8
    assert learn.pictures[:, :, 48, 48].tolist() == [[200, 0, 0]] * len(learn.labels)
    monkeypatch.setattr(net_colour, "app_detector", None)  # from the cache now
    again, _ = net_colour.load(tmp_path, tmp_path, SHAPE, Named())
    assert np.array_equal(again.pictures, learn.pictures)


def test_another_network_names_them_anew(pictures, tmp_path):
    net_colour.load(tmp_path, tmp_path, SHAPE, Named())
    other = Named()
    other.card = SimpleNamespace(**{**vars(Named.card), "sha256": "b"})
    other.run = lambda crops: (np.zeros((1, 2)), np.eye(8, dtype=np.float32)[[6]])
    learn, _ = net_colour.load(tmp_path, tmp_path, SHAPE, other)
    assert set(learn.labels.tolist()) == {6}
