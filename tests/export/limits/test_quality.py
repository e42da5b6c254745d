"""The table behind the limits: each step really worsens a face, and its eyes stay where they belong."""

import numpy as np
import pytest

from export.limits import quality, turned
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


def made(lose_from: dict[str, int], faces: int = 20) -> turned.Turned:
    """So many faces in each degree of each turn, all right up to where they begin to be all wrong."""
    degrees = np.repeat(np.arange(0, 45) + 0.5, faces)
    zero = np.zeros_like(degrees)
    yaw = np.concatenate([-degrees, zero, zero])
    pitch = np.concatenate([zero, degrees, -degrees])
    right = np.concatenate([degrees < lose_from.get(turn, 99) for turn in turned.TURNS])
    return turned.Turned(yaw, pitch, right, np.zeros(len(yaw), int))


def test_a_limit_is_where_either_loses_or_where_faces_run_out():
    eyes, expressions = made({"aside": 31, "down": 20}), made({"aside": 40, "up": 25})
    limits = [turned.limit(turn, (eyes, expressions)) for turn in turned.TURNS]
    assert limits == [30, 25, 20]
    assert turned.limit("up", (made({}),)) == 45


def test_a_loss_is_against_straight_faces_of_the_same_kind():
    yaw = np.repeat([0.0, 22.0], 40)
    kind = np.concatenate([np.arange(40) % 2, np.ones(40, int)])  # turned faces are all of the hard kind
    right = np.concatenate([np.arange(40) % 4 != 1, np.arange(40) % 2 == 0])
    faces = turned.Turned(yaw, 0 * yaw, right, kind)
    assert (20, 40, pytest.approx(0)) in list(faces.lost("aside"))
