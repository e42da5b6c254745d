"""Sources and results that need no camera and no model, and small videos made on the spot."""

import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np

from app.sources.source import Mode
from app.types import Face, Frame, Pose, Result, Signals

ROOT = Path(__file__).parents[1]
IMAGE = np.zeros((4, 4, 3), np.uint8)
LONG = 120.0  # s that only something that hangs takes, however busy the machine is


class Clock:
    """In place of the module `time` or of an Event: it stands still until it is moved, or waited on."""

    def __init__(self):
        self.now = 0.0  # s

    def perf_counter(self):
        return self.now

    def wait(self, seconds):
        self.now += max(0.0, seconds)
        return self.is_set()

    def is_set(self):
        return False


class FakeSource:
    """`count` frames at `rate`; a camera where `live`, which then sleeps and can fail."""

    waiting = ""

    def __init__(self, count=10**9, rate=1000.0, live=True, fail_at=None, fail_to_open=None):
        self.name, self.live, self.mode = "fake", live, Mode(4, 4, rate, "FAKE")
        self.frames = None if live else count
        self.count, self.fail_at, self.fail_to_open = count, fail_at, fail_to_open
        self.opened = self.closed = 0

    def open(self):
        self.n = 0
        self.opened += 1
        self.start = time.perf_counter()
        if self.fail_to_open:
            raise self.fail_to_open

    def read(self):
        if self.fail_at is not None and self.n >= self.fail_at:
            raise OSError("unplugged")
        if self.live:
            time.sleep(1 / self.mode.rate)
            self.n = max(self.n + 1, int((time.perf_counter() - self.start) * self.mode.rate))
            now = time.perf_counter()
            return Frame(self.n, now, IMAGE, now, time.time())
        if self.n == self.count:
            return None
        self.n += 1
        return Frame(self.n - 1, (self.n - 1) / self.mode.rate, IMAGE, time.perf_counter())

    def close(self):
        self.closed += 1


def face(id=1, valence=0.5, arousal=-0.25, happy=0.65):
    """A face whose smoothed values are half the raw ones where that makes sense."""
    probs = np.full(8, (1 - happy) / 7, np.float32)
    probs[1] = happy
    eyes = np.array([[300.25, 200.5], [200.125, 201.0]], np.float32)
    raw = Signals(eyes, probs, valence, arousal)
    return Face(
        id,
        np.array([100, 110, 400, 450.5], np.float32),
        np.zeros((478, 3), np.float32),
        Pose(10.0, -5.5, 1.25),
        np.array([0.9, 0.8], np.float32),
        raw,
        Signals(eyes + 1, probs, valence / 2, arousal / 2),
    )


def result(index=0, time=0.0, *faces, wall=float("nan"), dropped=0):
    return Result(Frame(index, time, IMAGE, 0.0, wall, dropped), faces)


def wait_for(condition):
    end = time.perf_counter() + LONG
    while not condition():
        assert time.perf_counter() < end, "did not happen"
        time.sleep(0.002)


@contextmanager
def running(program, *arguments):
    """Python runs `program` in a process of its own, until it is killed in the end."""
    process = subprocess.Popen([sys.executable, "-c", program, *map(str, arguments)], cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def write_video(path: Path, count: int = 10, size=(64, 48), rate: float = 20.0, codec: str = "MJPG") -> Path:
    """A clip whose frame i has the grey level 10 + 20 * i (up to 12 differ)."""
    backend = cv2.CAP_OPENCV_MJPEG if codec == "MJPG" else cv2.CAP_FFMPEG  # the first keeps odd sizes
    writer = cv2.VideoWriter(str(path), backend, cv2.VideoWriter.fourcc(*codec), rate, size)
    assert writer.isOpened()
    for i in range(count):
        writer.write(np.full((size[1], size[0], 3), 10 + 20 * (i % 12), np.uint8))
    writer.release()
    return path
