import os

import cv2
import numpy as np
import pytest

from app.sources.source import SourceError
from app.sources.video import VideoFile
from tests.fakes import write_video
from tests.sources.reading import read_all


def test_every_frame_with_its_own_time(tmp_path):
    video = VideoFile(write_video(tmp_path / "clip.avi"))
    frames = read_all(video)
    assert [f.index for f in frames] == list(range(10)) and video.frames == 10
    np.testing.assert_allclose([f.time for f in frames], np.arange(10) / 20, atol=1e-9)
    levels = [f.image.mean() for f in frames]
    np.testing.assert_allclose(levels, 10 + 20 * np.arange(10), atol=3)  # the time belongs to this very frame
    assert (video.mode.width, video.mode.height, video.mode.rate, video.mode.format) == (64, 48, 20.0, "MJPG")
    assert not video.live and np.isnan(frames[0].wall) and read_all(video)[0].index == 0


def test_times_of_a_variable_rate_come_from_the_container(media):
    frames = read_all(VideoFile(media / "face-then-none.mov"))
    steps = np.diff([f.time for f in frames])
    assert len(frames) == 169 and frames[0].time == 0.0
    assert steps.min() > 0.013 and steps.max() > 1.5 * steps.min()  # the camera did not keep its rate


class Broken:
    """A container whose time stamps repeat, go back or are missing."""

    stamps = (-16.0, 30.0, 30.0, 20.0, 200.0, 0.0)

    def __init__(self, *_):
        self.at = -1

    def isOpened(self):  # noqa: N802
        return True

    def read(self):
        self.at += 1
        return (True, np.zeros((4, 4, 3), np.uint8)) if self.at < len(self.stamps) else (False, None)

    def get(self, property):
        stamp = self.stamps[min(self.at, 5)]
        return {cv2.CAP_PROP_FPS: 10.0, cv2.CAP_PROP_POS_MSEC: stamp}.get(property, 0.0)

    def set(self, property, value): ...

    def release(self): ...


def test_time_strictly_increases_whatever_the_container_says(tmp_path, monkeypatch):
    path = write_video(tmp_path / "clip.avi")
    monkeypatch.setattr(cv2, "VideoCapture", Broken)
    frames = read_all(VideoFile(path))
    assert [round(f.time, 6) for f in frames] == [0.0, 0.03, 0.13, 0.23, 0.33, 0.43]


@pytest.mark.parametrize("size", [(63, 47), (65, 49), (1, 1), (17, 240)])
def test_odd_sizes(tmp_path, size):
    path = tmp_path / "odd.png"
    cv2.imwrite(str(path), np.full((size[1], size[0], 3), 90, np.uint8))
    (frame,) = read_all(VideoFile(path))
    assert frame.image.shape == (size[1], size[0], 3)
    if min(size) > 2:
        frames = read_all(VideoFile(write_video(tmp_path / "odd.avi", size=size)))
        assert {f.image.shape for f in frames} == {(size[1], size[0], 3)}


def test_pictures_of_every_kind_become_bgr(tmp_path):
    rgba = np.zeros((8, 8, 4), np.uint8)
    rgba[:, :4] = (10, 20, 30, 255)
    rgba[:, 4:] = (200, 100, 50, 0)  # transparent: what hides there must not show
    kinds = {"alpha.png": rgba, "grey.png": rgba[..., 0], "deep.png": rgba.astype(np.uint16) * 257}
    for name, image in kinds.items():
        cv2.imwrite(str(tmp_path / name), image)
        (frame,) = read_all(VideoFile(tmp_path / name))
        assert frame.image.shape == (8, 8, 3) and frame.image.dtype == np.uint8
        if name != "grey.png":
            assert frame.image[0, 0].tolist() == [10, 20, 30] and frame.image[0, 7].tolist() == [128] * 3


