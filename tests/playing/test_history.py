import numpy as np

from app.playing.history import History
from tests.fakes import face, result


def push(history, *times, id=1):
    for i, time in enumerate(times):
        history.push(result(i, time, face(id, valence=time / 100)))


def test_samples_come_back_in_order_and_contiguous():
    history = History(seconds=10, rate=1)
    push(history, *range(25))
    (trace,) = history.traces()
    assert trace.time.tolist() == list(range(15, 25))
    np.testing.assert_allclose(trace.valence, np.arange(15, 25) / 200)  # the smoothed value
    assert trace.probs.shape == (8, 10) and np.allclose(trace.probs.sum(0), 1)
    assert all(a.flags.c_contiguous for a in (trace.time, trace.valence, trace.arousal))


def test_only_the_last_seconds_are_given():
    history = History(seconds=2.0, rate=60)
    push(history, 0.0, 1.0, 2.5, 3.0)
    assert history.traces()[0].time.tolist() == [1.0, 2.5, 3.0] and history.now == 3.0


def test_each_face_has_its_own_and_time_out_of_sight_is_a_gap():
    history = History(seconds=10, rate=10)
    history.push(result(0, 0.0, face(1), face(2)))
    history.push(result(1, 1.0, face(2)))
    history.push(result(2, 2.0, face(2)))
    history.push(result(3, 3.0, face(1), face(2)))
    one, two = history.traces()
    assert (one.id, two.id) == (1, 2)
    assert np.isnan(one.valence).tolist() == [False, True, False] and not np.isnan(two.valence).any()


def test_who_has_been_gone_for_long_is_forgotten():
    history = History(seconds=2.0)
    history.push(result(0, 0.0, face(1)))
    history.push(result(1, 3.0, face(2)))
    assert [t.id for t in history.traces()] == [2]
    history.clear()
    assert history.traces() == ()


def test_a_trace_does_not_change_under_its_reader():
    history = History(seconds=4, rate=1)
    push(history, 0, 1, 2, 3)
    (before,) = history.traces()
    push(history, 4, 5, 6, 7)
    assert before.time.tolist() == [0, 1, 2, 3]
