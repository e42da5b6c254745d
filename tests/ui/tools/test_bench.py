"""mien bench --live: a real process plays the sample through its window, and says how that went."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.sources.source import SourceError
from app.sources.video import VideoFile
from app.system.errors import UserError
from app.ui.tools.bench import LiveFigures, _lost, table
from app.ui.tools.mosaic import BEHIND, Mosaic
from tests.ui.test_run import ROOT, start

SAMPLE = ROOT / "assets" / "sample.mp4"

PROGRAM = """
import sys
import app.stages.pipeline, app.ui.tools.bench as bench
from app.__main__ import main
from tests.ui.doubles import FakePipeline

app.stages.pipeline.Pipeline.load = lambda *_, **__: FakePipeline()
bench.WARM_UP = 0.3
sys.exit(main(sys.argv[1:]))
"""


def test_it_says_what_the_window_costs_and_that_no_row_is_lost(tmp_path: Path) -> None:
    done = start(
        tmp_path, PROGRAM, "bench", str(SAMPLE), "--live", "--minutes", "0.05", "--record", "--copies", "2"
    )
    assert done.returncode == 0, done.stderr
    said = done.stdout
    assert "sample.mp4, 2 times, 1280x720, 30/s, in a loop through a window of" in said
    assert "platform offscreen (no display" in said
    assert re.search(r"\d+ s that count, from 0\.3 s after the first face on; 2\.0 faces a picture", said)
    assert re.search(r"latency +\d+\.\d ms from capture to paint in the median, \d+\.\d ms p95\n", said)
    assert re.search(r"stall +\d+ ms at the longest", said)
    assert re.search(r"processor +[1-9]\d* % of one core", said)
    assert re.search(
        r"pictures +30.0/s wanted, \d+\.\d\d/s measured, \d+\.\d\d/s painted \(\d+\.\d% of them\)", said
    )
    assert re.search(
        r"memory +\d+ MB after \d+ s, \d+ MB at the end \([+-]\d+\.\d %, (not )?flat to within 3%\)", said
    )
    assert re.search(
        r"open files +\d+\.\d after \d+ s, \d+\.\d at the end \([+-]\d+\.\d %, (not )?flat to within 3%\)",
        said,
    )
    assert "\ndropped      0 frames, 0 rows of the recording\n" in said
    assert re.search(r"\nworkload +Automatic: .+, since .+\. \d+ changes\.\n$", said)


def test_what_fails_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video")
    done = start(tmp_path, PROGRAM, "bench", str(tmp_path / "text.mp4"), "--live")
    assert done.returncode == 2
    assert done.stderr.startswith("text.mp4 is not a video")
    assert done.stderr.count("\n") == 1


def test_ctrl_c_ends_it_with_a_sentence(tmp_path: Path) -> None:
    interrupted = PROGRAM.replace(
        "sys.exit",
        "import os, signal\n"
        "bench.LiveWatch._painted = lambda *_: os.kill(os.getpid(), signal.SIGINT)\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # it is ignored in the background
        "sys.exit",
    )
    done = start(tmp_path, interrupted, "bench", str(SAMPLE), "--live")
    assert done.returncode == 2
    assert done.stderr.endswith("The window was closed before anything could be measured: let it run on.\n")
    assert "Traceback" not in done.stderr


def test_the_table_compares_memory_after_the_first_minute_with_the_end() -> None:
    seen = LiveFigures(
        [10.0, 20.0, 30.0] * 900, 12.3, 100.0, 50.0, [900.0] * 60 + [200.0] * 300 + [210.0] * 40
    )
    seen.handles, seen.frames, seen.faces = [9] * 400, 3000, 3
    lines = table("clip", seen, 30.0).splitlines()
    assert lines[2].startswith("latency      20.0 ms")
    assert lines[3].startswith("stall        12 ms")
    assert lines[4].startswith("processor    50 %")
    assert lines[5] == "pictures     30.0/s wanted, 30.00/s measured, 27.00/s painted (90.0% of them)"
    assert lines[6] == "memory       200 MB after 60 s, 210 MB at the end (+5.0 %, not flat to within 3%)"
    assert lines[7] == "open files   9.0 after 60 s, 9.0 at the end (+0.0 %, flat to within 3%)"
    assert lines[8] == "dropped      0 frames"


def test_a_row_is_lost_between_two_others_and_after_a_recording_that_ended_early(tmp_path: Path) -> None:
    (tmp_path / "faces.csv").write_text("frame,face\n3,1\n3,2\n4,1\n6,1\n")
    assert _lost(tmp_path, last=6) == 1
    assert _lost(tmp_path, last=5) == 1  # the recording saw one frame more than the bench
    assert _lost(tmp_path, last=9) == 4
    (tmp_path / "faces.csv").write_text("frame,face\n")
    assert _lost(tmp_path, last=9) == 10


def test_nothing_measured_is_said() -> None:
    with pytest.raises(UserError, match="let it run on"):
        table("clip", LiveFigures(), 30.0)


def test_copies_lag_behind_each_other_and_every_other_one_is_mirrored() -> None:
    mosaic = Mosaic(SAMPLE, 3, (640, 480))
    mosaic.open()
    images = [mosaic.read().image for _ in range(BEHIND + 1)]
    first, last = images[0], images[-1]
    assert last.shape == (480, 640, 3)
    assert (first[:240, 320:] == first[:240, 319::-1]).all()
    assert (last[:240, 320:] == first[:240, 319::-1]).all()  # the second copy shows what the first one showed
    assert (last[:240, :320] != first[:240, :320]).any()
    assert (last[240:, 320:] == 24).all()  # no fourth one
    mosaic.close()


def test_copies_made_ahead_end_with_their_video_and_begin_anew(tmp_path: Path) -> None:
    path = tmp_path / "three.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30.0, (64, 48))
    for level in (50, 100, 150):
        writer.write(np.full((48, 64, 3), level, np.uint8))
    writer.release()
    mosaic = Mosaic(path, 4, (128, 96))
    assert mosaic.read() is None  # not opened yet
    for _ in range(2):
        mosaic.open()
        frames = list(iter(mosaic.read, None))
        assert [frame.index for frame in frames] == [0, 1, 2]
        assert [frame.image[10, 10, 0] for frame in frames] == pytest.approx([50, 100, 150], abs=3)
        assert mosaic.read() is None
    mosaic.close()
    assert mosaic.read() is None
    path.write_text("no video any more")
    with pytest.raises(UserError, match="is not a video"):
        mosaic.open()


def test_what_goes_wrong_ahead_is_said_when_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise SourceError("The disk is gone: plug it in.")

    monkeypatch.setattr(VideoFile, "read", broken)
    mosaic = Mosaic(SAMPLE, 4)
    mosaic.open()
    with pytest.raises(SourceError, match="plug it in"):
        mosaic.read()
    mosaic.close()