def test_a_video_with_alpha_becomes_bgr(tmp_path):
    rgba = np.full((48, 64, 4), (10, 20, 30, 40), np.uint8)
    (tmp_path / "alpha.mov").write_bytes(cv2.imencode(".png", rgba)[1].tobytes())  # PNG inside, as some have
    (frame,) = read_all(VideoFile(tmp_path / "alpha.mov"))
    assert frame.image.shape == (48, 64, 3) and frame.image[0, 0].tolist() == [10, 20, 30]


def test_a_real_picture_with_alpha(media):
    (frame,) = read_all(VideoFile(media / "alpha.png"))
    assert frame.image.shape == (1036, 1524, 3)


def broken_files(folder):
    whole = write_video(folder / "whole.mp4", 60, (320, 240), codec="mp4v").read_bytes()
    (folder / "empty.mp4").touch()
    (folder / "truncated.mp4").write_bytes(whole[: len(whole) // 2])  # its index stood at the end
    (folder / "text.mp4").write_text("not a video\n" * 100)
    (folder / "text.png").write_text("not a picture\n" * 100)
    (folder / "folder.mp4").mkdir()
    write_video(folder / "frameless.avi", 0)
    (folder / "remote.m3u8").write_text("#EXTM3U\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing.mp4", "does not exist"),
        ("empty.mp4", "is empty"),
        ("truncated.mp4", "incomplete"),
        ("text.mp4", "not a video"),
        ("text.png", "not a picture"),
        ("folder.mp4", "is a folder"),
        ("frameless.avi", "cut off"),
        ("remote.m3u8", "not a video"),
    ],
)
def test_bad_files_say_what_to_do(tmp_path, name, says):
    broken_files(tmp_path)
    video = VideoFile(tmp_path / name)
    with pytest.raises(SourceError, match=says) as caught:
        video.open()
    sentence = str(caught.value)
    assert name in sentence and sentence.endswith(".") and ": " in sentence and "\n" not in sentence
    video.close()


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = write_video(tmp_path / "clip.avi")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(SourceError, match="may not be read"):
        VideoFile(path).open()


def test_a_file_that_is_cut_off_gives_what_it_has_and_then_says_so(tmp_path):
    path = write_video(tmp_path / "clip.avi", 100, (320, 240))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    video = VideoFile(path)
    video.open()
    count = 0
    with pytest.raises(SourceError, match="stops well before its end: it is cut off"):
        while video.read():
            count += 1
    assert 30 < count < 60


def test_a_pipe_or_a_device_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(SourceError, match="is not a file"):
        VideoFile(tmp_path / "pipe.mp4").open()


def test_a_rate_that_is_only_guessed_does_not_make_a_file_look_cut_off(tmp_path, monkeypatch):
    class Guess(Broken):  # 6 frames at 10/s; the container names 1000/s and so 600 frames
        stamps = (0.0, 100.0, 200.0, 300.0, 400.0, 500.0)

        def get(self, property):
            guessed = {cv2.CAP_PROP_FPS: 1000.0, cv2.CAP_PROP_FRAME_COUNT: 600.0}
            return guessed.get(property, super().get(property))

    path = write_video(tmp_path / "clip.webm.avi")
    monkeypatch.setattr(cv2, "VideoCapture", Guess)
    assert len(read_all(VideoFile(path))) == 6


def test_real_clips_are_not_called_cut_off(media):
    assert len(read_all(VideoFile(media / "no-face.mp4"))) == 95  # its container promises 98


def test_beyond_the_end_that_was_promised_wrongly_lies_the_last_picture(tmp_path):
    video = VideoFile(write_video(tmp_path / "clip.avi", 90))
    video.open()
    first, rate = video.read(), video.mode.rate
    video.frames = 93  # as containers do that count what cannot be decoded
    video.seek(92 / rate)
    last = video.read()
    assert first.time == 0 and last.time == pytest.approx(89 / rate, abs=1e-3) and last.index == 89
    assert video.read() is None
    video.close()
