import time

import numpy as np
import pytest

from app.analysis.stage_times import WARM_UP, mosaic, stage_times
from app.stages.pipeline import Pipeline
from tests.fakes import write_video


def test_a_mosaic_repeats_the_picture_and_keeps_its_proportions():
    image = np.full((60, 80, 3), 200, np.uint8)
    whole = mosaic(image, (320, 240), 4)
    assert whole.shape == (240, 320, 3) and (whole == 200).all()
    whole = mosaic(image, (320, 120), 1)  # fits the height: 160 of 320 columns are picture
    assert (whole[:, :160] == 200).all() and (whole[:, 160:] == 128).all()
    two = mosaic(image, (320, 120), 2)
    assert (two == 200).all()


@pytest.mark.parametrize("copies", [3, 5])
def test_any_number_of_copies_fits(copies):
    image = np.full((48, 64, 3), 200, np.uint8)
    share = (mosaic(image, (640, 480), copies) == 200).mean()
    assert 0.3 < share < 1


def test_a_picture_of_the_right_size_is_not_touched():
    image = np.zeros((48, 64, 3), np.uint8)
    assert mosaic(image, (64, 48), 1) is image


def test_the_table_has_every_stage_and_says_how_it_was_measured(tmp_path, models):
    clip = write_video(tmp_path / "clip.avi", 5)  # shorter than the measurement: it is played in a loop
    text = stage_times(clip, Pipeline.load(models), frames=8, size=(128, 72))
    first, models, *table = text.splitlines()
    assert models.startswith("eyes.onnx, float32; affect.onnx, int8; faces_far.onnx, float32; ")
    assert first == "clip.avi, 128x72, 0.0 faces a frame, 8 frames"
    stages = [line.split()[0] for line in table[1:-3]]
    assert stages == ["read", "detect", "eyes", "affect", "smooth", "total", "record"]
    assert all(0 <= float(v) < 10_000 for line in table[1:-3] for v in line.split()[1:])
    assert "frames/s" in table[-3] and "processor time" in table[-2] and "MiB" in table[-1]


def test_what_is_done_beside_it_is_a_row_of_its_own_and_counts(tmp_path, models):
    clip, seen = write_video(tmp_path / "clip.avi", 5), []

    def slow(result):
        seen.append(result.frame.index)
        time.sleep(0.05)

    text = stage_times(clip, Pipeline.load(models), frames=4, also={"made faces": slow})
    row = next(line for line in text.splitlines() if line.startswith("made faces"))
    assert float(row.split()[-2]) >= 50 and len(seen) == 4 + WARM_UP
    rate = next(line for line in text.splitlines() if "frames/s" in line)
    assert float(rate.split()[0]) < 20 and "the recording and made faces" in rate
