"""A short soak says what a long one says."""

import re

from app.analysis.soak import soak
from app.sessions.video_recorder import VideoKind
from app.stages.pipeline import Pipeline


def test_it_says_the_cost_of_recording_and_what_memory_does(media, models):
    text = soak(media / "one-face.mp4", Pipeline.load(models), 0.08, VideoKind.CLEAN)
    assert re.search(r"recorded for 0.08 minutes: [1-9]\d* frames, \d+\.\d MB of rows, video with", text)
    assert re.search(r"recording   \d+\.\d{3} ms a frame in the median, \d+\.\d{3} ms p95", text)
    assert re.search(r"memory      \d+ MB after 2 s, \d+ MB at the end: [+-]\d+\.\d MB", text)
    assert re.search(r"open files  \d+ at the start, \d+ at the end", text)
