"""Sources and results that need no camera and no network, and small videos made on the spot."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np

from app.sources.source import Mode
from app.system import clock
from app.types import Face, Frame, Pose, Result, Signals

ROOT = Path(__file__).parents[1]
IMAGE = np.zeros((4, 4, 3), np.uint8)
LONG = 120.0  # s; only what hangs takes so long, however busy the machine is


class Clock:
    """Takes the place of a module of clocks or of an Event: time passes only by `passed` and `wait`."""

    def __init__(self):
        self.passed = 0.0  # s

    def perf_counter(self):
        return self.passed

    now = perf_counter

    def wait(self, seconds):
        self.passed += max(0.0, seconds)
        return self.is_set()

    def is_set(self):
        return False


class FakeSource:
    """A source of `count` black frames of 4 x 4 pixels at `rate` frames a second.

    With `live` it is a camera: `read` waits for the next frame, and frames that nobody reads are lost.
    It raises OSError at frame `fail_at`, and `fail_to_open`, an exception, when it is opened.
    """

    waiting, path = "", None

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
            now = clock.now()
            return Frame(self.n, now, IMAGE, now, time.time())
        if self.n == self.count:
            return None
        self.n += 1
        return Frame(self.n - 1, (self.n - 1) / self.mode.rate, IMAGE, clock.now())

    def close(self):
        self.closed += 1


def face(id: int = 1, valence: float = 0.5, arousal: float = -0.25, happy: float = 0.65) -> Face:
    """A face with these raw values; smoothed valence and arousal are half of them, eyes one pixel away.

    `happy` is that probability; the other seven share what is left.
    """
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


def result(
    index: int = 0, time: float = 0.0, *faces: Face, wall: float = float("nan"), dropped: int = 0
) -> Result:
    """A result of a black frame at `time` s with these faces."""
    return Result(Frame(index, time, IMAGE, 0.0, wall, dropped), faces)


def wait_for(condition: Callable[[], bool]) -> None:
    """Returns as soon as `condition()` is true; fails after two minutes."""
    end = time.perf_counter() + LONG
    while not condition():
        assert time.perf_counter() < end, "did not happen"
        time.sleep(0.002)


@contextmanager
def running(program: str, *arguments: object) -> Iterator[subprocess.Popen[bytes]]:
    """Inside, another Python runs the text `program` with these arguments; at the end it is killed."""
    process = subprocess.Popen([sys.executable, "-c", program, *map(str, arguments)], cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def write_video(
    path: Path, count: int = 10, size: tuple[int, int] = (64, 48), rate: float = 20.0, codec: str = "MJPG"
) -> Path:
    """Writes a video of `count` plain frames of `size` (width, height); gives its path.

    Frame i has the grey level 10 + 20 * i, and after twelve levels the first again.
    """
    backend = cv2.CAP_OPENCV_MJPEG if codec == "MJPG" else cv2.CAP_FFMPEG  # the first keeps odd sizes
    writer = cv2.VideoWriter(str(path), backend, cv2.VideoWriter.fourcc(*codec), rate, size)
    assert writer.isOpened()
    for i in range(count):
        writer.write(np.full((size[1], size[0], 3), 10 + 20 * (i % 12), np.uint8))
    writer.release()
    return path
