"""How many heads in empty scenes the app finds, and what it takes for a face where there is none."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from app.stages.detect import Detector
from app.types import Detection
from export.data.arrays import Image
from export.data.detector import app_detector
from export.limits.faces.heads import Head, Placed, place
from export.limits.faces.scenes import Scenes

NEAR_ENOUGH = 0.3  # heights of the face that the middle of its detected box may be away
SIZE_CHANGE = 1.6  # times that the detected box may be larger or smaller
STILL_FRAMES = 60  # frames of a stream that shows the same picture: 2 s of a camera


@dataclass(frozen=True, slots=True)
class Found:
    """What became of faces of one kind."""

    faces: int
    found: int
    false: int  # detections that are none of them
    ms: float  # median time of a picture
    frames: float = 1.0  # median, until those that are found in a stream are found

    @property
    def share(self) -> float:
        """The share that was found, 0..1."""
        return self.found / max(1, self.faces)


def is_found(detection: Detection, placed: Placed) -> bool:
    """Whether `detection` is the head that was put into the scene."""
    x0, y0, x1, y1 = detection.box.tolist()
    away = float(np.hypot((x0 + x1) / 2 - placed.centre[0], (y0 + y1) / 2 - placed.centre[1]))
    size = float(np.sqrt(max(0.0, (x1 - x0) * (y1 - y0)))) / placed.height
    return away <= NEAR_ENOUGH * placed.height and 1 / SIZE_CHANGE <= size <= SIZE_CHANGE


def in_pictures(scenes: Scenes, heads: Sequence[Head], height: float, angle: float, seed: int) -> Found:
    """Each of `heads` in a picture of its own, `height` pixels high and turned by `angle` degrees."""
    random, detector, times = np.random.default_rng(seed), app_detector(still=True), []
    found = false = 0
    for head in heads:
        placed = place(scenes.next(), head, height, angle, random)
        detections, ms = _timed(detector, placed.image)
        right = sum(is_found(one, placed) for one in detections)
        found, false = found + (right > 0), false + len(detections) - right
        times.append(ms)
    detector.close()
    return Found(len(heads), found, false, float(np.median(times)))


def in_streams(scenes: Scenes, heads: Sequence[Head], height: float, angle: float, seed: int) -> Found:
    """The same, but each picture is shown for STILL_FRAMES frames, as by a camera that nobody moves."""
    random, times, waited, false = np.random.default_rng(seed), [], [], 0
    for head in heads:
        placed = place(scenes.next(), head, height, angle, random)
        detector = app_detector()
        for frame in range(STILL_FRAMES):
            detections, ms = _timed(detector, placed.image)
            right = sum(is_found(one, placed) for one in detections)
            false += len(detections) - right
            if right:
                waited.append(frame + 1)
                break
            times.append(ms)
        detector.close()
    ms, frames = (float(np.median(values)) if values else float("nan") for values in (times, waited))
    return Found(len(heads), len(waited), false, ms, frames)


def in_nothing(images: Iterable[Image]) -> Found:
    """Pictures without a face; every detection is false."""
    detector, times, false = app_detector(still=True), [], 0
    for image in images:
        detections, ms = _timed(detector, image)
        false += len(detections)
        times.append(ms)
    detector.close()
    return Found(0, 0, false, float(np.median(times)))


def _timed(detector: Detector, image: Image) -> tuple[tuple[Detection, ...], float]:
    """What is detected, and the milliseconds that it took."""
    start = time.perf_counter()
    detections = detector.detect(image)
    return detections, 1e3 * (time.perf_counter() - start)
