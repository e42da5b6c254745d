"""The highest of the last values, against all values looked at anew."""

import numpy as np

from app.sessions.highest import Highest


def test_it_is_the_highest_of_the_span():
    random = np.random.default_rng(0)
    for _ in range(50):
        highest, seen, now = Highest(5), [], 0
        for value, later in random.integers(0, 5, (40, 2)).tolist():
            now += later
            seen.append((now, value))
            assert highest.of(value, now) == max(v for time, v in seen if now - time <= 5)
