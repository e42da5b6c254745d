"""Outlines of eyes and mouth, and the masks of crops that they bound."""

from __future__ import annotations

import numpy as np
import pytest

from app.stages import align
from app.stages.align import CropShape
from export.data import motion, outlines
from export.data.errors import DataError
from export.data.faces import made_up

SHAPE = CropShape(48, 18.0, 17.0)


class OneInTwo:
    """Finds a face in every picture but black ones, with landmark k at (8 k, 4 k) of the enlarged picture."""

    looked = 0

    def __init__(self, **_):
        pass

    def detect(self, image):
        OneInTwo.looked += 1
        at = np.arange(478)[:, None] * np.array([8.0, 4.0, 0.0])
        return (type("Found", (), {"landmarks": at}),) if image.max() else ()

    def close(self):
        pass


def test_outlines_are_in_pixels_of_the_picture_and_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(outlines, "app_detector", OneInTwo)
    images = np.zeros((2, 48, 48), np.uint8)
    images[0] = 200
    found = outlines.find(images, tmp_path / "outlines.npz")
    mouth = found[0, outlines.RINGS[2]]
    # landmark 61 in the picture that is padded by 12 pixels and enlarged eight times
    assert mouth[0] == pytest.approx([(8 * 61 + 0.5) / 8 - 0.5 - 12, (4 * 61 + 0.5) / 8 - 0.5 - 12])
    assert np.array_equal(found[1], found[0])  # the mean of those found
    assert np.array_equal(outlines.find(images, tmp_path / "outlines.npz"), found)
    assert OneInTwo.looked == 2
    with pytest.raises(DataError, match="none has an outline"):
        outlines.find(images[1:], tmp_path / "others.npz")


def test_a_mask_moves_and_is_mirrored_with_its_crop():
    faces = made_up(1)
    outline = outlines.made_up(faces.eyes)[0]
    plain = outlines.mask(outline, align.similarity(faces.eyes[0], SHAPE), 48, mirrored=False)
    assert set(np.unique(plain)) == {0, 1}
    assert plain[17, 14] == plain[17, 32] == 1 and plain[17, 23] == 0  # both eyes, not the nose
    transform, _ = motion.placed(faces.eyes[0], SHAPE, np.random.default_rng(3))
    moved = outlines.mask(outline, transform, 48, mirrored=False)
    dark = motion.cut(faces.images[0], transform, SHAPE, mirrored=False) < 55  # the drawn eyes
    assert moved[dark].all() and moved.sum() < 0.1 * moved.size
    assert np.array_equal(outlines.mask(outline, transform, 48, mirrored=True), moved[:, ::-1])
