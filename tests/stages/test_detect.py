"""Faces in real clips and pictures: all of them, once each, the same every time."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.stages import detect
from app.stages.align import apply
from app.stages.detect import iris_centres
from app.types import Detection
from tests.conftest import new_detector


def counts(frames, clip: str, max_faces: int = 4) -> list[int]:
    detector = new_detector(max_faces)
    return [len(detector.detect(frame.image)) for frame in frames(clip)]


@pytest.fixture(scope="module")
def portrait(frames) -> tuple[np.ndarray, Detection]:
    """A picture with one face, and that face."""
    (frame,) = frames("one-face.mp4", 1)
    (face,) = new_detector(still=True).detect(frame.image)
    return frame.image, face


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (1, 300), (300, 1), (10, 900), (101, 99)])
@pytest.mark.parametrize("still", [False, True])
def test_odd_sizes_hold_nobody_and_break_nothing(size, still):
    detector = new_detector(still=still)
    noise = np.random.default_rng(6).integers(0, 256, (*size, 3), np.uint8)
    assert [detector.detect(noise) for _ in range(2)] == [(), ()]


def test_one_face_in_every_frame(frames):
    assert set(counts(frames, "one-face.mp4")) == {1}


def test_two_people_and_never_a_third(frames):
    assert set(counts(frames, "two-people.mp4")) == {2}


@pytest.mark.parametrize("clip", ["signing-again.mkv", "signing-help.mkv", "signing-no.mkv"])
def test_a_skull_on_a_shirt_is_nobody(frames, clip):
    assert set(counts(frames, clip)) == {1}


def test_three_small_faces(frames):
    found = counts(frames, "three-people-walking.mp4")
    assert max(found) == 3
    assert np.mean(np.array(found) == 3) > 0.85


def test_five_faces_and_no_more_than_asked_for(media):
    image = cv2.imread(str(media / "five-faces.jpg"))
    assert len(new_detector(5, still=True).detect(image)) == 5
    assert len(new_detector(3, still=True).detect(image)) == 3


def test_who_is_chosen_when_there_are_too_many_stays_chosen(media):
    image = cv2.imread(str(media / "five-faces.jpg"))
    detector = new_detector(3)
    places = [np.array([face.box for face in detector.detect(image)]) for _ in range(12)]
    assert all(np.abs(place - places[0]).max() < 8 for place in places)


def test_nobody_in_a_clip_without_faces(frames):
    assert sum(counts(frames, "no-face.mp4")) == 0


def test_a_face_that_leaves_is_gone(frames):
    found = counts(frames, "face-then-none.mov")
    assert found == [1] * 72 + [0] * 97


def test_what_is_found_fits_the_picture(portrait):
    image, face = portrait
    assert face.landmarks.shape == (478, 3) and face.landmarks.dtype == np.float32
    assert face.box == pytest.approx([*face.landmarks[:, :2].min(0), *face.landmarks[:, :2].max(0)])
    assert face.eyes[0, 0] > face.eyes[1, 0]  # the subject's left eye is on the right
    distance = np.hypot(*(face.eyes[0] - face.eyes[1]))
    assert np.abs(face.eyes - iris_centres(face)).max() < 0.15 * distance
    assert (face.box > 0).all() and (face.box < np.tile(image.shape[1::-1], 2)).all()


@pytest.mark.parametrize("angle", [-40, 0, 40])
@pytest.mark.parametrize("distance", [50, 120, 300, 400])
def test_a_face_of_any_size_and_tilt_in_a_720p_picture(portrait, angle, distance):
    image, face = portrait
    scale = distance / np.hypot(*(face.eyes[0] - face.eyes[1]))
    middle = face.eyes.mean(0)
    turn = cv2.getRotationMatrix2D([float(v) for v in middle], angle, scale)
    turn[:, 2] += (640, 330) - middle
    (found,) = new_detector(still=True).detect(cv2.warpAffine(image, turn, (1280, 720)))
    assert np.abs(found.eyes - apply(turn, face.eyes)).max() < 0.1 * distance


def shown(
    portrait: tuple[np.ndarray, Detection], size: tuple[int, int], apart: float, angle: float
) -> np.ndarray:
    """A grey picture with the face in it, its eyes so many pixels apart, turned by `angle` degrees."""
    image, face = portrait
    middle = face.eyes.mean(0)
    turn = cv2.getRotationMatrix2D(
        [float(v) for v in middle], angle, apart / np.hypot(*(face.eyes[0] - face.eyes[1]))
    )
    turn[:, 2] += (0.7 * size[0], 0.4 * size[1]) - middle
    return cv2.warpAffine(image, turn, size, flags=cv2.INTER_AREA, borderValue=(90, 90, 90))


@pytest.mark.parametrize("apart", [18, 26, 40])  # faces 40, 60 and 90 pixels high
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (720, 1280)])
def test_a_small_face_in_a_large_picture(portrait, size, apart):
    picture = shown(portrait, size, apart, 0)
    (face,) = new_detector(still=True).detect(picture)
    assert np.abs(face.eyes.mean(0) - (0.7 * size[0], 0.4 * size[1])).max() < 0.3 * apart
    stream = new_detector()
    found = [len(stream.detect(picture)) for _ in range(40)]
    assert set(found[found.index(1) :]) == {1}  # within a tour of its tiles, and from then on


@pytest.mark.parametrize("angle", [90, 135, 180, 270])
def test_a_head_that_lies_or_is_upside_down(portrait, angle):
    picture = shown(portrait, (1280, 720), 60, angle)
    (face,) = new_detector(still=True).detect(picture)
    assert np.abs(face.eyes.mean(0) - (0.7 * 1280, 0.4 * 720)).max() < 20
    stream = new_detector()
    found = [stream.detect(picture) for _ in range(40)]
    counts = [len(faces) for faces in found]
    assert set(counts[counts.index(1) :]) == {1}

    def off(face: Detection) -> float:
        """Degrees between the line of the eyes and the angle by which the picture was turned."""
        x, y = face.eyes[0] - face.eyes[1]
        return abs((np.degrees(np.arctan2(-y, x)) - angle + 180) % 360 - 180)

    assert off(face) < 45 and off(found[-1][0]) < 15  # followed, it is seen upright


def test_nine_people_of_whom_four_are_measured(portrait):
    wall = np.tile(cv2.resize(portrait[0], (320, 180), interpolation=cv2.INTER_AREA), (3, 3, 1))
    few, all_of_them = new_detector(4), new_detector(9)
    assert [(len(few.detect(wall)), len(few.unmeasured)) for _ in range(12)] == [(4, 5)] * 12
    assert [(len(all_of_them.detect(wall)), len(all_of_them.unmeasured)) for _ in range(3)] == [(9, 0)] * 3
    few.max_faces = 9
    assert len(few.detect(wall)) == 9 and few.unmeasured == ()
    still = new_detector(4, still=True)
    assert len(still.detect(wall)) == 4 and len(still.unmeasured) == 5


def test_the_same_clip_twice_gives_the_same_bytes(frames):
    clip = [frame.image for frame in frames("two-people.mp4", 30)]

    def landmarks() -> list[bytes]:
        detector = new_detector()
        return [face.landmarks.tobytes() for image in clip for face in detector.detect(image)]

    assert landmarks() == landmarks()


def test_someone_who_joins_is_found_within_a_few_frames(portrait):
    image, _ = portrait
    alone = cv2.copyMakeBorder(image, 0, 0, 0, image.shape[1], cv2.BORDER_CONSTANT)
    together = np.hstack([image, image])
    detector = new_detector()
    before = [len(detector.detect(alone)) for _ in range(7)]
    after = [len(detector.detect(together)) for _ in range(2 * detector.search_every)]
    assert set(before) == {1} and after[-1] == 2


def test_faces_that_overlap_are_one_and_tiny_ones_none():
    def face(x: float, size: float = 100.0) -> Detection:
        eyes = np.array([[x + size / 5, 30], [x - size / 5, 30]], np.float32)
        box = np.array([x - size / 2, 0, x + size / 2, size], np.float32)
        return Detection(np.zeros((478, 3), np.float32), box, eyes)

    first, double, neighbour, tiny = face(100), face(110), face(190), face(400, 8)
    assert detect.distinct([first, double, neighbour, tiny]) == [first, neighbour]
