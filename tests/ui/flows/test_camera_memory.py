"""The camera that was used last, by the settings and by what has played since."""

from __future__ import annotations

from dataclasses import replace

from app.sources.camera import WANTED, mode_text
from app.sources.capture import SYSTEM
from app.sources.devices import Device
from app.sources.source import Mode
from app.system.settings import Settings
from app.ui.flows.camera_memory import CameraMemory
from tests.ui.doubles import FakeSource

SMALL = Mode(640, 480, 30.0, "MJPG")


def test_it_begins_with_the_camera_of_the_settings() -> None:
    settings = replace(Settings(), camera=2, camera_identity="usb-1", camera_mode=mode_text(SMALL))
    memory = CameraMemory(settings, SYSTEM)
    assert (memory.device.index, memory.device.identity, memory.mode) == (2, "usb-1", SMALL)
    last = memory.last()
    assert (last.device, last.wanted) == (memory.device, SMALL)
    assert memory.offered is None


def test_a_camera_that_is_opened_is_the_last_one_and_anything_else_leaves_it() -> None:
    memory = CameraMemory(Settings(), SYSTEM)
    camera = memory.camera(Device(3, "Third", "usb-3"), SMALL)
    memory.offer(camera)
    assert memory.offered == camera.device and memory.mode == WANTED
    memory.use()
    assert memory.mode == SMALL
    camera.device = Device(5, "Third", "usb-3")  # it came back under another number
    assert memory.device.index == 5
    memory.offer(FakeSource())
    memory.use()
    assert memory.offered is None
    assert (memory.device.identity, memory.mode) == ("usb-3", SMALL)
