"""Times in containers of many forms, made by ffmpeg, against those that ffprobe says."""

import shutil
import subprocess

import numpy as np
import pytest

from app.sources.video import VideoFile
from tests.sources.reading import read_all

MISSING = not (shutil.which("ffprobe") and shutil.which("ffmpeg"))
# What ffmpeg is told, and the file's name. The sound begins with the picture, or before it.
FORMS = {
    "mts": (["-c:v", "mpeg2video", "-bf", "2", "-f", "mpegts", "-mpegts_m2ts_mode", "1"], "a.mts"),
    "webm": (["-c:v", "libvpx", "-deadline", "realtime"], "a.webm"),
    "webm live": (["-c:v", "libvpx", "-deadline", "realtime", "-f", "webm", "-live", "1"], "a.webm"),
    "mkv later": (["-c:v", "mpeg4", "-output_ts_offset", "2.523"], "a.mkv"),
    "mp4 in pieces": (["-c:v", "mpeg4", "-movflags", "frag_keyframe+empty_moov"], "a.mp4"),
    "avi": (["-c:v", "mpeg4"], "a.avi"),
    "flv": (["-c:v", "flv"], "a.flv"),
    "flv later": (["-c:v", "flv", "-output_ts_offset", "0.313"], "a.flv"),
    "mp4 later": (["-c:v", "mpeg4", "-output_ts_offset", "0.713"], "a.mp4"),
    "mov later, other pictures between": (["-c:v", "mpeg4", "-bf", "2", "-output_ts_offset", "0.4"], "a.mov"),
    "ts at half a frame": (["-c:v", "mpeg2video", "-bf", "2", "-output_ts_offset", "0.313"], "a.ts"),
    "ts interlaced": (["-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-muxdelay", "0.234"], "a.ts"),
    "mts later": (["-c:v", "mpeg4", "-mpegts_m2ts_mode", "1", "-f", "mpegts", "-muxdelay", "0.4"], "a.mts"),
    "mpeg-1": (["-c:v", "mpeg1video", "-bf", "2", "-f", "mpeg"], "a.mpg"),
    "mpeg-2": (["-c:v", "mpeg2video", "-bf", "2", "-f", "vob"], "a.mpg"),
    "disc": (["-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-f", "dvd"], "a.vob"),
}


@pytest.mark.skipif(MISSING, reason="ffmpeg and ffprobe are not installed")
@pytest.mark.parametrize("form", FORMS)
def test_times_are_those_of_ffprobe(tmp_path, form):
    words, name = FORMS[form]
    make = ["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=25:duration=1"]
    subprocess.run([*make, *words, str(tmp_path / name)], check=True)
    said = subprocess.run(
        ["ffprobe", "-v", "quiet", "-select_streams", "v:0", "-show_entries",
         "frame=best_effort_timestamp_time",
         "-of", "csv=p=0", str(tmp_path / name)], capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    expected = [float(number) for line in said.split() if (number := line.strip(",")) != "N/A"]
    times = [frame.time for frame in read_all(VideoFile(tmp_path / name))]
    assert len(times) == 25 and len(expected) in (24, 25)  # of a program stream, ffprobe leaves the last out
    np.testing.assert_allclose(times[: len(expected)], expected, atol=1.5e-3)
