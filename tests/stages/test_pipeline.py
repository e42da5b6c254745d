"""The whole chain, on made-up detections and on real clips."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from app.stages.affect import AffectReader
from app.stages.cards import ModelError
from app.stages.eyes import EyeLocator
from app.stages.models import load
from app.stages.pipeline import Pipeline
from app.stages.smooth import Smoother
from app.stages.tracking.tracker import Tracker
from app.system import paths
from app.types import Detection, Frame, Result, Workload


def same(a: Result, b: Result) -> bool:
    """Whether two results are equal to the last byte, but for the stage times."""

    def content(result: Result) -> list:
        numbers = [
            (f.id, f.pose.yaw, f.pose.pitch, f.pose.roll, f.raw.valence, f.smooth.valence, f.smooth.arousal)
            for f in result.faces
        ]
        arrays = [
            a.tobytes()
            for f in result.faces
            for a in (f.box, f.landmarks, f.raw.eyes, f.raw.probs, f.smooth.eyes, f.smooth.probs)
        ]
        return [*numbers, *arrays]

    return content(a) == content(b)


def test_a_picture_without_faces_gives_an_empty_result(models):
    frame = Frame(0, 0.0, np.full((48, 64, 3), 90, np.uint8), 0.0)
    result = Pipeline.load(models).process(frame)
    assert result.frame is frame
    assert result.faces == ()
    assert result.times.total > 0


def test_a_missing_model_is_refused(models):
    (models / "affect.onnx").unlink()
    with pytest.raises(ModelError, match=r"affect\.onnx cannot be read"):
        Pipeline.load(models)


def test_one_face_keeps_its_id_and_sensible_values(models, frames):
    pipeline = Pipeline.load(models)
    results = [pipeline.process(frame) for frame in frames("one-face.mp4", 30)]
    assert all(len(r.faces) == 1 for r in results)
    assert {r.faces[0].id for r in results} == {1}
    for result in results:
        (face,) = result.faces
        x0, y0, x1, y1 = face.box
        for signals in (face.raw, face.smooth):
            assert ((signals.eyes > (x0, y0)) & (signals.eyes < (x1, y1))).all()
            assert signals.probs.sum() == pytest.approx(1, abs=1e-5)
            assert -1 <= signals.valence <= 1
        assert face.raw.eyes[0, 0] > face.raw.eyes[1, 0]
        assert result.times.total >= result.times.detect + result.times.eyes > 0


def test_the_same_clip_twice_gives_the_same_bytes(models, frames):
    clip = list(frames("two-people.mp4", 40))
    first, second = Pipeline.load(models), Pipeline.load(models)
    assert all(same(first.process(frame), second.process(frame)) for frame in clip)


def test_without_smoothing_smooth_is_raw(models, frames):
    pipeline = Pipeline.load(models, smoothing=0)
    for frame in frames("one-face.mp4", 3):
        (face,) = pipeline.process(frame).faces
        assert face.smooth is face.raw


class Script:
    """A detector that finds what it is told, frame by frame."""

    name, cards, search_every = "onnx", (), 5
    unmeasured, max_faces = (), 4

    def __init__(self, *frames: tuple[Detection, ...]) -> None:
        self._frames = iter(frames)

    def search_now(self) -> None:
        pass

    def detect(self, image: np.ndarray) -> tuple[Detection, ...]:
        return next(self._frames)


def detection(x: float) -> Detection:
    """A face 60 pixels wide about (x, 100), looking into the camera."""
    landmarks = np.random.default_rng(8).uniform(-30, 30, (478, 3)).astype(np.float32)
    landmarks[:, :2] += (x, 100)
    eyes = np.array([[x + 10, 95], [x - 10, 95]], np.float32)
    return Detection(landmarks, np.array([x - 30, 70, x + 30, 130], np.float32), eyes)


def test_values_stay_with_their_faces_and_faces_are_ordered_by_id(models):
    dark, bright, middle = detection(80), detection(320), detection(200)
    image = np.repeat(np.linspace(0, 255, 400).astype(np.uint8)[None, :, None], 200, 0).repeat(3, 2)
    eyes, affect = EyeLocator(load(models / "eyes.toml")), AffectReader(load(models / "affect.toml"))
    detector = Script((dark, bright), (bright, middle, dark), (), (middle, bright))
    pipeline = Pipeline(detector, Tracker(), eyes, [affect], Smoother())
    results = [pipeline.process(Frame(i, i / 30, image, 0.0)) for i in range(4)]
    assert [[face.id for face in result.faces] for result in results] == [[1, 2], [1, 2, 3], [], [2, 3]]
    expected = {1: 80, 2: 320, 3: 200}
    for face in (face for result in results for face in result.faces):
        x = expected[face.id]
        assert face.box[0] == x - 30
        assert face.raw.valence == pytest.approx(2 * x / 399 - 1, abs=0.02)
        assert face.raw.arousal == pytest.approx(-face.raw.valence / 2)
        assert face.landmarks[:, 0].mean() == pytest.approx(x, abs=5)


def scripted(models, *frames, affect=("affect",)) -> Pipeline:
    """On a detector that finds what it is told."""
    eyes = EyeLocator(load(models / "eyes.toml"))
    affects = [AffectReader(load(models / f"{name}.toml")) for name in affect]
    return Pipeline(Script(*frames), Tracker(), eyes, affects, Smoother(0))


def grey(level: int) -> np.ndarray:
    return np.full((200, 400, 3), level, np.uint8)


def test_another_network_is_used_from_the_next_frame_on(both):
    pipeline = scripted(both, *[(detection(200),)] * 3, affect=("affect", "affect-float32"))
    valence = []
    for i, precision in enumerate(("int8", "float32", "int8")):
        pipeline.use(Workload(precision))
        valence.append(pipeline.process(Frame(i, i / 30, grey(200), 0.0)).faces[0].raw.valence)
        assert pipeline.cards[1].precision == precision
    assert valence[0] == valence[2] == pytest.approx(-valence[1], abs=1e-6) and valence[0] > 0.3


def test_a_network_that_is_not_there_is_refused(models):
    with pytest.raises(ModelError, match="no float32 affect network"):
        scripted(models).use(Workload("float32"))


def test_with_landmarks_in_every_second_frame_the_others_keep_ids_and_follow_the_eyes(models):
    def picture(x: float) -> np.ndarray:
        """Dark eyes of `detection(x)` on a bright ground."""
        image = grey(255)
        for eye in detection(x).eyes.astype(int):
            image[eye[1] - 1 : eye[1] + 2, eye[0] - 1 : eye[0] + 2] = 0
        return image

    found = (detection(200),), (detection(206),)
    pipeline = scripted(models, *found)  # asked twice in four frames
    pipeline.use(Workload(landmarks_every=2))
    faces = [pipeline.process(Frame(i, i / 30, picture(200 + 3 * i), 0.0)).faces[0] for i in range(4)]
    assert [face.id for face in faces] == [1] * 4
    middle = [face.landmarks[:, 0].mean() for face in faces]
    assert middle == pytest.approx([200, 203, 206, 209], abs=0.3)
    assert faces[1].box[0] == pytest.approx(173, abs=0.3)


def test_nobody_is_looked_for_in_every_frame_however_little_is_done(models):
    pipeline = scripted(models, (), (detection(200),))
    pipeline.use(Workload(landmarks_every=3))
    assert [len(pipeline.process(Frame(i, i / 30, grey(128), 0.0)).faces) for i in range(2)] == [0, 1]


def test_a_stream_of_few_frames_a_second_is_doubted(frames):
    clip = list(frames("one-face.mp4", 8))
    seen = {}
    for rate in (8.0, 10.0):
        pipeline = Pipeline.load(paths.models())
        results = [pipeline.process(replace(frame, time=frame.index / rate)) for frame in clip]
        seen[rate] = [result.faces[0].status for result in results]
    assert seen[10.0] == ["ok"] * 8
    assert seen[8.0] == ["ok"] * 3 + ["rate_too_low"] * 5


def test_nothing_is_smoothed_over_a_cut(models, frames):
    (one,), (other,) = frames("one-face.mp4", 1), frames("signing-yes.mkv", 1)
    first, cut = one.image, cv2.resize(other.image, one.image.shape[1::-1])
    pipeline = Pipeline.load(models)
    results = [pipeline.process(Frame(i, i / 30, first if i < 5 else cut, 0.0)) for i in range(10)]
    assert [result.cut for result in results] == [i == 5 for i in range(10)]
    after = next(result.faces[0] for result in results[5:] if result.faces)
    assert after.id == 2 and after.smooth is after.raw
