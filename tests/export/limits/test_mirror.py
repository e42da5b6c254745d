"""Half of what a face and its mirror image are apart is found, whatever the face looks like."""

from types import SimpleNamespace

import numpy as np
import pytest

from app.stages.align import CropShape
from app.types import Detection
from export.limits.mirror import Subject, eyes_too_far_right, flipped, landmarks_too_far_right

RNG = np.random.default_rng(5)


def subject() -> Subject:
    landmarks = np.zeros((478, 3), np.float32)
    landmarks[:, :2] = RNG.uniform(40, 160, (478, 2))
    landmarks[[33, 263], :2] = [[70, 80], [130, 80]]
    eyes = np.array([[125, 80], [75, 80]], np.float32)
    box = np.array([40, 40, 160, 160], np.float32)
    return Subject(RNG.integers(0, 256, (200, 200, 3), np.uint8), Detection(landmarks, box, eyes))


def darkness(picture: np.ndarray) -> np.ndarray:
    """The column of the middle of a picture's darkness, (n,): it moves with a mirror image exactly."""
    weight = 255.0 - picture.reshape(*picture.shape[:3], -1).mean(3)
    return (weight.sum(1) * np.arange(picture.shape[2])).sum(1) / weight.sum((1, 2))


def test_flipped_twice_is_the_same():
    image = subject().image
    assert (flipped(image)[:, 0] == image[:, -1]).all() and (flipped(flipped(image)) == image).all()


@pytest.mark.parametrize("off", [0.0, 0.3, -1.25])
def test_a_landmark_network_that_is_off_is_found_out(off):
    def run(batch):
        landmarks = np.zeros((len(batch), 478, 3), np.float32)
        landmarks[..., 0] = darkness(batch)[:, None] + off
        return landmarks, np.full(len(batch), 20, np.float32)

    model = SimpleNamespace(card=SimpleNamespace(size=192), run=run)
    found = landmarks_too_far_right(model, [subject() for _ in range(3)])
    assert found == pytest.approx([off] * 3, abs=1e-3)


@pytest.mark.parametrize("off", [0, 2])
def test_an_eye_network_that_is_off_is_found_out(off):
    shape = CropShape(96, 44.0, 36.0)

    def run(batch):
        maps = np.zeros((len(batch), 2, 96, 96), np.float32)
        for i, column in enumerate(np.rint(darkness(batch[:, 0, :, :, None])).astype(int)):
            for eye, side in ((0, 22), (1, -22)):
                at = column + side + off if i == 0 else 95 - (95 - column) + side + off
                maps[i, eye, 33:39, at - 2 : at + 4] = 1
        return (maps,)

    model = SimpleNamespace(card=SimpleNamespace(size=96, crop=shape), run=run)
    found = eyes_too_far_right(model, [subject() for _ in range(3)])
    assert found == pytest.approx([(off + 0.5) / 44] * 3, abs=0.02)
