"""Which face of a frame may be whom, and who it is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.stages.tracking.thresholds import (
    FAR,
    MAX_DISTANCE,
    MAX_DISTANCE_RATE,
    MAX_SIZE_CHANGE,
    MOVED,
    OTHER,
    OTHER_AFTER_CUT,
    REMEMBERED,
    SAME_PIXELS,
)
from app.stages.tracking.track import Point, Seen, Track

Tracks = Mapping[int, Track]
"""By id."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A face and a person whom it may be."""

    away: float  # 0 where it was expected, 1 at most; up to FAR in a quick move
    difference: float  # of its appearance
    id: int
    face: int  # its number in the frame

    @property
    def order(self) -> tuple[float, int, int]:
        """Pairs that fit best come first."""
        return self.away + self.difference / OTHER, self.id, self.face


def pairs(tracks: Tracks, faces: Sequence[Seen], time: float) -> list[Pair]:
    """Who may be whom: by position and size; or further away, in a quick move, by the same appearance."""
    return list(_pairs(tracks, faces, time))


def _pairs(tracks: Tracks, faces: Sequence[Seen], time: float) -> Iterator[Pair]:
    for number, face in enumerate(faces):
        for id, track in tracks.items():
            far = away(track, face, time)
            if track.moved_to is not None and is_at(face, track.moved_to):
                yield Pair(min(far, 1.0), 0.0, id, number)
            elif far <= FAR:
                difference = track.difference(face.appearance, time)
                same = face.appearance is not None and difference <= OTHER_AFTER_CUT
                if far <= 1 or (same and time - track.time <= MOVED):
                    yield Pair(far, difference, id, number)


def match(tracks: Tracks, pairs: Sequence[Pair], time: float, *, abrupt: bool) -> dict[int, int]:
    """The id of each face that is a known person's, by the face's number; the tracks note who is misread."""
    ids: dict[int, int] = {}
    for pair in sorted(pairs, key=lambda pair: pair.order):
        track = tracks[pair.id]
        if pair.face in ids or pair.id in ids.values():
            continue
        if pair.difference <= track.limit(time):
            ids[pair.face], track.otherwise = pair.id, None
        elif track.is_misread(time, abrupt=abrupt):
            ids[pair.face] = pair.id
            track.otherwise = time if track.otherwise is None else track.otherwise
    return ids


def is_among(track: Track, faces: Sequence[Seen], time: float) -> bool:
    """Whether one of `faces` fits position and size of `track` and looks the same."""
    return any(
        away(track, face, time) <= 1 and track.difference(face.appearance, time) <= OTHER_AFTER_CUT
        for face in faces
    )


def is_at(face: Seen, point: Point) -> bool:
    """Whether the face is where its pixels are."""
    return math.dist(face.centre, point) <= SAME_PIXELS * face.size


def away(track: Track, face: Seen, time: float) -> float:
    """How badly a face fits a track by position and size: 0 exactly, above 1 not at all."""
    passed = min(time - track.time, REMEMBERED)
    reach = (MAX_DISTANCE + MAX_DISTANCE_RATE * passed) * max(face.size, track.size)
    distance = math.dist(face.centre, track.expected(time)) / reach
    return math.hypot(distance, math.log(face.size / track.size) / MAX_SIZE_CHANGE)
