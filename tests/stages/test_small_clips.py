"""Detection, tracking, pose, lids and gaze on the small clips that every checkout has."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from app.sources.exposure import light
from app.stages.align import apply
from app.stages.detect import iris_centres
from app.stages.eyelids import openness
from app.stages.eyes import EyeLocator
from app.stages.gaze import gaze
from app.stages.models import load
from app.stages.pipeline import Pipeline
from app.stages.pose import head_pose
from app.stages.tracking.tracker import Tracker
from app.system import paths
from app.types import Detection, Image
from tests.conftest import new_detector
from tests.stages.test_pipeline import same


def mirrored(image: Image) -> Image:
    return np.ascontiguousarray(image[:, ::-1])


@pytest.fixture(scope="module")
def portrait(clips) -> tuple[Image, Detection]:
    """A picture with one face, and that face."""
    image = cv2.imread(str(clips / "one-face.jpg"))
    (face,) = new_detector(still=True).detect(image)
    return image, face


@pytest.mark.parametrize(
    ("clip", "faces"),
    [("single-face.mp4", 1), ("two-faces.mp4", 2), ("three-walking.mp4", 3), ("nobody.mp4", 0)],
)
def test_each_frame_has_the_faces_that_it_shows_and_they_keep_their_ids(clip_frames, clip, faces):
    detector, tracker = new_detector(4), Tracker()
    for frame in clip_frames(clip, 30):
        assert tracker.assign(detector.detect(frame.image), frame.time) == tuple(range(1, faces + 1))
    detector.close()


def test_no_more_faces_than_asked_for_and_always_the_same_ones(clip_frames):
    detector = new_detector(2)
    places = [
        sorted(int(face.box[0]) for face in detector.detect(frame.image))
        for frame in clip_frames("three-walking.mp4", 15)
    ]
    detector.close()
    assert {len(place) for place in places} == {2}
    assert np.ptp(places, axis=0).max() < 20


def test_a_face_that_leaves_is_gone(clip_frames):
    detector = new_detector()
    found = [len(detector.detect(frame.image)) for frame in clip_frames("face-then-none.mp4")]
    detector.close()
    assert found[:31] == [1] * 31 and found[45:] == [0] * 30


def test_what_is_found_fits_the_picture(portrait):
    image, face = portrait
    assert face.landmarks.shape == (478, 3) and face.landmarks.dtype == np.float32
    assert face.box == pytest.approx([*face.landmarks[:, :2].min(0), *face.landmarks[:, :2].max(0)])
    assert face.eyes[0, 0] > face.eyes[1, 0]  # the subject's left eye is on the right
    distance = np.hypot(*(face.eyes[0] - face.eyes[1]))
    assert np.abs(face.eyes - iris_centres(face)).max() < 0.15 * distance
    assert (face.box > 0).all() and (face.box < np.tile(image.shape[1::-1], 2)).all()


@pytest.mark.parametrize(("distance", "angle"), [(50, 0), (120, -40), (120, 40), (300, 20), (300, -20)])
def test_a_face_of_any_size_and_tilt_in_a_720p_picture(portrait, angle, distance):
    image, face = portrait
    scale = distance / np.hypot(*(face.eyes[0] - face.eyes[1]))
    middle = face.eyes.mean(0)
    turn = cv2.getRotationMatrix2D([float(v) for v in middle], angle, scale)
    turn[:, 2] += (640, 330) - middle
    (found,) = new_detector(still=True).detect(cv2.warpAffine(image, turn, (1280, 720)))
    assert np.abs(found.eyes - apply(turn, face.eyes)).max() < 0.1 * distance


def test_someone_who_joins_is_found_within_a_few_frames(portrait):
    image, _ = portrait
    alone = cv2.copyMakeBorder(image, 0, 0, 0, image.shape[1], cv2.BORDER_CONSTANT)
    together = np.hstack([image, image])
    detector = new_detector()
    before = [len(detector.detect(alone)) for _ in range(7)]
    after = [len(detector.detect(together)) for _ in range(2 * detector.search_every)]
    detector.close()
    assert set(before) == {1} and after[-1] == 2


def test_a_mirrored_picture_mirrors_yaw_roll_and_gaze(portrait):
    locator, found = EyeLocator(load(paths.models() / "eyes.toml")), []
    turned = cv2.warpAffine(portrait[0], cv2.getRotationMatrix2D((320, 240), 15, 1), (640, 480))
    for image in (turned, mirrored(turned)):
        (face,) = new_detector(still=True).detect(image)
        (centres,), (confidence,) = locator.locate(image, (face,))
        look = gaze(face.landmarks, centres, confidence, openness(face.landmarks))
        found.append((head_pose(face.landmarks), look))
    (pose, look), (pose_there, look_there) = found
    assert abs(pose.roll) > 8
    expected = (-pose.yaw, pose.pitch, -pose.roll)
    assert (pose_there.yaw, pose_there.pitch, pose_there.roll) == pytest.approx(expected, abs=4)
    assert (look_there.yaw, look_there.pitch) == pytest.approx((-look.yaw, look.pitch), abs=6)


def test_one_face_keeps_its_id_and_has_sensible_values(models, clip_frames):
    pipeline = Pipeline.load(models)
    results = [pipeline.process(frame) for frame in clip_frames("single-face.mp4", 20)]
    pipeline.close()
    for result in results:
        (face,) = result.faces
        x0, y0, x1, y1 = face.box
        assert face.id == 1
        for signals in (face.raw, face.smooth):
            assert ((signals.eyes > (x0, y0)) & (signals.eyes < (x1, y1))).all()
            assert signals.probs.sum() == pytest.approx(1, abs=1e-5)
            assert -1 <= signals.valence <= 1
        assert face.raw.eyes[0, 0] > face.raw.eyes[1, 0]
        assert result.times.total >= result.times.detect + result.times.eyes > 0


def test_the_same_clip_twice_gives_the_same_bytes(models, clip_frames):
    first, second = Pipeline.load(models), Pipeline.load(models)
    for frame in clip_frames("two-faces.mp4", 20):
        assert same(first.process(frame), second.process(frame))
    first.close()
    second.close()


def test_without_smoothing_smooth_is_raw(models, clip_frames):
    pipeline = Pipeline.load(models, smoothing=0)
    for frame in clip_frames("single-face.mp4", 3):
        (face,) = pipeline.process(frame).faces
        assert face.smooth is face.raw
    pipeline.close()


@pytest.mark.parametrize(("rate", "statuses"), [(10.0, ["ok"] * 8), (8.0, ["ok"] * 3 + ["rate_too_low"] * 5)])
def test_a_stream_of_few_frames_a_second_is_doubted(clip_frames, rate, statuses):
    pipeline = Pipeline.load(paths.models())
    results = [
        pipeline.process(replace(frame, time=frame.index / rate))
        for frame in clip_frames("single-face.mp4", 8)
    ]
    pipeline.close()
    assert [result.faces[0].status for result in results] == statuses


def test_frames_that_were_left_out_on_purpose_are_no_doubt(clip_frames):
    pipeline = Pipeline.load(paths.models())
    statuses = [
        [
            pipeline.process(replace(frame, time=start + frame.index / 2, rate=rate)).faces[0].status
            for frame in clip_frames("single-face.mp4", 5)
        ]
        for start, rate in ((0, 30.0), (10, 9.0))
    ]
    pipeline.close()
    assert statuses == [["ok"] * 5, ["rate_too_low"] * 5]


def test_clips_are_well_lit_and_are_not_when_darkened_or_brightened(clip_frames):
    for name in ("single-face.mp4", "two-faces.mp4", "nobody.mp4", "three-walking.mp4"):
        image = next(clip_frames(name, limit=1)).image
        assert light(image) == "", name
        assert light(cv2.convertScaleAbs(image, alpha=0.1)) == "dark", name
        assert light(cv2.convertScaleAbs(image, alpha=6.0, beta=60)) == "bright", name
