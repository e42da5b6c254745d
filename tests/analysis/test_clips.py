"""The shipped networks on the small clips: what each clip was made to show, and the same every time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from app.stages.landmarks import LEFT_IRIS, RIGHT_IRIS
from app.stages.pipeline import Pipeline
from app.system.paths import models as models_folder
from app.types import Face, Result
from tests.stages.test_pipeline import same


@pytest.fixture(scope="module")
def results(clip_frames) -> Callable[[str], list[Result]]:
    """A function that gives the results of a whole clip, worked out once."""
    known: dict[str, list[Result]] = {}

    def run(clip: str) -> list[Result]:
        if clip not in known:
            pipeline = Pipeline.load(models_folder())
            known[clip] = [pipeline.process(frame) for frame in clip_frames(clip)]
            pipeline.close()
        return known[clip]

    return run


def people(results: list[Result]) -> list[list[Face]]:
    """The faces of each person, from the left of the picture to the right by where they begin."""
    found: dict[int, list[Face]] = {}
    for face in (face for result in results for face in result.faces):
        found.setdefault(face.id, []).append(face)
    return sorted(found.values(), key=lambda faces: faces[0].box[0])


def words(faces: list[Face]) -> set[str]:
    return {face.smooth.expression for face in faces}


def test_a_face_that_begins_to_smile(results):
    (faces,) = people(results("single-face.mp4"))
    assert len(faces) == 72
    before, after = faces[:24], faces[42:]
    assert words(before) == {"neutral"} and words(after) == {"happy"}
    assert max(abs(face.smooth.valence) for face in before) < 0.3
    assert min(face.smooth.valence for face in after) > 0.5
    assert {face.status for face in faces} == {"ok"}


def test_a_blink_shuts_both_eyes_for_a_moment(results):
    (faces,) = people(results("single-face.mp4"))
    lids = np.array([face.openness for face in faces])
    shut = lids.max(axis=1).argmin()
    assert 15 <= shut <= 21 and lids[shut].max() < 0.6  # at 0.6 s
    assert lids[:12].min() > 0.8 and lids[24:30].min() > 0.8


def test_two_faces_show_what_they_show(results):
    happy, sad = people(results("two-faces.mp4"))
    assert len(happy) == len(sad) == 60
    assert words(happy[:40]) == {"happy"} and words(sad[:40]) == {"sad"}
    assert min(face.raw.valence for face in happy[:40]) > 0.5
    assert max(face.raw.valence for face in sad[:40]) < -0.3


def test_three_people_who_walk_up(results):
    neutral, happy, surprised = people(results("three-walking.mp4"))
    assert words(neutral[:20]) == {"neutral"} and words(happy[:20]) == {"happy"}
    assert words(surprised[:20]) == {"surprise"}
    for faces in (neutral, happy, surprised):
        width = [face.box[2] - face.box[0] for face in faces]
        assert len(faces) == 60 and width[-1] > 1.4 * width[0]


def test_a_face_that_leaves_is_gone_and_never_somebody_else(results):
    found = results("face-then-none.mp4")
    (faces,) = people(found)
    assert [len(result.faces) for result in found[:31]] == [1] * 31
    assert not any(result.faces for result in found[45:])
    assert {face.status for face in faces[:31]} == {"ok"}


def test_two_people_who_cross_stay_two_people(results):
    behind, before = people(results("crossing.mp4"))
    assert len(before) == 60 and 30 <= len(behind) < 60
    assert behind[-1].box[0] > 400 and before[-1].box[2] < 300
    assert words(behind[:20]) == {"happy"} and words(before[:40]) == {"sad"}


def test_nobody_is_nobody(results):
    assert not people(results("nobody.mp4"))


@pytest.mark.parametrize("clip", ["single-face.mp4", "two-faces.mp4", "three-walking.mp4"])
def test_eyes_are_where_the_irises_are_and_move_calmly(results, clip):
    for faces in people(results(clip)):
        raw, smooth = (np.array([getattr(f, name).eyes for f in faces]) for name in ("raw", "smooth"))
        iris = np.array([face.landmarks[[LEFT_IRIS, RIGHT_IRIS], :2] for face in faces])
        distance = np.linalg.norm(iris[:, 0] - iris[:, 1], axis=1)
        apart = np.linalg.norm(raw - iris, axis=2).max(1) / distance
        assert np.median(apart) < 0.06 and np.percentile(apart, 90) < 0.12
        trembling = [np.abs(np.diff(eyes, 2, axis=0)).mean() for eyes in (raw, smooth)]
        assert trembling[1] < 0.9 * trembling[0]
        assert np.percentile(np.linalg.norm(smooth - raw, axis=2).max(1) / distance, 95) < 0.08


def test_the_same_clip_twice_is_the_same_to_the_byte(results, clip_frames):
    pipeline = Pipeline.load(models_folder())
    again = [pipeline.process(frame) for frame in clip_frames("single-face.mp4", 30)]
    pipeline.close()
    assert all(same(a, b) for a, b in zip(results("single-face.mp4"), again, strict=False))
