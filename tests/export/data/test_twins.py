"""Near twins: one photograph in another quality is near, another photograph far."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from export.data import rated, twins
from export.data.faces import Faces, made_up

CROPS = made_up(8).crops(rated.CROP)


def noise(seed: int, count: int = 1) -> np.ndarray:
    """Smooth random pictures, (count, 48, 48) uint8."""
    rough = np.random.default_rng(seed).uniform(0, 255, (count, 12, 12)).astype(np.float32)
    return (
        np.stack([cv2.resize(r, (48, 48), interpolation=cv2.INTER_CUBIC) for r in rough])
        .clip(0, 255)
        .astype(np.uint8)
    )


def test_as_many_bits_are_set_as_not_and_a_picture_is_its_own_nearest():
    found = twins.hashes(noise(0, 6))
    assert found.shape == (6, twins.BITS) and set(np.unique(found)) == {-1, 1}
    assert not found.sum(1).any()
    bits, row = twins.nearest(found, found[::-1], block=4)
    assert bits.tolist() == [0] * 6 and row.tolist() == [5, 4, 3, 2, 1, 0]


def test_bits_are_counted_as_they_differ():
    ours = np.ones((1, twins.BITS), np.float32)
    theirs = np.repeat(ours, 2, 0)
    theirs[0, :9], theirs[1, :7] = -1, -1
    bits, row = twins.nearest(ours, theirs)
    assert (bits.tolist(), row.tolist()) == ([7], [1])


@pytest.mark.parametrize(
    "change",
    [
        lambda p: cv2.convertScaleAbs(p, alpha=0.7, beta=25),
        lambda p: cv2.GaussianBlur(p, (0, 0), 0.8),
        lambda p: cv2.imdecode(
            cv2.imencode(".jpg", p, [cv2.IMWRITE_JPEG_QUALITY, 50])[1], cv2.IMREAD_GRAYSCALE
        ),
    ],
    ids=["light", "blur", "jpeg"],
)
def test_light_blur_and_compression_leave_a_twin_near_and_strangers_are_far(change):
    pictures = noise(1, 20)
    changed = np.stack([change(picture) for picture in pictures])
    bits, row = twins.nearest(twins.hashes(changed), twins.hashes(pictures))
    assert row.tolist() == list(range(20)) and bits.max() <= rated.TWIN
    far, _ = twins.nearest(twins.hashes(noise(2, 20)), twins.hashes(pictures))
    assert far.min() > rated.TWIN


def faces(images: np.ndarray) -> Faces:
    eyes = np.tile(np.array([[32.5, 17], [14.5, 17]], np.float32), (len(images), 1, 1))
    flags, votes = np.ones(len(images), bool), np.full((len(images), 8), 1 / 8, np.float32)
    return Faces(images, eyes, flags, votes, votes.argmax(1), votes[:, :2], ~flags)


def test_another_crop_and_a_mirror_image_of_a_test_face_are_twins():
    large = cv2.resize(noise(3)[0], (96, 96), interpolation=cv2.INTER_CUBIC)
    whole = np.array([[65.0, 34], [29, 34]], np.float32)  # the eyes in the large picture
    shifted = faces(large[None, 8:88, 4:84])
    shifted.eyes[0] = whole - (4, 8)
    test = faces(large[None])
    test.eyes[0] = whole
    mirror = faces(np.ascontiguousarray(large[None, :, ::-1]))
    mirror.eyes[0] = np.array([[95 - 29, 34], [95 - 65, 34]])
    stranger = faces(noise(4))
    found = [rated.near_twins(one, [stranger, test])[0] for one in (shifted, mirror)]
    assert found == [True, True]
    assert rated.near_twins(shifted, [faces(noise(5))]).tolist() == [False]
