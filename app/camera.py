"""A camera as a source. It may block for ever, so only a thread of its own ever talks to it."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from app.mailbox import Latest
from app.source import Mode, SourceError
from app.types import Frame
from app.video import four_letters

WANTED = Mode(1280, 720, 30.0, "MJPG")  # MJPG: few cameras send 720p at 30/s without compression
OPENING = 10.0  # s that a camera may take to open and send its first picture
FIRST_PICTURE = 2.0  # s of silence after opening, after which another program probably has it
SILENCE = 3.0  # s without a picture after which it counts as gone
PAUSE = 0.1  # s that one `read` waits, so that whoever reads can be stopped
BACKENDS = {"linux": cv2.CAP_V4L2, "win32": cv2.CAP_MSMF, "darwin": cv2.CAP_AVFOUNDATION}
DEVICES = Path("/dev")
KERNEL_NAMES = Path("/sys/class/video4linux")


class Capture(Protocol):
    """The part of cv2.VideoCapture that is used; tests put one here that fails on purpose."""

    def isOpened(self) -> bool: ...  # noqa: N802
    def set(self, property: int, value: float) -> bool: ...
    def get(self, property: int) -> float: ...
    def grab(self) -> bool: ...
    def retrieve(self) -> tuple[bool, np.ndarray | None]: ...
    def release(self) -> None: ...


@dataclass(frozen=True, slots=True)
class CameraName:
    index: int  # what `Camera` takes
    name: str  # what the system calls it


class Camera:
    """Camera number `index`, asked for 720p at 30 frames a second in MJPG; `mode` is what it granted."""

    live = True
    frames = None

    def __init__(
        self,
        index: int = 0,
        *,
        capture: Callable[[int], Capture] | None = None,
        opening: float = OPENING,
        silence: float = SILENCE,
    ) -> None:
        self.index = index
        self.name = _kernel_name(index) or f"Camera {index}"
        self.mode = Mode(0, 0, 0.0, "")
        self._capture = capture or _system_capture
        self._opening, self._silence = opening, silence
        self._reader: _Reader | None = None
        self._heard = 0.0  # s, when the last picture came

    def open(self) -> None:
        """Returns when the first picture has come. Raises SourceError after at most `opening` seconds."""
        self.close()
        self._check_device()
        self._reader = _Reader(self._capture, self.index)
        if not self._reader.started.wait(self._opening):
            self.close()
            raise SourceError(f"{self.name} does not answer: unplug it, plug it in again, then press Start.")
        if self._reader.mode is None:
            self.close()
            raise SourceError(
                f"{self.name} sends no pictures: another program may be using it, or the system's privacy "
                "settings forbid it. Close that program or allow it, then press Start."
            )
        self.mode, self._heard = self._reader.mode, time.perf_counter()

    def read(self) -> Frame | None:
        if self._reader is None:
            raise SourceError(f"{self.name} is closed: press Start.")
        frame = self._reader.frames.take(PAUSE)
        now = time.perf_counter()
        if frame is not None:
            self._heard = now
        elif now - self._heard > self._silence:
            raise SourceError(f"{self.name} stopped sending pictures: check its cable, then press Start.")
        return frame

    def close(self) -> None:
        if self._reader is not None:
            self._reader.stop()
            self._reader = None

    def _check_device(self) -> None:
        if self._capture is not _system_capture or sys.platform != "linux":
            return
        device = DEVICES / f"video{self.index}"
        if not device.exists():
            raise SourceError(
                f"There is no camera {self.index}: plug one in, then press Start, or open a video."
            )
        if not os.access(device, os.R_OK | os.W_OK):
            raise SourceError(
                f"{self.name} may not be used by this account: add it to the group 'video' "
                "(sudo usermod -aG video $USER), then log in again."
            )


class _Reader:
    """The thread that opens, reads and releases one capture, and is left behind where that blocks."""

    def __init__(self, capture: Callable[[int], Capture], index: int) -> None:
        self.frames: Latest[Frame] = Latest()
        self.started = threading.Event()  # the first picture came, or none ever will
        self.mode: Mode | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(capture, index), name="camera", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(1.0)  # a camera that was unplugged may never let go

    def _run(self, open_capture: Callable[[int], Capture], index: int) -> None:
        try:
            capture = open_capture(index)
            try:
                if capture.isOpened():
                    self._read(capture)
            finally:
                capture.release()
        except cv2.error:
            pass  # `mode` is None, or no more frames come: whoever reads says so
        finally:
            self.started.set()

    def _read(self, capture: Capture) -> None:
        granted = _negotiate(capture)
        number, silent_since = 0, time.perf_counter()
        while not self._stop.is_set():
            ok = capture.grab()
            now, wall = time.perf_counter(), time.time()  # before decoding: nearest to the moment of capture
            ok, image = capture.retrieve() if ok else (False, None)
            if not ok or image is None:
                if self.mode is None and now - silent_since > FIRST_PICTURE:
                    return
                time.sleep(0.01)
                continue
            if self.mode is None:
                self.mode = Mode(image.shape[1], image.shape[0], granted.rate, granted.format)
                self.started.set()
            bgr = image if image.ndim == 3 else cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
            self.frames.put(Frame(number, now, bgr, now, wall))
            number += 1


def list_cameras() -> tuple[CameraName, ...]:
    """The cameras that are plugged in. Outside Linux each must be opened to know, which takes seconds."""
    if sys.platform == "linux":
        numbers = sorted(int(d.name[5:]) for d in KERNEL_NAMES.glob("video*") if d.name[5:].isdigit())
        return tuple(CameraName(i, _kernel_name(i) or f"Camera {i}") for i in numbers if _gives_pictures(i))
    found = []
    for index in range(8):
        capture = _system_capture(index)
        present = capture.isOpened()
        capture.release()
        if not present:
            break
        found.append(CameraName(index, f"Camera {index}"))
    return tuple(found)


def _system_capture(index: int) -> Capture:
    return cv2.VideoCapture(index, BACKENDS.get(sys.platform, cv2.CAP_ANY))


def _negotiate(capture: Capture) -> Mode:
    """Ask for WANTED, format first since it decides on the sizes; answer what is set now."""
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*WANTED.format))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, WANTED.width)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, WANTED.height)
    capture.set(cv2.CAP_PROP_FPS, WANTED.rate)
    return Mode(
        int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
        int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
        float(capture.get(cv2.CAP_PROP_FPS)),
        four_letters(capture.get(cv2.CAP_PROP_FOURCC)),
    )


def _kernel_name(index: int) -> str:
    """What Linux calls the camera; "" elsewhere."""
    try:
        return (KERNEL_NAMES / f"video{index}" / "name").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _gives_pictures(index: int) -> bool:
    """A webcam has a second device for metadata only: the kernel numbers the devices of each from 0."""
    try:
        return (KERNEL_NAMES / f"video{index}" / "index").read_text().strip() == "0"
    except OSError:
        return True
