"""The table behind the limits: each step really worsens a face, and its eyes stay where they belong."""

import numpy as np
import pytest

from export import quality
from tests.stages.test_quality import drawn


class Perfect:
    """An eye locator that is told the truth."""

    def locate(self, image, detections):
        return np.stack([d.eyes for d in detections]), np.ones((len(detections), 2), np.float32)


@pytest.mark.parametrize(
    ("step", "status"),
    [("as it is", "ok"), ("blur 0.12", "blurred"), ("light x 0.06", "too_dark"), ("8 pixels", "too_small")],
)
def test_a_step_gives_its_status_and_moves_no_eye(step, status):
    grey, face = drawn(100, (400, 400))
    colour = np.repeat(grey[..., None], 3, 2)
    error, sharp, said = quality.one(colour, face.eyes, quality.STEPS[step], Perfect())
    assert said == status and error == 0 and 0 <= sharp <= 1


def test_shrunk_puts_the_eyes_at_their_distance():
    image = np.zeros((80, 120, 3), np.uint8)
    assert quality.shrunk(8)(image).shape == (16, 24, 3)  # from 40 pixels to 8
