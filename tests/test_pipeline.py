"""The whole chain, on made-up detections and on real clips."""

from __future__ import annotations

import numpy as np
import pytest

from app.models import ModelError
from app.pipeline import Pipeline
from app.types import Frame, Result


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
    pipeline = Pipeline.load(models, smoothing=False)
    for frame in frames("one-face.mp4", 3):
        (face,) = pipeline.process(frame).faces
        assert face.smooth is face.raw
