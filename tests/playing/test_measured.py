"""What was measured of the last seconds of a video, by the exact time of each frame."""

import numpy as np

from app.playing.measured import MOST, Measured
from app.types import Frame, Result


def frame(time: float) -> Frame:
    return Frame(0, time, np.zeros((2, 2, 3), np.uint8), 0.0)


def test_two_frames_within_a_millisecond_are_two():
    measured, times = Measured(), (1.0, 1.0001, 1.0002)
    for time in times:
        measured.add(Result(frame(time), ready=10 * time))
    assert [measured.of(frame(time)).ready for time in times] == [10 * time for time in times]
    assert measured.of(frame(1.00005)) is None
    assert measured.ends_with(frame(1.0002)) and not measured.ends_with(frame(1.0001))
    assert not measured.ends_with(None) and not Measured().ends_with(frame(0.0))


def test_the_oldest_is_forgotten():
    measured = Measured()
    for i in range(MOST + 1):
        measured.add(Result(frame(i / 30)))
    assert measured.of(frame(0.0)) is None and measured.of(frame(1 / 30)) is not None
