"""Cameras of Windows and macOS, listed by a made-up library with the API of cv2-enumerate-cameras."""

import sys
from dataclasses import dataclass
from types import SimpleNamespace

import cv2
import pytest

from app.playing.first_source import choose
from app.sources import capture
from app.sources.camera import Camera
from app.sources.capture import SYSTEM, numbered
from app.sources.devices import Device
from app.sources.source import SourceError
from app.system.settings import Settings

MSMF, DSHOW, MAC = cv2.CAP_MSMF, cv2.CAP_DSHOW, cv2.CAP_AVFOUNDATION
BY_MSMF, BY_DSHOW = "#{e5323777-f976-4f5b-9b55-b94699c46e44}", "#{65e8773d-8f56-11d0-a3b9-00a0c911ce96}"
DESK, TWIN = r"\\?\usb#vid_046d&pid_0825&mi_00#7&1a&0&0000", r"\\?\usb#VID_046D&PID_0825&MI_00#7&2B&0&0000"
FACE = r"\\?\usb#vid_0bda&pid_5634&mi_00#6&c&0&0000"


@dataclass
class EnumeratedCamera:
    """As its EnumeratedCamera."""

    index: int
    name: str
    path: str | None = None
    vid: int | None = None
    pid: int | None = None


class Library:
    """What it lists for each API; an error is raised in its place."""

    def __init__(self):
        self.listed = {}

    def enumerate_cameras(self, api):
        answer = self.listed.get(api, NotImplementedError(f"Unsupported backend: {api}!"))
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def library(monkeypatch):
    made = Library()
    module = SimpleNamespace(enumerate_cameras=made.enumerate_cameras)
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", module)

    def never(*_):
        raise AssertionError("a camera was opened to list it")

    monkeypatch.setattr(capture.cv2, "VideoCapture", never)
    return made


@pytest.fixture
def windows(library, monkeypatch):
    """Two equal cameras and a laptop's; the second API counts in another order and knows a virtual one."""
    monkeypatch.setattr("sys.platform", "win32")
    library.listed = {
        MSMF: [
            EnumeratedCamera(0, "HD Webcam", DESK + BY_MSMF + r"\global", 0x046D, 0x0825),
            EnumeratedCamera(1, "HD Webcam", TWIN + BY_MSMF + r"\global", 0x046D, 0x0825),
            EnumeratedCamera(2, "Integrated Camera", FACE + BY_MSMF + r"\global", 0x0BDA, 0x5634),
        ],
        DSHOW: [
            EnumeratedCamera(0, "Integrated Camera", FACE + BY_DSHOW + r"\global", 0x0BDA, 0x5634),
            EnumeratedCamera(1, "HD Webcam", TWIN + BY_DSHOW + r"\global", 0x046D, 0x0825),
            EnumeratedCamera(2, "HD Webcam", DESK + BY_DSHOW + r"\global", 0x046D, 0x0825),
            EnumeratedCamera(3, "OBS Virtual Camera", ""),
        ],
    }
    return library


def opened_by(monkeypatch, device):
    """What OpenCV is asked for: index and API, for each way."""
    monkeypatch.setattr(capture.cv2, "VideoCapture", lambda *asked: asked)
    return [way.open() for way in SYSTEM.backends(device)]


def test_windows_lists_each_camera_once_by_name(windows):
    assert [(d.index, d.name) for d in SYSTEM.list()] == [
        (0, "HD Webcam"), (1, "HD Webcam"), (2, "Integrated Camera"), (3, "OBS Virtual Camera"),
    ]  # fmt: skip
    identities = [device.identity for device in SYSTEM.list()]
    assert len(set(identities)) == 4 and identities[2].startswith("0bda:5634.00;;")
    assert identities[3] == "OBS Virtual Camera;;"


def test_each_api_gets_its_own_index(windows, monkeypatch):
    desk, twin, face, virtual = SYSTEM.list()
    assert opened_by(monkeypatch, desk) == [(0, MSMF), (2, DSHOW), (0, MSMF)]
    assert opened_by(monkeypatch, twin) == [(1, MSMF), (1, DSHOW), (1, MSMF)]
    assert opened_by(monkeypatch, face) == [(2, MSMF), (0, DSHOW), (2, MSMF)]
    assert opened_by(monkeypatch, virtual) == [(3, DSHOW), (3, DSHOW)]


