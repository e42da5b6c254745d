from dataclasses import replace

import pytest

from app.playing import first_source
from app.sources.camera import WANTED
from app.sources.capture import SYSTEM
from app.sources.devices import Device
from app.sources.source import Mode, SourceError
from app.system import paths
from app.system.settings import Settings
from tests.fakes import write_video

TWO = (Device(0, "Laptop", "a:1;;x"), Device(2, "Desk", "b:2;7;y"))


class Listed(type(SYSTEM)):
    def __init__(self, devices):
        self.devices = devices

    def list(self):
        return self.devices


def choose(camera=None, video=None, settings=None, cameras=()):
    return first_source.choose(camera, video, settings or Settings(), cameras=Listed(cameras))


@pytest.fixture
def sample(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "assets", lambda: tmp_path)
    return write_video(tmp_path / "sample.mp4", codec="mp4v")


def test_the_camera_that_was_used_last_comes_back(sample):
    assert choose(settings=replace(Settings(), camera=2), cameras=TWO).source.device.index == 2


def test_it_comes_back_by_its_identity_with_its_mode():
    last = replace(Settings(), camera=0, camera_identity="b:2;7;elsewhere", camera_mode="640x480@15 MJPG")
    source = choose(settings=last, cameras=TWO).source
    assert source.device == TWO[1] and source.wanted == Mode(640, 480, 15.0, "MJPG")
    gone = choose(settings=replace(last, camera=2, camera_identity="c:3;;"), cameras=TWO).source
    assert gone.device == TWO[0] and gone.wanted == WANTED


def test_another_camera_where_that_one_is_gone(sample):
    first_source = choose(settings=replace(Settings(), camera=7), cameras=TWO)
    assert first_source.source.device.index == 0 and first_source.notice == ""


def test_without_a_camera_the_sample_clip_and_a_sentence(sample):
    first_source = choose()
    assert first_source.source.path == sample and "No camera was found" in first_source.notice


def test_without_both_only_the_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "assets", lambda: tmp_path)
    first_source = choose()
    assert first_source.source is None and "Plug in a camera or open a video" in first_source.notice


def test_what_is_asked_for_comes_first(sample, tmp_path):
    clip = write_video(tmp_path / "clip.avi")
    assert choose(video=clip, cameras=TWO).source.path == clip
    assert choose(camera="3", cameras=TWO).source.device.index == 3
    assert choose(camera="desk", cameras=TWO).source.device == TWO[1]
    with pytest.raises(SourceError, match=r"No camera is called 'none': .* here \(0 Laptop, 2 Desk\)"):
        choose(camera="none", cameras=TWO)
    with pytest.raises(SourceError, match="does not exist"):
        choose(video=tmp_path / "none.mp4")


@pytest.mark.parametrize(
    ("platform", "environment", "display"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"QT_QPA_PLATFORM": "offscreen"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_whether_a_window_can_be_shown(monkeypatch, platform, environment, display):
    monkeypatch.setattr("sys.platform", platform)
    assert first_source.has_display(environment) is display
