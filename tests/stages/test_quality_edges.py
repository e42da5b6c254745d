"""Where each doubt begins, to the number; and the two measures of a crop, worked out another way."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from app.stages import quality
from app.stages.quality import aligned, outside, sharpness
from app.types import Detection, Pose

AHEAD, SURE = Pose(0, 0, 0), np.ones(2)
RNG = np.random.default_rng(2)
NOISE = RNG.integers(60, 240, (300, 400)).astype(np.uint8)
BOX = np.array([150, 100, 250, 220], np.float32)
FACE = Detection(np.zeros((478, 3), np.float32), BOX, np.array([[212.5, 150], [188.5, 150]], np.float32))


def status(image=NOISE, face=FACE, pose=AHEAD, confidence=SURE, rate=np.inf):
    return quality.status(image, face, pose, confidence, rate)


def test_fifteen_per_cent_of_a_face_may_be_outside():
    for box, expected in (
        ((314, 100, 414, 220), "ok"), ((316, 100, 416, 220), "cut_off"),
        ((150, 248, 250, 308), "ok"), ((150, 250, 250, 310), "cut_off"),
    ):  # fmt: skip
        assert status(face=replace(FACE, box=np.array(box, np.float32))) == expected


def test_eyes_are_far_enough_apart_from_12_pixels_on():
    for distance, expected in ((12, "ok"), (11.75, "too_small")):
        eyes = np.array([[200 + distance, 150], [200, 150]], np.float32)
        assert status(face=replace(FACE, eyes=eyes)) == expected


@pytest.mark.parametrize("pose", [Pose(35, 0, 0), Pose(-35, 0, 0), Pose(0, 25, 0), Pose(0, -25, 0)])
def test_a_head_is_turned_away_beyond_its_limit(pose):
    assert status(pose=pose) == "ok"
    beyond = Pose(*(value * 1.01 for value in (pose.yaw, pose.pitch, pose.roll)))
    assert status(pose=beyond) == "turned_away"


@pytest.mark.parametrize(
    ("grey", "expected"), [(9, "too_dark"), (10, "blurred"), (249, "blurred"), (250, "too_bright")]
)
def test_one_grey_level_is_too_dark_or_too_bright_or_else_without_detail(grey, expected):
    assert status(np.full_like(NOISE, grey)) == expected


def test_three_fifths_of_a_face_may_be_white():
    for columns, too_bright in ((28, False), (29, True)):  # of 48
        image = NOISE.copy()
        image[:, 177 : 177 + columns] = 255
        assert (status(image) == "too_bright") == too_bright


def test_the_less_certain_eye_counts():
    for low, expected in ((0.5, "ok"), (0.4375, "low_confidence")):
        assert status(confidence=np.array([1.0, low])) == expected
        assert status(confidence=np.array([low, 1.0])) == expected


@pytest.mark.parametrize(("rate", "expected"), [(10.0, "ok"), (9.9, "rate_too_low"), (10.5, "ok")])
def test_ten_frames_a_second_are_enough(rate, expected):
    assert status(rate=rate) == expected


@pytest.mark.parametrize("middle", [(200, 150), (23, 16), (374, 266)])
def test_a_crop_has_the_eyes_24_pixels_apart_below_16_rows(middle):
    x, y = middle
    eyes = np.array([[x + 12.5, y], [x - 11.5, y]], np.float32)
    whole = np.pad(NOISE, 60, mode="edge")[y - 16 + 60 :, x - 23 + 60 :][:48, :48]
    inside = np.s_[: 300 - (y - 16), : 400 - (x - 23)]
    assert np.array_equal(aligned(NOISE, eyes)[inside], whole[inside])


@pytest.mark.parametrize("middle", [(-200, 150), (200, -200), (900, 150), (200, 900)])
def test_eyes_outside_the_picture_give_a_crop_all_the_same(middle):
    eyes = np.array([[12, 0], [-12, 0]], np.float32) + np.float32(middle)
    assert aligned(NOISE, eyes).shape == (48, 48)


@pytest.mark.parametrize(
    ("box", "share"),
    [
        ((10, -10, 20, 30), 0.25), ((-10, 10, 30, 20), 0.25), ((90, 10, 110, 20), 0.5),
        ((10, 90, 20, 110), 0.5), ((-10, -10, 10, 10), 0.75), ((10, 200, 20, 300), 1.0),
        ((1, 1, 1.5, 1.5), 0.0), ((10, -0.5, 20, 0.5), 0.5),
        ((-20, 10, -10, 20), 1.0), ((5, 5, 5, 5), 1.0),
    ],
)  # fmt: skip
def test_the_share_that_lies_outside(box, share):
    assert outside(np.array(box, np.float64), 100, 100) == pytest.approx(share)


def lost(values):
    """Crete and others in the x direction, with 7 taps, as their formulas say it."""
    padded = np.pad(values.astype(float), ((0, 0), (3, 3)), mode="reflect")
    blurred = np.stack([padded[:, i : i + 7].mean(1) for i in range(values.shape[1])], 1)
    detail, left = np.abs(np.diff(values.astype(float))), np.abs(np.diff(blurred))
    return np.maximum(detail - left, 0).sum() / detail.sum()


@pytest.mark.parametrize("kernel", [(1, 1), (9, 1), (1, 9), (5, 5)])
def test_sharpness_is_that_of_the_direction_that_loses_less(kernel):
    crop = cv2.blur(NOISE[:48, :48], kernel)
    assert sharpness(crop) == pytest.approx(min(lost(crop), lost(crop.T)), abs=1e-3)
    assert sharpness(np.full((48, 48), 7, np.uint8)) == 0