def test_one_of_two_equal_cameras_is_found_again_by_its_path(windows, monkeypatch):
    twin = SYSTEM.list()[1]
    assert SYSTEM.find(twin).index == 1
    windows.listed[MSMF] = windows.listed[MSMF][2:] + windows.listed[MSMF][1::-1]  # plugged in again
    for index, told in enumerate(windows.listed[MSMF]):
        told.index = index
    assert SYSTEM.find(twin) == Device(1, "HD Webcam", twin.identity)
    assert opened_by(monkeypatch, twin)[0] == (1, MSMF)
    assert SYSTEM.find(SYSTEM.list()[2]).index == 2


def test_unplugged_its_twin_is_not_taken_for_it(windows):
    desk, twin, *_ = SYSTEM.list()
    for api, told in windows.listed.items():
        windows.listed[api] = [entry for entry in told if "1a" not in str(entry.path)]
    assert SYSTEM.find(desk, frozenset({twin.identity})) is None
    assert SYSTEM.backends(desk) == ()
    windows.listed = {MSMF: [], DSHOW: []}
    assert SYSTEM.list() == () and SYSTEM.find(desk) is None
    with pytest.raises(SourceError, match="HD Webcam is not there: plug it in"):
        Camera(desk).open()


def test_the_start_remembers_it_and_takes_names_and_numbers(windows):
    face = SYSTEM.list()[2]
    assert choose(None, None, Settings(camera=0, camera_identity=face.identity)).source.device == face
    assert choose("obs", None, Settings()).source.device.index == 3
    assert choose("2", None, Settings()).source.device == face == numbered(2)
    assert numbered(7) == Device(7, "Camera 7")


def test_an_infrared_twin_in_the_same_housing_is_another_camera(windows):
    infrared = FACE.replace("mi_00", "mi_02")
    windows.listed[MSMF].append(
        EnumeratedCamera(3, "IR Camera", infrared + BY_MSMF + r"\global", 0x0BDA, 0x5634)
    )
    face, other = SYSTEM.list()[2:4]
    assert (other.name, other.identity.split(";")[0]) == ("IR Camera", "0bda:5634.02")
    windows.listed[MSMF] = windows.listed[MSMF][3:]
    windows.listed[DSHOW] = []
    assert SYSTEM.find(face) is None


def test_virtual_cameras_of_one_name_are_told_apart(windows, monkeypatch):
    windows.listed = {
        MSMF: [],
        DSHOW: [
            EnumeratedCamera(0, "Virtual", ""),
            EnumeratedCamera(1, "Virtual", None),
            EnumeratedCamera(2, ""),
        ],
    }
    first, second, nameless = SYSTEM.list()
    assert first.identity != second.identity and nameless.name == "Camera 2"
    assert opened_by(monkeypatch, second)[0] == (1, DSHOW)


def test_macos_knows_a_built_in_camera_by_its_unique_id(library, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    built_in = EnumeratedCamera(1, "FaceTime HD Camera", "47B4B64B-7067")
    library.listed = {
        MAC: [EnumeratedCamera(0, "USB; Camera", "0x14200000C456366", 0x0C45, 0x6366), built_in]
    }
    usb, face = SYSTEM.list()
    assert usb == Device(0, "USB; Camera", "0c45:6366.00;;0x14200000c456366")
    assert face == Device(1, "FaceTime HD Camera", "FaceTime HD Camera;;47b4b64b-7067")
    assert opened_by(monkeypatch, face) == [(1, MAC), (1, MAC)]


def test_one_api_that_fails_leaves_the_other(windows, monkeypatch):
    windows.listed[MSMF] = OSError("no Media Foundation")
    assert [device.name for device in SYSTEM.list()] == [
        "Integrated Camera", "HD Webcam", "HD Webcam", "OBS Virtual Camera",
    ]  # fmt: skip
    assert opened_by(monkeypatch, SYSTEM.list()[0]) == [(0, DSHOW), (0, DSHOW)]


@pytest.mark.parametrize("missing", [True, False])
def test_where_the_library_fails_cameras_are_counted(windows, monkeypatch, missing):
    remembered = SYSTEM.list()[1]
    if missing:
        monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", None)
    windows.listed = {}

    class One:
        def __init__(self, index, api):
            self.there = index < 1

        def isOpened(self):  # noqa: N802
            return self.there

        def release(self):
            pass

    monkeypatch.setattr(capture.cv2, "VideoCapture", One)
    assert SYSTEM.list() == (Device(0, "Camera 0"),)
    assert SYSTEM.find(remembered) == remembered and numbered(4) == Device(4, "Camera 4")
    assert opened_by(monkeypatch, remembered) == [(1, MSMF), (1, DSHOW), (1, MSMF)]
