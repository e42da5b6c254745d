"""Gaze and lids on a made-up head with ball eyes, and their signs on a real clip."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.stages.eyelids import CLOSED, OPEN, SHUT, openness
from app.stages.eyes import EyeLocator
from app.stages.gaze import OUTWARDS, RADIUS, UP, gaze
from app.stages.landmarks import LEFT_EYE, RIGHT_EYE
from app.stages.models import load
from app.stages.pipeline import Pipeline
from app.stages.pose import CHIN, FOREHEAD, LEAN, LEFT_SIDE, RIGHT_SIDE, head_pose
from tests.conftest import ROOT, new_detector

SURE, WIDE = np.ones(2), (1.0, 1.0)
WIDTH = 30.0  # pixels of an eye
RIGHT_BY_4, UP_BY_4 = np.array([4, 0]), np.array([0, -4])  # pixels in the picture


def turn(yaw: float, pitch: float) -> np.ndarray:
    """Rotates (0, 0, -1), out of the picture, to this yaw and pitch in degrees."""
    y, p = np.radians([yaw, pitch])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), np.sin(p)], [0, -np.sin(p), np.cos(p)]])
    return np.array([[np.cos(y), 0, -np.sin(y)], [0, 1, 0], [np.sin(y), 0, np.cos(y)]]) @ about_x


def head(rotation: np.ndarray, opening: float = OPEN) -> tuple[np.ndarray, np.ndarray]:
    """(478, 3) landmarks of a turned head, and the (2, 3) centres of its eye balls."""
    points, balls = np.zeros((478, 3)), np.zeros((2, 3))
    lean = 90 * np.tan(np.radians(LEAN))
    points[FOREHEAD], points[CHIN] = (0, -90, -lean), (0, 90, lean)
    points[list(LEFT_SIDE)], points[list(RIGHT_SIDE)] = (70, 0, 50), (-70, 0, 50)
    for i, (outline, side) in enumerate(((LEFT_EYE, 1), (RIGHT_EYE, -1))):
        middle = np.array([35 * side, -30, 5])
        lid = np.array([0, opening * WIDTH / 2, 0])
        across = np.array([WIDTH / 2, 0, 0])
        points[list(outline)] = middle + np.stack(
            [-across, -across / 3 - lid, across / 3 - lid, across, across / 3 + lid, -across / 3 + lid]
        )
        balls[i] = middle + WIDTH * np.array([side * OUTWARDS, -UP, RADIUS])
    return 300 + points @ rotation.T, 300 + balls @ rotation.T


def eyes(balls: np.ndarray, yaw: float, pitch: float) -> np.ndarray:
    """The eye centres in the picture when both eyes look there."""
    return (balls + RADIUS * WIDTH * turn(yaw, pitch) @ (0, 0, -1))[:, :2]


@pytest.mark.parametrize("head_at", [(0, 0), (25, 0), (-20, 10), (0, -20)])
@pytest.mark.parametrize("look", [(0, 0), (30, 0), (-15, 0), (0, 20), (10, -25)])
def test_known_directions_come_out_however_the_head_is_turned(head_at, look):
    landmarks, balls = head(turn(*head_at))
    assert head_pose(landmarks).yaw == pytest.approx(head_at[0], abs=1e-6)
    found = gaze(landmarks, eyes(balls, *look), SURE, WIDE)
    assert (found.yaw, found.pitch) == pytest.approx(look, abs=1e-6)


def test_signs_an_eye_that_moves_in_the_picture():
    landmarks, balls = head(np.eye(3))
    ahead = eyes(balls, 0, 0)
    assert gaze(landmarks, ahead + RIGHT_BY_4, SURE, WIDE).yaw > 15  # to the subject's left
    assert gaze(landmarks, ahead + UP_BY_4, SURE, WIDE).pitch > 15  # up in the picture


def test_a_closed_or_unsure_eye_has_no_say():
    landmarks, balls = head(np.eye(3))
    mixed = np.stack([eyes(balls, 20, 0)[0], eyes(balls, -20, 0)[1]])
    assert gaze(landmarks, mixed, SURE, WIDE).yaw == pytest.approx(0, abs=1e-6)
    assert gaze(landmarks, mixed, SURE, (0.0, 1.0)).yaw == pytest.approx(-20)
    assert gaze(landmarks, mixed, np.array([1.0, 0.1]), WIDE).yaw > 10
    assert gaze(landmarks, mixed, SURE, (CLOSED / 2, 0.0)) is None


def test_an_eye_beside_its_ball_is_clipped_not_lost():
    landmarks, balls = head(np.eye(3))
    found = gaze(landmarks, eyes(balls, 0, 0) + 1000, SURE, WIDE)
    assert np.isfinite([found.yaw, found.pitch]).all()


@pytest.mark.parametrize("rotation", [(0, 0), (30, 0), (0, -35), (20, 20)])
def test_lids_are_measured_in_space_so_that_a_turn_is_no_blink(rotation):
    half = (SHUT + OPEN) / 2
    for opening, expected in ((SHUT, 0), (0.0, 0), (half, 0.5), (OPEN, 1), (2 * OPEN, 1)):
        landmarks, _ = head(turn(*rotation), opening)
        assert openness(landmarks) == pytest.approx((expected, expected), abs=1e-6)


def test_each_eye_has_its_own_lids():
    landmarks, _ = head(np.eye(3))
    landmarks[list(LEFT_EYE), 1] = landmarks[LEFT_EYE[0], 1]
    assert openness(landmarks) == pytest.approx((0, 1))


def test_a_mirrored_clip_mirrors_the_gaze(frames):
    locator, detector = EyeLocator(load(ROOT / "models" / "eyes.toml")), new_detector(1, still=True)
    found = []
    for frame in list(frames("one-face.mp4"))[::6]:
        for image in (frame.image, np.ascontiguousarray(frame.image[:, ::-1])):
            (face,) = detector.detect(image)
            (centres,), (sure,) = locator.locate(image, (face,))
            look = gaze(face.landmarks, centres, sure, openness(face.landmarks))
            found.append((look.yaw, look.pitch) if look else (np.nan, np.nan))
    plain, mirrored = np.array(found).reshape(-1, 2, 2).transpose(1, 0, 2)
    assert np.nanmedian(plain[:, 0] + mirrored[:, 0]) == pytest.approx(0, abs=6)
    assert np.nanmedian(plain[:, 1] - mirrored[:, 1]) == pytest.approx(0, abs=4)


def test_two_people_look_to_where_one_sees_them_look(frames):
    locator, detector = EyeLocator(load(ROOT / "models" / "eyes.toml")), new_detector(2, still=True)
    woman, man = [], []
    for frame in list(frames("two-people.mp4"))[10:50:8]:
        people = sorted(detector.detect(frame.image), key=lambda d: d.box[0])
        for side, face in zip((woman, man), people, strict=True):
            (centres,), (sure,) = locator.locate(frame.image, (face,))
            side.append(gaze(face.landmarks, centres, sure, openness(face.landmarks)).yaw)
    assert -60 < np.median(woman) < -20  # to her right, the left of the picture
    assert 5 < np.median(man) < 30


def test_a_person_blinks(frames):
    detector = new_detector(1)
    lids = [openness(f.landmarks) for frame in frames("one-face.mp4") for f in detector.detect(frame.image)]
    closed = np.array(lids).max(1) < CLOSED
    assert 0 < closed.sum() < 10  # a blink or two in 72 frames
    assert np.median(lids) > 0.7


def test_a_nod_does_not_shake_the_smoothed_gaze(frames):
    pipeline, looks = Pipeline.load(ROOT / "models", 1), []
    for frame in frames("signing-yes.mkv"):
        looks += [(face.gaze, face.gaze_smooth) for face in pipeline.process(frame).faces]
    pipeline.close()
    raw, smooth = (np.diff([look.pitch for look in part]) for part in zip(*looks, strict=True))
    assert np.percentile(abs(smooth), 95) < 0.7 * np.percentile(abs(raw), 95)


def test_a_face_and_its_mirror_image_look_to_opposite_sides_at_every_size(clips):
    """Half the sum of both yaws is the bias of the whole chain, which half a pixel made grow and shrink."""
    locator, detector = EyeLocator(load(ROOT / "models" / "eyes.toml")), new_detector(1, still=True)
    image = cv2.imread(str(clips / "one-face.jpg"))
    (face,) = detector.detect(image)
    biases = []
    for distance in (42, 85, 170):
        scale = distance / float(np.hypot(*(face.eyes[0] - face.eyes[1])))
        sized = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        yaws = []
        for picture in (sized, np.ascontiguousarray(sized[:, ::-1])):
            (found,) = detector.detect(picture)
            (centres,), (sure,) = locator.locate(picture, (found,))
            yaws.append(gaze(found.landmarks, centres, sure, openness(found.landmarks)).yaw)
        biases.append(sum(yaws) / 2)
    assert np.abs(biases).max() < 1 and np.ptp(biases) < 1
