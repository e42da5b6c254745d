"""Each smoothed signal against the formulas of Casiez et al. 2012, with the constants that ship."""

import numpy as np
import pytest

from app.stages.smooth import Smoother, parse_smoothing
from app.types import DEFAULT_SMOOTHING, Gaze, Signals


def one_euro(values, times, least, beta, unit=1.0, faster=1.0):
    """One signal, filtered; it starts again where two times are more than a second apart."""

    def alpha(cutoff, passed):
        return 1 / (1 + 1 / (2 * np.pi * cutoff * passed))

    out = [values[0]]
    speed = 0.0
    for i in range(1, len(values)):
        passed = times[i] - times[i - 1]
        if not 0 < passed <= 1.0:
            speed = 0.0
            out.append(values[i])
            continue
        speed += alpha(1.0, passed) * ((values[i] - values[i - 1]) / (unit * passed) - speed)
        out.append(out[-1] + alpha(faster * (least + beta * abs(speed)), passed) * (values[i] - out[-1]))
    return np.array(out)


RANDOM = np.random.default_rng(9)
# In binary fractions, so that a gap is exactly one second, or a little more, or none.
TIMES = np.cumsum([0, *RANDOM.integers(1, 9, 20) / 64, 1.0, 0.0625, 1.0625, 0.0625, 0.0, 0.125]).tolist()
COUNT = len(TIMES)
EYES = np.array([[60, 40], [20, 40]]) + RANDOM.normal(0, 0.5, (COUNT, 2, 2))
EYES[:, 1] = EYES[:, 0] - (40, 0)  # always 40 pixels apart
PROBS = RANDOM.dirichlet(np.ones(8), COUNT)
AFFECT = RANDOM.uniform(-1, 1, (COUNT, 2))


@pytest.mark.parametrize("smoothing", [DEFAULT_SMOOTHING, 0.25, 1.0])
def test_eyes_probabilities_and_affect(smoothing):
    faster = 8.0 ** (1 - smoothing / DEFAULT_SMOOTHING)
    smoother = Smoother(smoothing)
    out = [
        smoother.smooth(1, Signals(e.astype(np.float32), p.astype(np.float32), *a.tolist()), t)
        for e, p, a, t in zip(EYES, PROBS, AFFECT, TIMES, strict=True)
    ]
    for eye in (0, 1):
        for axis in (0, 1):
            expected = one_euro(EYES[:, eye, axis], TIMES, 1.5, 12.0, 40.0, faster)
            assert [s.eyes[eye, axis] for s in out] == pytest.approx(expected, abs=1e-4)
    probs = np.stack([one_euro(PROBS[:, k], TIMES, 0.5, 2.0, faster=faster) for k in range(8)], 1)
    probs /= probs.sum(1, keepdims=True)
    assert np.array([s.probs for s in out]) == pytest.approx(probs, abs=1e-5)
    for name, values in zip(("valence", "arousal"), AFFECT.T, strict=True):
        expected = one_euro(values, TIMES, 0.5, 1.0, faster=faster)
        assert [getattr(s, name) for s in out] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("smoothing", [DEFAULT_SMOOTHING, 1.0])
def test_gaze(smoothing):
    faster = 8.0 ** (1 - smoothing / DEFAULT_SMOOTHING)
    smoother, angles = Smoother(smoothing), 20 * AFFECT
    out = [smoother.smooth_gaze(1, Gaze(*a), t) for a, t in zip(angles.tolist(), TIMES, strict=True)]
    for name, values in zip(("yaw", "pitch"), angles.T, strict=True):
        expected = one_euro(values, TIMES, 1.0, 0.05, faster=faster)
        assert [getattr(g, name) for g in out] == pytest.approx(expected, abs=1e-6)


def test_eyes_in_one_place_count_as_a_pixel_apart():
    eyes = np.cumsum(RANDOM.normal(0, 0.1, (COUNT, 1, 2)), 0) + np.zeros((1, 2, 2))
    smoother = Smoother()
    out = [
        smoother.smooth(1, Signals(e.astype(np.float32), np.full(8, 0.125, np.float32), 0.0, 0.0), t)
        for e, t in zip(eyes, TIMES, strict=True)
    ]
    assert [s.eyes[1, 0] for s in out] == pytest.approx(one_euro(eyes[:, 1, 0], TIMES, 1.5, 12.0), abs=1e-4)


@pytest.mark.parametrize("off", [0.0, -0.5])
def test_what_was_before_it_was_switched_off_is_forgotten(off):
    smoother = Smoother()
    face = Signals(np.zeros((2, 2), np.float32), np.full(8, 0.125, np.float32), 0.5, 0.5)
    for now, smoothing in ((0.25, DEFAULT_SMOOTHING), (0.5, off), (0.75, DEFAULT_SMOOTHING)):
        smoother.smoothing = smoothing
        look, seen = Gaze(100 * now, 0.0), Signals(face.eyes, face.probs, now, now)
        assert smoother.smooth_gaze(1, look, 2.0 + now) == look
        assert smoother.smooth(1, seen, 2.0 + now) is seen
    assert smoother.smooth_gaze(1, None, 3.0) is None


def test_a_smoothing_lies_from_0_to_1():
    assert [parse_smoothing(value) for value in (0, 1, 0.5, "0.25")] == [0.0, 1.0, 0.5, 0.25]
    for wrong in (-0.01, 1.01):
        with pytest.raises(ValueError, match="not within"):
            parse_smoothing(wrong)
