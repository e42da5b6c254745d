"""Tracking: a person keeps the same id, by where the face is, how it moves, how large it is, how it looks."""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.stages.tracking.appearance import appearance_of
from app.stages.tracking.cuts import is_abrupt, is_cut, may_be_cut
from app.stages.tracking.matching import Pair, is_among, match, pairs
from app.stages.tracking.patch import patch_of
from app.stages.tracking.picture_change import NO_CHANGE, Change, PictureChange
from app.stages.tracking.thresholds import (
    AT_ONCE,
    CALM,
    COMPARE_EVERY,
    CUT_LIKENESS,
    CUT_WITH_FACE,
    FOUND_AGAIN,
    MOVED,
)
from app.stages.tracking.track import Point, Seen, Track
from app.types import Detection, Image


class Tracker:
    """Gives ids 1, 2, 3 ... The same detections in the same pictures at the same times get the same ids.

    Attributes: `ended`, the ids that the last `assign` gave up for good; `cut`, whether it saw a cut: the
    picture changed at once, or a face took another one's position.
    """

    def __init__(self) -> None:
        self._tracks: dict[int, Track] = {}
        self._last_id = 0
        self._time: float | None = None  # s, of the last frame
        self._changes = PictureChange()
        self.ended: tuple[int, ...] = ()
        self.cut = False

    def assign(
        self, detections: Sequence[Detection], time: float, image: Image | None = None
    ) -> tuple[int, ...]:
        """An id for each of `detections`, in their order; `time` is in s on the frames' clock.

        The nearest pairs of a face and a known person are matched first. A face that fits nobody is new, and
        so is one that looks like somebody else than the person who was there; without the `image`, (height,
        width, 3) BGR, position and size alone decide. A face that was in the last frame is known however long
        ago that was.
        """
        last, self._time = self._time, time
        self._forget(time, last)
        passed = time - last if last is not None else 0.0
        change = NO_CHANGE if image is None else self._changes.next(image)
        steady = change.colours < CALM and passed <= AT_ONCE
        steady = steady and all(track.time == last for track in self._tracks.values())
        faces = self._see(detections, time, image, steady=steady)
        self._follow(faces, change, time, image)
        possible = pairs(self._tracks, faces, time)
        self.cut = self._note_cut(change, passed, possible)
        ids = match(self._tracks, possible, time, abrupt=is_abrupt(change, passed))
        left = {i for i, track in self._tracks.items() if i not in ids.values() and not track.cut}
        if may_be_cut(change, passed):
            self.cut |= bool(left) and len(ids) < len(faces)
        # Also where another face took a position later, or little by little.
        self.cut |= any(pair.face not in ids and pair.id in left for pair in possible)
        for number, face in enumerate(faces):
            if number not in ids:
                self._last_id += 1
                ids[number] = self._last_id
                self._tracks[self._last_id] = Track(face.centre, face.size, time, time)
            self._update(self._tracks[ids[number]], face, time, image)
        return tuple(ids[number] for number in range(len(faces)))

    def _forget(self, time: float, last: float | None) -> None:
        """Gives up those who are out of sight for too long."""
        self.ended = tuple(i for i, track in self._tracks.items() if not track.is_known(time, last))
        for gone in self.ended:
            del self._tracks[gone]

    def _see(
        self, detections: Sequence[Detection], time: float, image: Image | None, *, steady: bool
    ) -> list[Seen]:
        """The faces of a frame; with their appearances where it is not `steady`, and now and then."""
        due = not steady or len(detections) != len(self._tracks)
        due = due or any(
            time - track.compared >= COMPARE_EVERY or track.otherwise is not None
            for track in self._tracks.values()
        )
        look_at = image if due else None
        return [
            Seen(*_measure(face), None if look_at is None else appearance_of(look_at, face.landmarks))
            for face in detections
        ]

    def _follow(self, faces: Sequence[Seen], change: Change, time: float, image: Image | None) -> None:
        """Looks for the pixels of known faces where so much of the picture changed that it may be a cut.

        Not where a face that looks the same is where they were: to look for them takes about a millisecond.
        """
        much = change.colours > CUT_WITH_FACE
        for track in self._tracks.values():
            track.moved_to = None
            if image is None or not much or track.patch is None or time - track.time > MOVED:
                continue
            if change.likeness < CUT_LIKENESS or not is_among(track, faces, time):
                track.moved_to = track.patch.find(image, track.expected(time), track.size)

    def _note_cut(self, change: Change, passed: float, possible: Sequence[Pair]) -> bool:
        """Whether another picture began, while faces of the one before are remembered."""
        moved = any(track.moved_to is not None for track in self._tracks.values())
        cut = not moved and is_cut(change, passed, possible)
        news = cut and any(not track.cut for track in self._tracks.values())
        for track in self._tracks.values():
            track.cut |= cut
            if may_be_cut(change, passed):
                track.doubted = (self._time or 0.0) + FOUND_AGAIN
        return news

    def _update(self, track: Track, face: Seen, time: float, image: Image | None) -> None:
        """The face was this person's at `time`."""
        track.move(face.centre, face.size, time)
        if track.otherwise is None:
            track.see(face.appearance, time)
        if image is not None and (face.appearance is not None or track.patch is None):
            track.patch = patch_of(image, face.centre, face.size)


def _measure(detection: Detection) -> tuple[Point, float]:
    """Centre and size of a face, in pixels; at least one pixel."""
    x0, y0, x1, y1 = detection.box.tolist()
    return ((x0 + x1) / 2, (y0 + y1) / 2), max(1.0, math.sqrt((x1 - x0) * (y1 - y0)))
