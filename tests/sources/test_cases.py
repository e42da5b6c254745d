"""Files that were read wrongly once: how many frames, when, how large, and what ffprobe says of them."""

import shutil
import subprocess
from itertools import pairwise

import numpy as np
import pytest

from app.sessions.pictures import BlankFaces, SourceVideo
from app.sources.video import VideoFile
from tests.sources.reading import read_all

# Name, frames, time of the first and of the last in s, width and height.
CASES = [
    ("anamorphic-pal16.mp4", 72, 0.0, 2.3667, (1024, 576)),
    ("anim.webp", 24, 0.0, 2.3, (320, 180)),
    ("audiofirst-copy.mp4", 72, 1.5, 3.8667, (640, 360)),
    ("audiolong.mkv", 72, 0.023, 2.39, (640, 360)),
    ("av1.mp4", 72, 0.0, 2.3667, (640, 360)),
    ("corrupt.mp4", 65, 0.0, 2.3667, (640, 360)),
    ("exif6.webp", 1, 0.0, 0.0, (640, 360)),
    ("g15.ts", 72, 1.4667, 3.8333, (640, 360)),
    ("trimmed.mp4", 90, 0.0, 2.9667, (320, 180)),
    ("upside-down-180.mp4", 30, 0.0, 0.9667, (640, 360)),
]


@pytest.mark.parametrize(("name", "count", "first", "last", "size"), CASES)
def test_each_is_read_to_its_end_at_its_times(cases, name, count, first, last, size):
    video = VideoFile(cases / name)
    frames = read_all(video)
    assert len(frames) == count and (video.mode.width, video.mode.height) == size
    assert frames[0].image.shape == (size[1], size[0], 3)
    assert (frames[0].time, frames[-1].time) == pytest.approx((first, last), abs=1e-3)
    assert all(before.time < after.time for before, after in pairwise(frames))


@pytest.mark.parametrize("name", ["trimmed.mp4", "audiolong.mkv"])
def test_a_whole_file_that_promised_more_says_so(cases, name):
    video = VideoFile(cases / name)
    video.open()
    while video.read():
        pass
    assert "the file is whole" in video.note


@pytest.mark.parametrize("name", ["g15.ts", "audiofirst-copy.mp4", "anim.webp", "anamorphic-pal16.mp4"])
def test_any_picture_is_shown_again(cases, name):
    frames = read_all(VideoFile(cases / name))
    shown = SourceVideo(cases / name, BlankFaces((16, 16)))
    for i in (0, 3, 14, 20, 1, 23, 0, 7):
        np.testing.assert_array_equal(shown.at(frames[i].time, ()).image, frames[i].image)


@pytest.mark.skipif(not shutil.which("ffprobe"), reason="ffprobe is not installed")
@pytest.mark.parametrize("name", [name for name, *_ in CASES if "webp" not in name])
def test_times_are_those_of_ffprobe(cases, name):
    said = subprocess.run(
        ["ffprobe", "-v", "quiet", "-select_streams", "v:0", "-show_entries", "frame=pts_time",
         "-of", "csv=p=0", str(cases / name)], capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    expected = [float(line.split(",")[0]) for line in said.split()]
    times = [frame.time for frame in read_all(VideoFile(cases / name))]
    np.testing.assert_allclose(times, expected[: len(times)], atol=1.5e-3)
