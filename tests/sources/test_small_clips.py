"""Cameras and files on the small clips that every checkout has: real containers, real times."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from app.playing.engine import Engine
from app.sources.camera import WANTED, Camera
from app.sources.video import VideoFile
from app.types import Frame, Result
from tests.cameras import Desk, Timeouts, device, opened, read
from tests.fakes import wait_for


def frames_of(video: VideoFile) -> list[Frame]:
    video.open()
    frames = list(iter(video.read, None))
    video.close()
    return frames


@pytest.mark.parametrize("name", ["single-face.mp4", "two-faces.mp4", "nobody.mp4", "face-then-none.mp4"])
def test_a_file_gives_every_frame_at_the_time_in_its_container(clips, name):
    video = VideoFile(clips / name)
    frames = frames_of(video)
    assert [frame.index for frame in frames] == list(range(len(frames)))
    assert len(frames) == video.frames and frames[0].time == 0.0
    np.testing.assert_allclose(np.diff([frame.time for frame in frames]), 1 / video.mode.rate, atol=1e-3)
    assert {frame.image.shape for frame in frames} == {(video.mode.height, video.mode.width, 3)}


def test_a_seek_leads_to_the_frame_that_reading_on_leads_to(clips):
    video = VideoFile(clips / "crossing.mp4")
    frames = frames_of(video)
    video.open()
    for index in (len(frames) // 2, 3, len(frames) - 1, 0):
        video.seek(frames[index].time)
        found = video.read()
        assert (found.index, found.time) == (index, pytest.approx(frames[index].time, abs=1e-3))
        assert (found.image == frames[index].image).all()
    video.close()


def test_a_picture_is_one_frame(clips):
    (frame,) = frames_of(VideoFile(clips / "one-face.jpg"))
    assert frame.index == 0 and frame.time == 0.0 and frame.image.ndim == 3


def test_a_camera_is_paced_in_real_time_and_counts_what_it_drops(clips):
    desk = Desk((device(), clips / "single-face.mp4"))
    camera = Camera(device(), WANTED, desk, Timeouts(desk))
    opened(camera)
    frames = read(camera, 10)
    camera.close()
    begun, rate = desk.captures[0].began, camera.mode.rate
    assert all(frame.time - begun >= frame.index / rate for frame in frames)
    assert all(later.index > earlier.index for earlier, later in pairwise(frames))


def test_a_clip_in_a_loop_goes_on_counting(clips):
    video, results = VideoFile(clips / "nobody.mp4"), []
    count = len(frames_of(video))
    engine = Engine(video, Result, sinks=(results.append,), loop=True)
    engine.start()
    wait_for(lambda: len(results) > count + 3)
    engine.stop()
    assert [result.frame.index for result in results] == list(range(len(results)))
    assert np.diff([result.frame.time for result in results]).min() > 0
