"""The One-Euro filter: exact against its formula, calm at rest, quick in motion."""

from __future__ import annotations

import numpy as np
import pytest

from app.stages import smooth
from app.stages.smooth import Smoother
from app.types import DEFAULT_SMOOTHING, Gaze, Signals


def signals(valence: float = 0.0, eyes=((60.0, 40.0), (20.0, 40.0)), happy: float = 0.5) -> Signals:
    probs = np.full(8, (1 - happy) / 7, np.float32)
    probs[1] = happy
    return Signals(np.array(eyes, np.float32), probs, valence, -valence)


def run(values: list[Signals], rate: float = 30.0) -> list[Signals]:
    smoother = Smoother()
    return [smoother.smooth(1, value, i / rate) for i, value in enumerate(values)]


def test_the_first_value_passes_unchanged():
    first = signals(0.3)
    assert Smoother().smooth(1, first, 7.0) is first


def test_two_steps_by_hand():
    # Casiez et al. 2012: alpha(f) = 1 / (1 + 1 / (2 pi f T)), speed filtered at 1 Hz, f = min + beta |speed|.
    period, step = 0.05, 0.4

    def alpha(cutoff):
        return 1 / (1 + 1 / (2 * np.pi * cutoff * period))

    minimum, beta = smooth.MIN_CUTOFF[12], smooth.BETA[12]
    speed = alpha(1.0) * step / period
    first = alpha(minimum + beta * speed) * step
    speed += alpha(1.0) * (0 - speed)
    second = first + alpha(minimum + beta * speed) * (step - first)
    out = run([signals(0), signals(step), signals(step)], 1 / period)
    assert [s.valence for s in out] == pytest.approx([0, first, second])
    assert [s.arousal for s in out] == pytest.approx([0, -first, -second])


def test_noise_at_rest_is_calmed():
    noise = np.random.default_rng(4).normal(0, 1, (300, 5))
    out = run(
        [
            signals(0.1 * n[0], ((60 + 0.4 * n[1], 40 + 0.4 * n[2]), (20 + 0.4 * n[3], 40 + 0.4 * n[4])))
            for n in noise
        ]
    )[30:]
    assert np.std([s.valence for s in out]) < 0.05
    assert np.std([s.eyes[0, 0] for s in out]) < 0.2


def test_a_step_arrives_soon():
    out = run([signals(-0.5, happy=0.1)] * 30 + [signals(0.8, happy=0.9)] * 15)
    assert out[30 + 9].valence > 0.8 - 0.1 * 1.3  # nine tenths of the way after 0.3 s
    assert out[30 + 9].probs[1] > 0.9 - 0.15 * 0.8


def test_probabilities_stay_probabilities():
    rng = np.random.default_rng(5)
    out = run([signals(happy=float(h)) for h in rng.uniform(0, 1, 50)])
    assert all(s.probs.sum() == pytest.approx(1, abs=1e-6) and s.probs.min() >= 0 for s in out)


def test_eyes_behave_the_same_at_any_resolution():
    path = [np.array([[60 + 2.0 * i, 40], [20 + 2.0 * i, 40]]) for i in range(20)]
    small, large = run([signals(eyes=p) for p in path]), run([signals(eyes=10 * p) for p in path])
    assert np.array([s.eyes for s in large]) == pytest.approx(
        10 * np.array([s.eyes for s in small]), rel=1e-5
    )


def test_faces_do_not_mix_and_are_forgotten():
    smoother = Smoother()
    smoother.smooth(1, signals(1.0), 0.0)
    assert smoother.smooth(2, signals(-1.0), 0.0).valence == -1
    assert smoother.smooth(1, signals(0.9), 0.1).valence > 0.9
    smoother.forget((1, 99))
    assert smoother.smooth(1, signals(0.0), 0.2).valence == 0.0


@pytest.mark.parametrize("passed", [0.0, -3.0, 1.5])
def test_after_a_gap_or_a_jump_in_time_it_starts_afresh(passed):
    smoother = Smoother()
    smoother.smooth(1, signals(1.0), 5.0)
    assert smoother.smooth(1, signals(0.0), 5.0 + passed).valence == 0.0


def test_switched_off_it_gives_back_what_it_got():
    smoother = Smoother(0)
    smoother.smooth(1, signals(1.0), 0.0)
    raw = signals(0.0)
    assert smoother.smooth(1, raw, 0.1) is raw
    smoother.smoothing = DEFAULT_SMOOTHING
    assert smoother.smooth(1, raw, 0.2) is raw  # nothing stale from before


def test_calmer_trembles_less_and_lags_more():
    noise = np.random.default_rng(4).normal(0, 0.1, 300)
    trembling, lag = [], []
    for smoothing in (0.1, 0.5, 0.9):
        smoother = Smoother(smoothing)
        out = [smoother.smooth(1, signals(n), i / 30).valence for i, n in enumerate(noise)]
        trembling.append(np.std(np.diff(out)))
        smoother = Smoother(smoothing)
        step = [smoother.smooth(1, signals(0.8 if i > 5 else 0.0), i / 30).valence for i in range(200)]
        lag.append(int(np.argmax(np.array(step) > 0.4)))
    assert trembling == sorted(trembling, reverse=True) and trembling[0] > 4 * trembling[2]
    assert lag == sorted(lag) and lag[0] <= 7 < lag[2]


def test_what_old_and_new_sessions_say_of_smoothing():
    assert [smooth.parse_smoothing(kept) for kept in (True, False, 0.8, 0)] == [
        DEFAULT_SMOOTHING,
        0.0,
        0.8,
        0.0,
    ]
    for wrong in (None, "much", 2, [1]):
        with pytest.raises((TypeError, ValueError)):
            smooth.parse_smoothing(wrong)


def test_a_gaze_is_calmed_and_goes_on_after_a_blink():
    smoother = Smoother()
    noise = np.random.default_rng(6).normal(0, 2, (90, 2))
    looks = [smoother.smooth_gaze(1, Gaze(10 + y, p), i / 30) for i, (y, p) in enumerate(noise)]
    assert np.std([look.yaw for look in looks[30:]]) < 1.2
    assert smoother.smooth_gaze(1, None, 3.0) is None
    assert smoother.smooth_gaze(1, Gaze(30, 0), 3.1).yaw < 29
    assert smoother.smooth_gaze(2, Gaze(30, 0), 3.1) == Gaze(30, 0)
    smoother.forget([1])
    assert smoother.smooth_gaze(1, Gaze(30, 0), 3.2) == Gaze(30, 0)


def test_a_glance_elsewhere_is_followed_within_a_quarter_of_a_second():
    smoother = Smoother()
    looks = [smoother.smooth_gaze(1, Gaze(0 if i < 30 else 20, 0), i / 30) for i in range(38)]
    assert looks[29].yaw == 0 and looks[-1].yaw > 15


def test_a_gaze_that_is_not_smoothed_is_as_it_was():
    look = Gaze(5, 5)
    assert Smoother(0).smooth_gaze(1, look, 0.0) is look
