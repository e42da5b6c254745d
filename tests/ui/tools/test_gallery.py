"""Each scene of `make screenshots` can be made: its source comes to its held, or says its error."""

from __future__ import annotations

import pytest

from app.sources.source import SourceError
from app.ui.controls.actions import TABLE
from app.ui.tools.gallery import PACED, SCENES, Broken, Empty, HeldSource, one


def test_a_moment_is_reached_fast_and_then_rests() -> None:
    held = HeldSource(one(), 21.0)
    held.open()
    assert held.mode.rate == 30
    frames = []
    while not held.reached:
        if (frame := held.read()) is not None:
            frames.append(frame)
        if len(frames) == 4 * 30:
            held.until = frames[-1].time + 0.19  # the test does not wait for all of it
    assert [frame.index for frame in frames] == list(range(len(frames)))
    assert frames[-1].time == pytest.approx((len(frames) - 1) / 30)
    assert len(frames) == 4 * 30 + 5
    assert PACED < 10
    assert held.read() is None
    held.close()


def test_an_empty_room_and_a_camera_in_use() -> None:
    room = Empty()
    room.open()
    assert room.read().image.shape == (720, 1280, 3)
    with pytest.raises(SourceError, match="close that one"):
        Broken().open()


def test_scenes_name_actions_that_exist_and_differ() -> None:
    assert len({scene.name for scene in SCENES}) == len(SCENES)
    assert all(name in TABLE for scene in SCENES for name in (*scene.prepare, *scene.then))
