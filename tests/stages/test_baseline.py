"""Ten seconds of a neutral face become that person's baseline."""

from dataclasses import replace

import numpy as np
import pytest

from app.sessions.reading import RecordedSession
from app.sessions.recorder import Recorder
from app.stages.baseline import MOVING, NOT_NEUTRAL, UNSEEN, BaselineStage
from app.types import EXPRESSIONS, Actions, Pose, Result, Signals
from tests.fakes import face, result
from tests.sessions.test_recorder import CAMERA, NO_LIMITS


def at(i, *faces):
    return result(i, i / 10, *faces)


def saying(id, valence, arousal, status="ok", expression="neutral", yaw=0.0):
    known = face(id)
    probs = np.eye(8, dtype=np.float32)[EXPRESSIONS.index(expression)]
    raw = Signals(known.raw.eyes, probs, valence, arousal)
    return replace(known, raw=raw, smooth=raw, status=status, pose=Pose(yaw, 0.0, 0.0))


def take(baseline, people, frames=102):
    baseline.start()
    for i in range(frames):
        last = baseline.apply(at(i, *people(i)))
    return last


def test_it_is_the_median_of_ten_seconds_per_person():
    baseline = BaselineStage()
    take(baseline, lambda i: (saying(1, 0.9 if i % 10 == 0 else 0.2, -0.1), saying(2, -0.3, 0.4)))
    assert {id: (o.valence, o.arousal, o.frames) for id, o in baseline.baselines.items()} == {
        1: (pytest.approx(0.2), pytest.approx(-0.1), 100),
        2: (pytest.approx(-0.3), pytest.approx(0.4), 100),
    }
    assert set(baseline.take().baselines) == {1, 2} and baseline.take() is None


def test_afterwards_each_face_carries_its_baseline_and_its_raw_values():
    baseline = BaselineStage()
    take(baseline, lambda i: (saying(1, 0.2, -0.1),))
    seen, stranger = baseline.apply(at(200, saying(1, 0.5, 0.5), saying(7, 0.5, 0.5))).faces
    assert (seen.raw.valence, seen.raw.arousal) == (0.5, 0.5)
    assert seen.from_baseline(seen.raw) == (pytest.approx(0.3), pytest.approx(0.6))
    assert stranger.baseline is None and stranger.from_baseline(stranger.raw) == (0.5, 0.5)


def test_an_action_that_is_hidden_stays_unknown_when_it_is_counted_from_the_baseline():
    baseline, moved = BaselineStage(), np.full(3, 0.5, np.float32)
    known = Actions(moved, moved, np.zeros(3, np.float32))
    take(baseline, lambda i: (replace(saying(1, 0.2, -0.1), actions=known),))
    hidden = Actions(moved + 0.25, moved, np.array([0, np.nan, 0], np.float32))
    (seen,) = baseline.apply(at(200, replace(saying(1, 0.2, -0.1), actions=hidden))).faces
    assert seen.actions is not None
    assert seen.actions.values.tolist() == pytest.approx([0.25, np.nan, 0.25], nan_ok=True)


def test_time_left_counts_down_on_the_clock_of_the_frames():
    baseline = BaselineStage()
    assert baseline.left is None
    baseline.start()
    assert baseline.left == 10.0
    baseline.apply(at(5, face()))
    baseline.apply(at(45, face()))
    assert baseline.left == pytest.approx(6.0)
    baseline.apply(at(106, face()))
    assert baseline.left is None


def test_frames_in_doubt_do_not_count_and_too_few_good_ones_set_nothing():
    baseline = BaselineStage()
    take(baseline, lambda i: (
        saying(1, 0.1, 0.1, "turned_away") if i % 3 else saying(1, 0.2, 0.2),
        saying(2, 0.9, 0.9, "blurred") if i % 3 == 0 else saying(2, 0.3, 0.3),
    ))  # fmt: skip
    taken = baseline.take()
    assert dict(taken.baselines).keys() == {2} and taken.left_out == {1: UNSEEN}
    assert taken.baselines[2].valence == pytest.approx(0.3)


@pytest.mark.parametrize(("neutral", "taken"), [(80, True), (79, False)])
def test_a_face_that_is_not_neutral_in_four_of_five_frames_gives_none(neutral, taken):
    baseline = BaselineStage()
    take(baseline, lambda i: (saying(1, -0.4, 0.2, expression="neutral" if i < neutral else "anger"),))
    done = baseline.take()
    assert (set(done.baselines), done.left_out) == (({1}, {}) if taken else (set(), {1: NOT_NEUTRAL}))
    assert bool(baseline.baselines) is taken


@pytest.mark.parametrize(("degrees", "taken"), [(5.0, True), (5.1, False)])
def test_a_head_that_moves_gives_none(degrees, taken):
    baseline = BaselineStage()
    take(baseline, lambda i: (saying(1, 0.1, 0.1, yaw=degrees if i % 2 else -degrees),))
    assert baseline.take().left_out == ({} if taken else {1: MOVING})


def test_one_person_can_be_taken_again_without_touching_the_other():
    baseline = BaselineStage()
    take(baseline, lambda i: (saying(1, 0.2, 0.0), saying(2, 0.4, 0.0)))
    take(baseline, lambda i: (saying(1, -0.5, 0.0),))
    assert [round(baseline.baselines[id].valence, 6) for id in (1, 2)] == [-0.5, 0.4]
    baseline.clear()
    assert not baseline.baselines and baseline.apply(at(0, face())).faces[0].baseline is None


def test_without_one_nothing_is_touched():
    moment = at(0, face())
    assert BaselineStage().apply(moment) is moment


def test_a_recording_keeps_it_as_events_in_its_rows_and_in_session_json(tmp_path):
    baseline, recorder = BaselineStage(), Recorder(tmp_path, CAMERA, room=NO_LIMITS)
    baseline.start()
    for i in range(110):
        seen: Result = baseline.apply(at(i, saying(1, 0.25, -0.5)))
        recorder.append(seen)
        if taken := baseline.take():
            recorder.keep_baseline(taken)
    recorder.close()
    recording = RecordedSession(recorder.folder)
    rows = recording.rows("valence", "valence_from_baseline", "time_s")
    assert set(rows["valence"]) == {0.25}
    before = rows["time_s"] < 10
    assert np.isnan(rows["valence_from_baseline"][before]).all()
    assert (rows["valence_from_baseline"][~before] == 0).all()
    assert recording.info.whole["baseline"] == [
        {"face": 1, "origin": {"valence": 0.25, "arousal": -0.5, "frames": 100, "actions": []}}
    ]
    assert ("baseline_set", "valence 0.2500 arousal -0.5000") in [
        (e.kind, e.text) for e in recording.events()
    ]
