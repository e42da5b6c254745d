import cv2
import numpy as np
import pytest

from app.sources.exposure import TIPS, Exposure, light


def picture(level):
    return np.full((480, 640, 3), level, np.uint8)


@pytest.mark.parametrize(
    ("level", "statuses", "kind"),
    [
        (10, (), "dark"), (60, (), ""), (200, (), ""), (255, (), "bright"),
        (10, ("ok",), ""), (255, ("blurred", "ok"), ""),
        (120, ("too_dark",), "dark"), (120, ("too_bright", "too_bright"), "bright"),
        (120, ("too_dark", "turned_away"), ""),
    ],
)  # fmt: skip
def test_what_light_it_is(level, statuses, kind):
    assert light(picture(level), statuses) == kind


def test_half_a_white_wall_is_no_reason_for_a_word():
    image = picture(120)
    image[:, :200] = 255
    assert light(image) == ""
    image[:, :300] = 255
    assert light(image) == "bright"


def test_a_tip_comes_after_a_while_and_goes_after_a_while():
    exposure = Exposure()
    said = [exposure.see(picture(5 if time < 6 else 120), time) for time in np.arange(0, 12, 0.25)]
    assert said == [""] * 12 + [TIPS["dark"]] * 24 + [""] * 12


def test_a_flicker_says_nothing():
    exposure = Exposure()
    assert {exposure.see(picture(5 if i % 8 else 120), i / 4) for i in range(100)} == {""}


def test_real_clips_are_well_lit_and_the_same_clips_are_not_when_darkened(frames):
    for name in ("one-face.mp4", "two-people.mp4", "face-then-none.mov", "no-face.mp4"):
        image = next(frames(name, limit=1)).image
        assert light(image) == "", name
        assert light(cv2.convertScaleAbs(image, alpha=0.1)) == "dark", name
        assert light(cv2.convertScaleAbs(image, alpha=6.0, beta=60)) == "bright", name
