"""Stand-ins for a source and a pipeline: synthetic people who wander about, at any speed wanted."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np

from app.sources.source import Mode, SourceError
from app.stages.actions.names import ACTIONS
from app.stages.detectors import DEFAULT_DETECTOR
from app.system import clock
from app.types import EXPRESSIONS, Actions, Face, Frame, Pose, Result, Signals, StageTimes, Workload

WIDTH, HEIGHT, RATE = 640, 480, 30.0


def signals(valence: float, arousal: float, eyes: np.ndarray | None = None, best: int = 1) -> Signals:
    probs = np.full(len(EXPRESSIONS), 0.05, np.float32)
    probs[best] = 1 - 0.05 * (len(EXPRESSIONS) - 1)
    return Signals(np.zeros((2, 2), np.float32) if eyes is None else eyes, probs, valence, arousal)


def face(id: int = 1, centre: tuple[float, float] = (320, 240), size: float = 120, **values: float) -> Face:
    x, y = centre
    box = np.array([x - size / 2, y - size / 2, x + size / 2, y + size / 2], np.float32)
    eyes = np.array([[x + size / 4, y - size / 8], [x - size / 4, y - size / 8]], np.float32)
    read = signals(values.get("valence", 0.0), values.get("arousal", 0.0), eyes, int(values.get("best", 1)))
    return Face(id, box, np.zeros((478, 3), np.float32), Pose(0, 0, 0), np.ones(2, np.float32), read, read)


def smiling(id: int = 1) -> Face:
    """A face whose corners of the lips are pulled as far as can be, with landmarks all over its box."""
    at = face(id)
    across, down = np.meshgrid(np.linspace(at.box[0], at.box[2], 22), np.linspace(at.box[1], at.box[3], 22))
    landmarks = np.stack([across.ravel(), down.ravel(), np.zeros(484)], 1)[:478].astype(np.float32)
    pulled = np.array([float(name.startswith("au12")) for name in ACTIONS], np.float32)
    actions = Actions(pulled, pulled, np.zeros_like(pulled))
    return replace(at, landmarks=landmarks, actions=actions, blink_rate=12.0)


def frame(index: int = 0, width: int = WIDTH, height: int = HEIGHT) -> Frame:
    image = np.full((height, width, 3), 40, np.uint8)
    return Frame(index, index / RATE, image, clock.now())


class FakeSource:
    """A camera that never tires, or with `frames` a file that ends; at frame `fail_at` it is unplugged."""

    name = "Fake camera"
    waiting, path = "", None

    def __init__(self, *, frames: int | None = None, fail_at: float = math.inf) -> None:
        self.mode, self.frames, self.live = Mode(WIDTH, HEIGHT, RATE, "MJPG"), frames, frames is None
        self.fail_at, self.opened, self.closed = fail_at, 0, 0
        self._index = 0

    def open(self) -> None:
        self._index, self.opened = 0, self.opened + 1

    def read(self) -> Frame | None:
        if self._index >= self.fail_at:
            raise SourceError("Fake camera stopped sending pictures: check its cable, then press Start.")
        if self.frames is not None and self._index >= self.frames:
            return None
        if self.live:
            time.sleep(1 / RATE)
        self._index += 1
        return frame(self._index - 1)

    def close(self) -> None:
        self.closed += 1


class Smoothing:
    smoothing = 0.5


class FakePipeline:
    """`people` wander over the picture."""

    cards, workload, times = (), Workload(), StageTimes(total=5)
    detector = DEFAULT_DETECTOR
    max_faces = 4
    always: int | None = None  # the expression that everybody shows; None: one after the other
    affect = None  # an AffectReader for tests that ask why

    def __init__(self, people: int = 2) -> None:
        self.people, self.smoother, self.closed = people, Smoothing(), False
        self.workloads: list[Workload] = []  # that were asked for

    def use(self, workload: Workload) -> None:
        self.workload = workload
        self.workloads.append(workload)

    def process(self, frame: Frame) -> Result:
        faces = tuple(self._face(i, frame.time) for i in range(self.people))
        return Result(frame, faces, self.times)

    def close(self) -> None:
        self.closed = True

    def _face(self, i: int, t: float) -> Face:
        phase = 2 * np.pi * i / max(1, self.people)
        centre = WIDTH / 2 + 200 * np.cos(t / 3 + phase), HEIGHT / 2 + 100 * np.sin(t / 2 + phase)
        va = {"valence": 0.7 * np.cos(t / 2 + phase), "arousal": 0.6 * np.sin(t / 1.7 + phase)}
        best = int(t + i) % len(EXPRESSIONS) if self.always is None else self.always
        return face(i + 1, centre, best=best, **va)
