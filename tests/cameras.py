"""Cameras that do not exist: each fails on purpose in one way; one plays a clip in real time."""

import threading
import time
from pathlib import Path

import cv2
import numpy as np

from app.sources.capture import Backend, CameraTrouble
from app.sources.devices import Device, find
from app.sources.source import Mode
from app.sources.video import VideoFile
from tests.fakes import LONG, wait_for

FAULTS = (
    "", "never opens", "opens slowly", "opens without pictures", "busy", "no permission", "stops mid-way",
    "returns errors", "raises", "grants another mode", "sends grey", "first way hangs", "first way is silent",
)  # fmt: skip
RATE = 200.0  # frames a second
STOP = ("stops mid-way", "returns errors", "raises")
HANG = ("never opens", "first way hangs", "stops mid-way")
SHORT = 0.2  # s


class FakeCapture:
    """Grants what it is asked for, at RATE; `desk` may unplug it. Fails as `fault` says, after 5 frames."""

    def __init__(self, desk, device, fault, way):
        self.desk, self.device, self.way = desk, device, way
        self.fault = fault
        self.size, self.count, self.released = [640, 480], 0, False
        self.rate, self.format = 30.0, cv2.VideoWriter.fourcc(*"MJPG")
        self.opened_as = device.index
        if fault == "never opens" or (fault == "first way hangs" and way == 0):
            desk.never.wait(LONG)
        if fault == "opens slowly":
            time.sleep(0.2)

    @property
    def late(self):
        """From the sixth frame on, until the desk is repaired."""
        return self.count > 5 and self.desk.failing

    @property
    def lost(self):
        """Whether its pictures have ended although somebody still waits for them."""
        gone = self.desk.devices.get(self.opened_as) != self.device
        return not self.released and (gone or (self.fault in STOP and self.late))

    @property
    def mute(self):
        """Whether it has no more pictures to give."""
        silent = {"opens without pictures": True, "first way is silent": self.way == 0}.get(self.fault, False)
        return self.released or self.lost or silent

    def isOpened(self):  # noqa: N802
        return self.fault not in ("busy", "no permission")

    def set(self, property, value):
        self.desk.asked.append((property, value))
        if self.fault == "grants another mode":
            return False
        if property == cv2.CAP_PROP_FRAME_WIDTH:
            self.size[0] = int(value)
        elif property == cv2.CAP_PROP_FRAME_HEIGHT:
            self.size[1] = int(value)
        return True

    def get(self, property):
        rate = 0.0 if self.fault == "grants another mode" else self.rate
        return {
            cv2.CAP_PROP_FRAME_WIDTH: self.size[0], cv2.CAP_PROP_FRAME_HEIGHT: self.size[1],
            cv2.CAP_PROP_FPS: rate, cv2.CAP_PROP_FOURCC: self.format,
        }[property]  # fmt: skip

    def grab(self):
        time.sleep(1 / RATE)
        self.count += 1
        if self.late and self.fault == "stops mid-way":
            self.desk.never.wait(LONG)
        if self.late and self.fault == "raises":
            raise cv2.error("device lost")
        others = any(c.device != self.device and not c.released for c in self.desk.captures)
        return not (self.mute or (self.fault == "needs the bus alone" and others))

    def retrieve(self):
        width, height = self.size
        shape = (height, width) if self.fault == "sends grey" else (height, width, 3)
        return True, np.full(shape, 5 if self.fault == "in the dark" else 90, np.uint8)

    def release(self):
        self.released = True


class ClipCapture(FakeCapture):
    """Plays a clip in a loop at its own rate; frames that nobody grabs in time are lost, as with a camera."""

    def __init__(self, desk, device, path, way):
        super().__init__(desk, device, "", way)
        self.video = VideoFile(path)
        self.video.open()
        self.rate, self.size = self.video.mode.rate, [self.video.mode.width, self.video.mode.height]
        self.began, self.shown = time.perf_counter(), -1

    def set(self, property, value):
        return False  # a clip has one mode

    def grab(self):
        if self.mute:
            return False
        due = max(self.shown + 1, int((time.perf_counter() - self.began) * self.rate))
        time.sleep(max(0.0, self.began + due / self.rate - time.perf_counter()))
        while self.shown < due:
            self.frame = self.video.read()
            if self.frame is None:
                self.video.open()
                self.frame = self.video.read()
            self.shown += 1
        return True

    def retrieve(self):
        return True, self.frame.image

    def release(self):
        super().release()
        self.video.close()


class Desk:
    """A computer's cameras. `plug` and `unplug` them; those with a clip as their fault play it."""

    def __init__(self, *plugged):
        self.devices, self.faults, self.asked, self.captures = {}, {}, [], []
        self.way, self.trying = 0, ""  # which way was tried last, of a camera with which fault
        self.never, self.failing = threading.Event(), True
        for device, fault in plugged:
            self.plug(device, fault)

    def plug(self, device, fault=""):
        self.devices[device.index] = device
        self.faults[device.identity or device.index] = fault

    def unplug(self, index):
        del self.devices[index]

    def list(self):
        return tuple(self.devices[i] for i in sorted(self.devices))

    def find(self, device, others=frozenset()):
        if not device.identity:
            return self.devices.get(device.index)
        return find(device.identity, self.list(), others)

    def modes(self, device):
        return (Mode(1280, 720, 30.0, "MJPG"), Mode(640, 480, 60.0, "MJPG"), Mode(640, 480, 30.0, "MJPG"))

    def backends(self, device):
        for self.way in (0, 1):
            self.trying = self.faults[device.identity or device.index]
            yield Backend(lambda way=self.way: self._open(device, way), ask_mode=self.way == 0)

    def trouble(self, device):
        fault = self.faults[device.identity or device.index]
        if fault == "busy":
            return CameraTrouble(f"{device.name} is used by zoom", "close it there")
        if fault == "no permission":
            return CameraTrouble(
                f"{device.name} may not be used by this account", "add it to the group 'video'"
            )
        return None

    def _open(self, device, way):
        fault = self.faults[device.identity or device.index]
        kind = ClipCapture if isinstance(fault, Path) else FakeCapture
        capture = kind(self, device, fault, way)
        self.captures.append(capture)
        return capture


class Timeouts:
    """Timeouts (`app.sources.capture_thread`) that know what the cameras of `desk` will do.

    They are short where no picture will come, and endless where one will, however busy the machine is.
    """

    first_picture, retry, read = SHORT, 0.05, 0.05

    def __init__(self, desk):
        self.desk = desk

    @property
    def open(self):
        hangs = {"never opens": True, "first way hangs": self.desk.way == 0}
        return SHORT if hangs.get(self.desk.trying) else LONG

    @property
    def silence(self):
        return SHORT if any(capture.lost for capture in self.desk.captures) else LONG

    @property
    def release(self):
        return SHORT if any(fault in HANG for fault in self.desk.faults.values()) else LONG


def device(index=3, name="Desk", serial="A1", socket="pci-2"):
    return Device(index, name, f"046d:0825.00.0;{serial};{socket}")


def opened(camera):
    """Opens a camera and gives its first frame."""
    camera.open()
    return read(camera)[0]


def read(camera, count=1):
    """The next `count` frames of an open camera, in a list; fails when they do not come."""
    frames = []
    wait_for(lambda: (frame := camera.read()) is not None and (frames.append(frame) or len(frames) >= count))
    return frames
