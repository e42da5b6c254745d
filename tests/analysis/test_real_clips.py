"""The shipped networks on clips of real people: what a person who watches would say, and always the same."""

from __future__ import annotations

import numpy as np
import pytest

from app.stages.landmarks import LEFT_IRIS, RIGHT_IRIS
from app.stages.pipeline import Pipeline
from app.system.paths import models as models_folder
from app.types import EXPRESSIONS, Face, Result
from tests.stages.test_pipeline import same


@pytest.fixture(scope="module")
def results(frames):
    """A function that gives the results of a whole clip, worked out once."""
    known: dict[str, list[Result]] = {}

    def run(clip: str) -> list[Result]:
        if clip not in known:
            pipeline = Pipeline.load(models_folder())
            known[clip] = [pipeline.process(frame) for frame in frames(clip)]
            pipeline.close()
        return known[clip]

    return run


def people(results: list[Result]) -> dict[int, list[Face]]:
    found: dict[int, list[Face]] = {}
    for face in (face for result in results for face in result.faces):
        found.setdefault(face.id, []).append(face)
    return found


def test_a_man_who_begins_to_grin(results):
    ((faces),) = people(results("one-face.mp4")).values()
    assert len(faces) == 72
    before, after = faces[:14], faces[30:66]
    assert {face.smooth.expression for face in before} == {"neutral"}
    assert {face.smooth.expression for face in after} == {"happy"}
    assert max(abs(face.smooth.valence) for face in before) < 0.3
    assert min(face.smooth.valence for face in after) > 0.5
    assert min(face.smooth.arousal for face in after) > 0.1


def test_a_blink_hides_the_eyes_for_a_moment_and_is_no_fault_of_the_picture(results):
    ((faces),) = people(results("one-face.mp4")).values()
    lids = np.array([face.openness for face in faces])
    sure = np.array([face.eye_confidence for face in faces])
    assert lids[27].max() < 0.2 and sure[27].max() < 0.55 < 0.9 < np.median(sure[lids > 0.5])
    assert np.abs(sure[27] - sure[15]).min() > 0.4
    assert {face.status for face in faces[22:33]} == {"ok"}


def test_two_calm_people(results):
    found = people(results("two-people.mp4"))
    assert sorted(found) == [1, 2]
    for faces in found.values():
        mean = np.mean([face.smooth.probs for face in faces], axis=0)
        assert EXPRESSIONS[int(mean.argmax())] == "neutral"
        assert abs(np.mean([face.smooth.valence for face in faces])) < 0.5


def test_three_people_who_walk_up(results):
    found = people(results("three-people-walking.mp4"))
    assert sorted(found) == [1, 2, 3]
    assert min(len(faces) for faces in found.values()) > 30
    for faces in found.values():  # they come nearer
        width = [face.box[2] - face.box[0] for face in faces]
        assert np.mean(width[-5:]) > 1.05 * np.mean(width[:5])


def test_nobody_is_nobody(results):
    assert not people(results("no-face.mp4"))


@pytest.mark.parametrize("clip", ["one-face.mp4", "two-people.mp4", "signing-eat.mkv"])
def test_eyes_lie_where_the_irises_are_and_move_calmly(results, clip):
    for faces in people(results(clip)).values():
        raw, smooth = (np.array([getattr(f, name).eyes for f in faces]) for name in ("raw", "smooth"))
        iris = np.array([face.landmarks[[LEFT_IRIS, RIGHT_IRIS], :2] for face in faces])
        distance = np.linalg.norm(iris[:, 0] - iris[:, 1], axis=1)
        apart = np.linalg.norm(raw - iris, axis=2).max(1) / distance
        assert np.median(apart) < 0.06
        assert np.percentile(apart, 90) < 0.12
        trembling = [np.abs(np.diff(eyes, 2, axis=0)).mean() for eyes in (raw, smooth)]
        assert trembling[1] < 0.9 * trembling[0]
        assert np.percentile(np.linalg.norm(smooth - raw, axis=2).max(1) / distance, 95) < 0.08


def test_the_same_clip_twice_is_the_same_to_the_byte(results, frames):
    pipeline = Pipeline.load(models_folder())
    again = [pipeline.process(frame) for frame in frames("one-face.mp4", 30)]
    assert all(same(a, b) for a, b in zip(results("one-face.mp4"), again, strict=False))
