"""Pictures at their own times: whole after any cut, and read back by FFmpeg through OpenCV."""

import struct

import cv2
import numpy as np
import pytest

from app.sessions.mkv import MkvWriter, index, picture, seal
from app.sources.video import VideoFile

TIMES = (0.0, 0.04, 0.0734, 0.5, 1.2501, 3.000001)  # uneven, as from a camera
SIZE = (64, 48)


def jpeg(grey):
    return cv2.imencode(".jpg", np.full((SIZE[1], SIZE[0], 3), grey, np.uint8))[1].tobytes()


def written(path, seal_it=True):
    writer = MkvWriter(path, SIZE, 30.0, "mien test")
    for i, time in enumerate(TIMES):
        writer.write(time, jpeg(20 * i + 20))
    if seal_it:
        writer.close()
    return path


def seen_by_opencv(path):
    """Times in s and grey levels of all frames, as VideoFile gives them."""
    video = VideoFile(path)
    video.open()
    frames = list(iter(video.read, None))
    assert video.mode.format == "MJPG"
    return [f.time for f in frames], [round(float(f.image.mean())) for f in frames]


@pytest.mark.parametrize("sealed", [True, False])
def test_every_picture_is_there_at_its_own_time(tmp_path, sealed):
    times, greys = seen_by_opencv(written(tmp_path / "a.mkv", sealed))
    assert times == pytest.approx(TIMES, abs=1e-4)
    assert greys == [20, 40, 60, 80, 100, 120]


def test_pictures_can_be_reached_at_once(tmp_path):
    path = written(tmp_path / "a.mkv")
    found = index(path)
    assert found.times.tolist() == list(TIMES)
    assert [round(float(picture(path, found, i).mean())) for i in (5, 0, 3)] == [120, 20, 80]


def test_cut_anywhere_it_keeps_every_whole_picture(tmp_path):
    data = written(tmp_path / "a.mkv", seal_it=False).read_bytes()
    ends = [*index(tmp_path / "a.mkv").clusters.tolist()[1:], len(data)]
    for cut in range(0, len(data), 97):
        path = tmp_path / "cut.mkv"
        path.write_bytes(data[:cut])
        whole = sum(end <= cut for end in ends)
        assert seal(path) == whole
        if whole:
            assert seen_by_opencv(path)[0] == pytest.approx(TIMES[:whole], abs=1e-4)


def test_sealing_adds_length_and_index_and_can_be_repeated(tmp_path):
    path = written(tmp_path / "a.mkv")
    once = path.read_bytes()
    assert seal(path) == len(TIMES)
    assert path.read_bytes() == once
    video = cv2.VideoCapture(str(path))
    video.set(cv2.CAP_PROP_POS_MSEC, 2900)
    assert video.read()[1].mean() == pytest.approx(120, abs=1)
    assert len(index(path).times) == len(TIMES)


def test_sealing_goes_on_where_it_was_cut_off_itself(tmp_path):
    sealed = written(tmp_path / "a.mkv").read_bytes()
    opened = written(tmp_path / "b.mkv", seal_it=False).read_bytes()
    path = tmp_path / "c.mkv"
    path.write_bytes(opened + sealed[len(opened) : -5])  # the index was being written
    assert seal(path) == len(TIMES)
    assert path.read_bytes() == sealed


def test_a_size_that_cannot_be_ends_the_file_there(tmp_path):
    path = written(tmp_path / "a.mkv")
    content, third = bytearray(path.read_bytes()), int(index(path).clusters[2])
    for wrong in (0, 12, len(content) * 2):
        content[third + 4 : third + 12] = struct.pack(">Q", (1 << 56) + wrong)
        path.write_bytes(content)
        found = index(path)
        assert len(found.times) == 2 and picture(path, found, 1) is not None


def test_it_never_overwrites(tmp_path):
    path = tmp_path / "a.mkv"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        MkvWriter(path, SIZE, 30.0, "mien test")
