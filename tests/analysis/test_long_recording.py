"""A short recording says what a long one says."""

import numpy as np
import pytest

from app.analysis.long_recording import LongRecording, Sample, record_long
from app.sessions.video_recorder import VideoKind
from app.stages.pipeline import Pipeline
from tests.fakes import write_video


def test_a_clip_is_recorded_in_a_loop_with_its_costs(tmp_path, models):
    clip = write_video(tmp_path / "clip.avi", 5)
    found = record_long(clip, Pipeline.load(models), 0.04, VideoKind.CLEAN)
    assert found.name == "clip.avi" and found.minutes == 0.04
    assert len(found.milliseconds) > 5 and 0 < np.median(found.milliseconds) < 1000  # it began again
    assert found.rows_size > 30 * len(found.milliseconds) and found.video_dropped is not None
    assert found.samples and all(sample.memory > 50 and sample.handles > 3 for sample in found.samples)


@pytest.mark.parametrize(
    ("minutes", "seconds", "after", "growth"),
    [(10, range(0, 600, 5), "60", "+490.0"), (0.5, range(0, 30, 5), "15", "+10.0")],
)
def test_memory_is_compared_once_it_has_settled(minutes, seconds, after, growth):
    samples = tuple(Sample(at, 1000.0 + at, 20 + at) for at in seconds)
    found = LongRecording("a.mp4", minutes, (1.0, 2.0, 6.0), 5_000_000, None, samples)
    first, cost, memory, files = found.text().splitlines()
    assert first == f"a.mp4 in a loop, recorded for {minutes:g} minutes: 3 frames, 5.0 MB of rows"
    assert cost == "recording   median 2.000 ms a frame, p95 5.600 ms"
    assert files == f"open files  20 at the start, {20 + seconds[-1]} at the end"
    assert f"MB after {after} s" in memory and f"at the end: {growth} MB (between" in memory


def test_what_the_video_left_out_is_said():
    found = LongRecording("a.mp4", 1, (1.0,), 10**6, 3, (Sample(0.0, 90.0, 9),))
    assert "1.0 MB of rows, video with 3 frames dropped" in found.text()
