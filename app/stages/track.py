"""Tracking: a person keeps the same id, by where the face is, how it moves and how large it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.types import Detection, Floats

REMEMBERED = 1.0  # s that a face out of sight keeps its id
SLOWING = 0.3  # s in which the speed of a face out of sight falls to 1/e
MAX_DISTANCE = 0.6  # face sizes that a face may be away from where it was expected ...
MAX_DISTANCE_RATE = 3.0  # ... and how many more for each second since it was seen
MAX_SIZE_CHANGE = 0.5  # natural logarithm of how much larger or smaller it may be


@dataclass(slots=True)
class _Track:
    centre: Floats
    size: float
    time: float
    velocity: Floats  # pixels a second

    def expected(self, time: float) -> Floats:
        """Where the face is likely to be at `time`, if it goes on and slows down."""
        place: Floats = self.centre + self.velocity * SLOWING * (1 - np.exp((self.time - time) / SLOWING))
        return place


class Tracker:
    """Gives ids 1, 2, 3 ... The same detections at the same times always get the same ids."""

    def __init__(self) -> None:
        self._tracks: dict[int, _Track] = {}
        self._last_id = 0
        self.ended: tuple[int, ...] = ()  # ids that the last `assign` gave up for good

    def assign(self, detections: Sequence[Detection], time: float) -> tuple[int, ...]:
        """An id for each of `detections`, in their order; `time` is in s on the frames' clock.

        The nearest pairs of a face and a known person are matched first. A face that fits nobody is new.
        """
        self.ended = tuple(i for i, t in self._tracks.items() if not 0 <= time - t.time <= REMEMBERED)
        for gone in self.ended:
            del self._tracks[gone]
        faces = [_measure(d) for d in detections]
        pairs = sorted(
            (cost, i, face)
            for face, (centre, size) in enumerate(faces)
            for i, track in self._tracks.items()
            if (cost := _cost(track, centre, size, time)) <= 1
        )
        ids: dict[int, int] = {}
        for _, i, face in pairs:
            if face not in ids and i not in ids.values():
                ids[face] = i
        for face, (centre, size) in enumerate(faces):
            if face in ids:
                self._tracks[ids[face]] = _moved(self._tracks[ids[face]], centre, size, time)
            else:
                self._last_id += 1
                ids[face] = self._last_id
                self._tracks[self._last_id] = _Track(centre, size, time, np.zeros(2))
        return tuple(ids[face] for face in range(len(faces)))


def _measure(detection: Detection) -> tuple[Floats, float]:
    corners = detection.box.astype(np.float64).reshape(2, 2)
    return corners.mean(0), max(1.0, float(np.sqrt(np.prod(corners[1] - corners[0]))))


def _cost(track: _Track, centre: Floats, size: float, time: float) -> float:
    """How badly a face fits a track: 0 exactly, above 1 not at all."""
    reach = (MAX_DISTANCE + MAX_DISTANCE_RATE * (time - track.time)) * max(size, track.size)
    away = float(np.linalg.norm(centre - track.expected(time))) / reach
    return float(np.hypot(away, np.log(size / track.size) / MAX_SIZE_CHANGE))


def _moved(track: _Track, centre: Floats, size: float, time: float) -> _Track:
    passed = time - track.time
    if passed <= 0:
        return _Track(centre, size, time, track.velocity)
    fresh = 1 - np.exp(-passed / 0.1)  # detections shake by a pixel or two: a speed needs about 0.1 s
    velocity = track.velocity + fresh * ((centre - track.centre) / passed - track.velocity)
    return _Track(centre, size, time, velocity)
