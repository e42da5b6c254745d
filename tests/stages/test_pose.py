"""Head pose on a made-up rigid face that is turned by known angles, and its signs on a real clip."""

from __future__ import annotations

import numpy as np
import pytest

from app.stages.pose import CHIN, FOREHEAD, LEAN, LEFT_SIDE, RIGHT_SIDE, axes, head_pose, turned
from tests.conftest import new_detector


def face(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """Landmarks of a face that faces the camera, rolled, then pitched, then yawed, in degrees; see Pose."""
    points = np.zeros((478, 3))
    lean = 90 * np.tan(np.radians(LEAN))  # a head that looks ahead has its chin farther back
    points[FOREHEAD], points[CHIN] = (0, -90, -10 - lean), (0, 90, -10 + lean)
    points[list(LEFT_SIDE)], points[list(RIGHT_SIDE)] = (70, 5, 40), (-70, 5, 40)
    y, p, r = np.radians([yaw, pitch, roll])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), np.sin(p)], [0, -np.sin(p), np.cos(p)]])
    about_y = np.array([[np.cos(y), 0, -np.sin(y)], [0, 1, 0], [np.sin(y), 0, np.cos(y)]])
    return 300 + points @ (about_y @ about_x @ about_z).T


@pytest.mark.parametrize(
    "angles", [(0, 0, 0), (30, 0, 0), (-60, 0, 0), (0, 25, 0), (0, 0, 40), (20, -15, -35), (-40, 30, 50)]
)
def test_known_turns_come_out(angles):
    pose = head_pose(face(*angles))
    assert (pose.yaw, pose.pitch, pose.roll) == pytest.approx(angles, abs=1e-6)
    assert turned(pose) == pytest.approx(np.array(axes(face(*angles))), abs=1e-9)


def test_signs_mean_what_the_type_says():
    nose_to_the_left = face(30, 0, 0)
    assert nose_to_the_left[list(LEFT_SIDE), 2].mean() > nose_to_the_left[list(RIGHT_SIDE), 2].mean()
    nose_up = face(0, 30, 0)
    assert nose_up[CHIN, 2] < nose_up[FOREHEAD, 2]
    left_eye_low = face(0, 0, 30)
    assert left_eye_low[list(LEFT_SIDE), 1].mean() > left_eye_low[list(RIGHT_SIDE), 1].mean()


def test_two_people_tilt_and_turn_as_one_sees(frames):
    detector = new_detector(2)
    for frame in frames("two-people.mp4", 25):
        people = sorted(detector.detect(frame.image), key=lambda d: d.box[0])
    woman, man = (head_pose(d.landmarks) for d in people)
    assert -50 < woman.yaw < -15  # looks to her right, the left of the picture
    assert woman.roll < -40 and -55 < man.roll < -30  # both lean to their right: the left eye is higher
    assert 0 < man.yaw < 30


def test_a_nod_goes_up_and_down(frames):
    detector = new_detector(1)
    pitch = [
        head_pose(detector.detect(frame.image)[0].landmarks).pitch for frame in frames("signing-yes.mkv")
    ]
    assert pitch[0] < 0  # the head is bowed
    assert max(pitch[40:]) > 15  # then raised


def test_a_mirrored_picture_mirrors_yaw_and_roll(frames):
    (frame,) = frames("two-people.mp4", 1)
    people = sorted(new_detector(2, still=True).detect(frame.image), key=lambda d: d.box[0])
    mirrored = new_detector(2, still=True).detect(np.ascontiguousarray(frame.image[:, ::-1]))
    mirrored = sorted(mirrored, key=lambda d: -d.box[0])
    for person, image in zip(people, mirrored, strict=True):
        a, b = head_pose(person.landmarks), head_pose(image.landmarks)
        assert (b.yaw, b.pitch, b.roll) == pytest.approx((-a.yaw, a.pitch, -a.roll), abs=8)
