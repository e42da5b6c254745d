import sys
from pathlib import Path

import pytest

from app.sources import capture, devices, v4l2
from app.sources.camera import Camera
from app.sources.capture import SYSTEM, numbered
from app.sources.devices import Device, find
from app.sources.source import SourceError
from tests.cameras import opened


@pytest.fixture
def linux(tmp_path, monkeypatch):
    """A laptop's camera with a second node for metadata, one on a cable, one that is no hardware."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(devices, "DEVICES", tmp_path / "dev")
    monkeypatch.setattr(devices, "KERNEL", tmp_path / "sys")
    monkeypatch.setattr(devices, "PROCESSES", tmp_path / "proc")
    controller = tmp_path / "0000:00:14.0"
    for number, name, place, port, serial in (
        (0, "Laptop", 0, "1-5", ""), (1, "Laptop", 1, "1-5", ""),
        (10, "Desk", 0, "1-2.3", "A;1"), (20, "Loop", 0, "", ""),
    ):  # fmt: skip
        plug(tmp_path, controller, number, name, place, port, serial)
    return tmp_path


def plug(home, controller, number, name, place, port, serial):
    node = home / "sys" / f"video{number}"
    node.mkdir(parents=True)
    (home / "dev").mkdir(exist_ok=True)
    (home / "dev" / f"video{number}").touch()
    (node / "name").write_text(f"{name}\n")
    (node / "index").write_text(f"{place}\n")
    if port:
        usb = controller / f"usb{port[0]}" / port
        interface = usb / f"{port}:1.0"
        interface.mkdir(parents=True, exist_ok=True)
        for file, text in (("idVendor", "046d"), ("idProduct", "0825"), ("serial", serial)):
            (usb / file).write_text(f"{text}\n")
        (interface / "bInterfaceNumber").write_text("00\n")
        (node / "device").symlink_to(interface)


def test_cameras_are_listed_by_name_without_their_metadata(linux):
    assert SYSTEM.list() == (
        Device(0, "Laptop", "046d:0825.00.0;;0000:00:14.0-5"),
        Device(10, "Desk", "046d:0825.00.0;A 1;0000:00:14.0-2.3"),
        Device(20, "Loop", "Loop.0;;"),
    )


def test_the_driver_says_which_node_takes_pictures(linux, monkeypatch):
    monkeypatch.setattr(v4l2, "takes_pictures", lambda path: path.name in ("video1", "video10"))
    assert [device.index for device in SYSTEM.list()] == [1, 10]


def test_a_camera_is_found_again_under_another_number_and_in_another_socket(linux):
    desk = numbered(10)
    assert SYSTEM.find(desk) == desk
    (linux / "sys" / "video10").rename(linux / "sys" / "video4")
    assert SYSTEM.find(desk).index == 4
    moved = Device(6, "Desk", "046d:0825.00.0;A 1;0000:00:14.0-9")
    assert find(desk.identity, [moved]) == moved
    assert find(desk.identity, [moved], frozenset({moved.identity})) is None
    assert find(desk.identity, [Device(6, "Desk", "046d:0825.00.0;B 2;0000:00:14.0-2.3")]) is None
    assert find("", [Device(0, "Camera 0")]) is None


def test_no_camera(linux, monkeypatch):
    with pytest.raises(SourceError, match="Camera 7 is not there: plug it in"):
        Camera(numbered(7)).open()
    monkeypatch.setattr(devices, "KERNEL", linux / "nowhere")
    assert SYSTEM.list() == ()


def test_no_permission(monkeypatch, linux):
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(SourceError, match="Laptop may not be used by this account: add it to the group"):
        opened(Camera(numbered(0)))


def test_who_holds_it(linux):
    process = linux / "proc" / "123456789"
    (process / "fd").mkdir(parents=True)
    (process / "comm").write_text("zoom\n")
    (process / "fd" / "7").symlink_to(linux / "dev" / "video10")
    assert (devices.holder(10), devices.holder(0)) == ("zoom", "")
    assert SYSTEM.trouble(numbered(10)).problem == "Desk is used by zoom"


def test_a_device_that_is_no_camera(linux):
    with pytest.raises(SourceError, match="Desk sends no pictures"):
        opened(Camera(numbered(10)))  # a plain file in its place: OpenCV cannot open it


def test_elsewhere_cameras_are_counted(monkeypatch):
    class Two:
        def __init__(self, index, api):
            self.there = index < 2

        def isOpened(self):  # noqa: N802
            return self.there

        def release(self):
            pass

    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", None)
    monkeypatch.setattr(capture.cv2, "VideoCapture", Two)
    assert SYSTEM.list() == (Device(0, "Camera 0"), Device(1, "Camera 1"))
    assert len(SYSTEM.backends(numbered(0))) == 3 and SYSTEM.modes(numbered(0)) == ()
    assert SYSTEM.find(Device(1, "Camera 1")).index == 1 and SYSTEM.trouble(Device(1, "Camera 1")) is None


def test_paths_are_the_systems_own():
    assert devices.device_file(3) == Path("/dev/video3")
