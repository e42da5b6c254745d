import threading
import time

import cv2
import numpy as np
import pytest

from app import camera
from app.camera import Camera, list_cameras
from app.source import Mode, SourceError
from tests.fakes import wait_for

GREY = np.zeros((48, 64), np.uint8)


class FakeCapture:
    """A camera that grants 640x480 whatever is asked, and fails as `fault` says."""

    def __init__(self, fault="", after=5):
        self.fault, self.after, self.grabbed, self.asked = fault, after, 0, []
        self.released = threading.Event()

    def isOpened(self):  # noqa: N802
        if self.fault == "hangs when opened":
            time.sleep(0.5)
        return self.fault != "does not open"

    def set(self, property, value):
        self.asked.append(property)
        return False

    def get(self, property):
        return {
            cv2.CAP_PROP_FOURCC: cv2.VideoWriter_fourcc(*"YUYV"),
            cv2.CAP_PROP_FRAME_WIDTH: 640,
            cv2.CAP_PROP_FRAME_HEIGHT: 480,
            cv2.CAP_PROP_FPS: 25,
        }[property]

    def grab(self):
        time.sleep(0.002)
        self.grabbed += 1
        late = self.grabbed > self.after
        if late and self.fault == "blocks for ever":
            self.released.wait(30)
        if late and self.fault == "raises":
            raise cv2.error("device lost")
        return not (self.fault == "sends nothing" or (late and self.fault == "is unplugged"))

    def retrieve(self):
        return True, GREY

    def release(self):
        self.released.set()


def make(capture, **timing):
    return Camera(3, capture=lambda index: capture, **{"opening": 5.0, "silence": 0.2, **timing})


def read(cam, count):
    frames = []
    while len(frames) < count:
        if frame := cam.read():
            frames.append(frame)
    return frames


def test_frames_come_with_both_clocks_and_a_number():
    capture = FakeCapture()
    cam = make(capture)
    cam.open()
    first, second = read(cam, 2)
    assert first.image.shape == (48, 64, 3) and first.index < second.index
    assert 0 < second.time - first.time < 1 and abs(second.wall - time.time()) < 5
    assert cam.live and cam.frames is None
    cam.close()
    assert capture.released.wait(2)


def test_format_is_asked_for_first_then_size_then_rate_and_what_was_granted_is_read_back():
    capture = FakeCapture()
    cam = make(capture)
    cam.open()
    cam.close()
    assert capture.asked == [
        cv2.CAP_PROP_FOURCC, cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT, cv2.CAP_PROP_FPS
    ]  # fmt: skip
    assert cam.mode == Mode(64, 48, 25.0, "YUYV")  # the picture itself decides on the size


def test_a_slow_reader_gets_the_newest_frame():
    cam = make(FakeCapture())
    cam.open()
    read(cam, 1)
    time.sleep(0.1)
    late = read(cam, 1)[0]
    assert late.index > 10 and time.perf_counter() - late.time < 0.09
    cam.close()


@pytest.mark.parametrize("fault", ["is unplugged", "blocks for ever", "raises"])
def test_unplugged_while_it_runs(fault):
    capture = FakeCapture(fault)
    cam = make(capture)
    cam.open()
    begun = time.perf_counter()
    with pytest.raises(SourceError, match="Camera 3 stopped sending pictures: check its cable"):
        read(cam, 1000)
    assert time.perf_counter() - begun < 3
    begun = time.perf_counter()
    cam.close()
    assert time.perf_counter() - begun < 2
    capture.released.set()


def test_busy():
    with pytest.raises(SourceError, match="another program may be using it"):
        make(FakeCapture("does not open")).open()


def test_opens_but_sends_nothing(monkeypatch):
    monkeypatch.setattr(camera, "FIRST_PICTURE", 0.1)
    with pytest.raises(SourceError, match="another program may be using it"):
        make(FakeCapture("sends nothing")).open()


def test_opening_never_waits_for_ever():
    capture = FakeCapture("hangs when opened")
    with pytest.raises(SourceError, match="does not answer"):
        make(capture, opening=0.1).open()
    wait_for(capture.released.is_set)


def test_reading_a_closed_camera():
    with pytest.raises(SourceError, match="press Start"):
        make(FakeCapture()).read()


@pytest.fixture
def linux(tmp_path, monkeypatch):
    """Two cameras as the kernel shows them, the first with a second device for metadata."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(camera, "DEVICES", tmp_path / "dev")
    monkeypatch.setattr(camera, "KERNEL_NAMES", tmp_path / "sys")
    (tmp_path / "dev").mkdir()
    for number, name, place in ((0, "Laptop", 0), (1, "Laptop", 1), (10, "Desk", 0)):
        folder = tmp_path / "sys" / f"video{number}"
        folder.mkdir(parents=True)
        (folder / "name").write_text(f"{name}\n")
        (folder / "index").write_text(f"{place}\n")
        (tmp_path / "dev" / f"video{number}").touch()


def test_cameras_are_listed_by_name(linux):
    assert [(c.index, c.name) for c in list_cameras()] == [(0, "Laptop"), (10, "Desk")]


def test_no_camera(tmp_path, monkeypatch, linux):
    with pytest.raises(SourceError, match="There is no camera 7: plug one in"):
        Camera(7).open()
    monkeypatch.setattr(camera, "KERNEL_NAMES", tmp_path / "nowhere")
    assert list_cameras() == ()


def test_no_permission(monkeypatch, linux):
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(SourceError, match="Laptop may not be used by this account"):
        Camera(0).open()


def test_a_device_that_is_no_camera(linux, monkeypatch):
    with pytest.raises(SourceError, match="Desk sends no pictures"):
        Camera(10).open()  # a plain file in its place: OpenCV cannot open it
