"""The table of what the thresholds of tracking rest on, on made-up clips."""

import numpy as np
import pytest

from app.stages.tracking.appearance import Appearance
from app.types import Image
from export.limits.tracking import HEAD, Clip, joined, same_person, table, two_clips, two_people


def picture(grey: int) -> Image:
    return np.full((360, 640, 3), grey, np.uint8)


def looks(*numbers: float) -> dict[int, Appearance]:
    """Faces 1, 2 ... of which the first number says how they look."""
    return {id: Appearance(np.array([number])) for id, number in enumerate(numbers, 1)}


def clip(*faces: dict[int, Appearance], grey: int = 90) -> Clip:
    return Clip([picture(grey)] * 2, [0.01] * (len(faces) - 1), [], list(faces))


def test_a_face_is_compared_with_itself_so_many_frames_before():
    one = clip(looks(0.0, 5.0), looks(0.1), looks(0.3, 6.0))
    assert list(same_person([one], 1)) == pytest.approx([0.1, 0.2])
    assert list(same_person([one], 2)) == pytest.approx([0.3, 1.0])


def test_people_are_compared_within_a_frame_and_between_clips():
    one, other = clip(looks(0.0, 1.0)), clip(looks(4.0))
    assert list(two_people([one, other])) == pytest.approx([1.0])
    assert sorted(two_clips([one, other])) == pytest.approx([3.0, 3.0, 4.0, 4.0])


def test_light_alone_is_no_change_from_one_clip_to_another():
    assert joined(clip(looks()), clip(looks(), grey=120)).colours == pytest.approx(0, abs=1e-6)


def test_the_table_has_a_row_for_each_and_their_thresholds():
    lines = table([clip(looks(0.0), looks(0.2)), Clip()])
    assert all(len(line.split()) > 2 for line in lines)
    (row,) = (line for line in lines if line.startswith("one face, from frame to frame"))
    assert row.split()[-8:] == ["1", *["0.200"] * 5, "0.12,", "0.3"] and len(HEAD) > 48
