"""Which frames are measured: every Nth, so many a second, the first seconds; and turned."""

from math import inf, nan

import numpy as np
import pytest

from app.sources.selection import SelectedFrames, Selection
from app.sources.video import VideoFile
from tests.fakes import write_video


def taken(tmp_path, **chosen):
    """What is taken of ten frames at 20 a second."""
    source = SelectedFrames(VideoFile(write_video(tmp_path / "clip.avi")), Selection(**chosen))
    source.open()
    frames = list(iter(source.read, None))
    source.close()
    return source, frames


@pytest.mark.parametrize(
    ("chosen", "numbers"),
    [({}, [*range(10)]), ({"every": 3}, [0, 3, 6, 9]), ({"rate": 5.0}, [0, 4, 8]),
     ({"rate": 8.0}, [0, 3, 5, 8]), ({"rate": 100.0}, [*range(10)]), ({"seconds": 0.2}, [0, 1, 2, 3]),
     ({"every": 2, "seconds": 0.15}, [0, 2])],
)  # fmt: skip
def test_frames_keep_their_numbers_and_times(tmp_path, chosen, numbers):
    source, frames = taken(tmp_path, **chosen)
    assert [frame.index for frame in frames] == numbers
    assert [frame.time for frame in frames] == pytest.approx([i / 20 for i in numbers])
    assert abs(source.frames - len(numbers)) <= 1


@pytest.mark.parametrize(
    ("chosen", "rates"),
    [({}, [nan] * 10), ({"seconds": 0.15, "rotate": 90}, [nan] * 3), ({"every": 5}, [inf, 20]),
     ({"rate": 2.0}, [inf]), ({"rate": 5.0}, [inf, 20, 20]), ({"as_clip": 2.0, "every": 9}, [inf, inf])],
)  # fmt: skip
def test_each_frame_says_at_which_rate_all_of_them_came_where_some_are_left_out(tmp_path, chosen, rates):
    path = write_video(tmp_path / "clip.avi")
    source = SelectedFrames(VideoFile(path), Selection(**chosen))
    for _ in range(2):  # opened again, it counts anew
        source.open()
        np.testing.assert_array_equal([frame.rate for frame in iter(source.read, None)], rates)
    source.close()


@pytest.mark.parametrize(("degrees", "turns"), [(90, 3), (180, 2), (270, 1)])
def test_pictures_are_turned_clockwise(tmp_path, degrees, turns):
    source, frames = taken(tmp_path, rotate=degrees)
    size = (64, 48) if degrees == 180 else (48, 64)
    assert (source.mode.width, source.mode.height) == size
    image = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    np.testing.assert_array_equal(Selection(rotate=degrees).turned(image), np.rot90(image, turns))
    assert frames[0].image.shape == (size[1], size[0], 3)
