"""Tracking: a person keeps the same id, by where the face is, how it moves, how large it is, how it looks."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from app.stages.look import Look, look_of, unlike
from app.stages.patch import Patch, patch_of
from app.stages.picture_change import NO_CHANGE, Change, PictureChange
from app.types import Detection, Floats, Image

REMEMBERED = 1.0  # s that a face out of sight keeps its id
SLOWING = 0.3  # s in which the speed of a face out of sight falls to 1/e
MAX_DISTANCE = 0.6  # face sizes that a face may be away from where it was expected ...
MAX_DISTANCE_RATE = 3.0  # ... and how many more for each second since it was seen, up to REMEMBERED
MAX_SIZE_CHANGE = 0.5  # natural logarithm of how much larger or smaller it may be
# From which `look.unlike` on a face is somebody else's: on the clips at hand one person reaches 0.27 within a
# second. After a cut only a face that looks just as before is the same. Where pictures are further apart than
# REMEMBERED, it is the least of several looks that counts.
OTHER, OTHER_AFTER_CUT, OTHER_LATER = 0.3, 0.12, 0.25
# Looks are compared where the picture changes by more than this, and now and then.
CALM, LOOK_EVERY = 0.02, 0.25  # of `Change.colours`; s
LOOKS = 4  # of a face that are kept, one each LOOK_EVERY: in a dissolve no frame differs much from the last
SETTLED = 0.5  # s that a new face may go on changing, since in a dissolve it first becomes who it is ...
OTHER_YET = 0.45  # ... and from when on it is somebody else's in that time
# A cut, by `Change`: real cameras reach 0.07 from frame to frame, 0.28 while they pan by a twentieth of the
# picture in each; cuts from one place to another 0.25 and more, from one person to another in one room 0.12.
CUT, CUT_LIKENESS = 0.35, 0.65
# Where a face changed, too. Pictures of a camera that shakes, pans or zooms are more alike, or the face's own
# pixels are found again (`patch.py`).
CUT_WITH_FACE, CUT_WITH_FACE_LIKENESS = 0.1, 0.86
ABRUPT_LIKENESS = 0.95  # below, a face that looks like somebody else's is so at once, see SURELY
AT_ONCE = 0.1  # s within which it did
MOVED = 0.2  # s in which the pixels of a face are looked for where the picture changed by CUT_WITH_FACE
HIDDEN = 0.2  # s out of sight after which a face may be half hidden, or was when it was seen last
SAME_PLACE = 0.4  # face sizes that a face may be away from where its pixels are
SURELY = 0.2  # s that a face looks otherwise, with no gap or cut, until it is another: before, it is misread
FAR = 3.0  # times its reach that a face may be away which was seen within MOVED and looks the same
FOUND_AGAIN = 0.2  # s in which the face of another person is found where the picture changed so
GOES_ON = 0.06  # `look.unlike` of a face below which the camera has moved, whatever its picture shows


@dataclass(slots=True)
class _Track:
    centre: Floats
    size: float
    time: float
    velocity: Floats  # pixels a second
    began: float  # s
    look: Look | None = None  # the newest
    looked: float = -np.inf  # s, when that was
    earlier: deque[Look] = field(default_factory=lambda: deque(maxlen=LOOKS))
    cut: bool = False  # since it was seen there was a cut
    doubted: float = -np.inf  # s, until when a face of another look is not taken for it
    patch: Patch | None = None  # of about when it was seen last: it is taken where a look is
    otherwise: float | None = None  # s, since when it looks like somebody else without a gap or a cut
    moved_to: Floats | None = None  # where its pixels were found again in the newest frame

    def expected(self, time: float) -> Floats:
        """Where the face is likely to be at `time`, if it goes on and slows down."""
        place: Floats = self.centre + self.velocity * SLOWING * (1 - np.exp((self.time - time) / SLOWING))
        return place

    def difference(self, look: Look | None, time: float) -> float:
        """How differently a face with this `look` looks at `time` from the looks of this one.

        From the one that is most like it after a while out of sight, since the face may have been half hidden
        when it was seen last.
        """
        if look is None or self.look is None:
            return 0.0
        differences = [unlike(look, known) for known in (self.look, *self.earlier)]
        return min(differences) if time - self.time > HIDDEN else max(differences)

    def limit(self, time: float) -> float:
        """From which `unlike` on a face at `time` is not this one."""
        if self.cut or time <= self.doubted:
            return OTHER_AFTER_CUT
        if time - self.time > REMEMBERED:
            return OTHER_LATER
        if time - self.time > HIDDEN:
            return OTHER_YET
        return OTHER if self.time - self.began >= SETTLED else OTHER_YET

    def is_misread(self, time: float, *, abrupt: bool) -> bool:
        """Whether a face that looks otherwise at `time` may still be this one, badly seen for a moment."""
        if abrupt or self.cut or time <= self.doubted or time - self.time > AT_ONCE:
            return False
        return self.otherwise is None or time - self.otherwise < SURELY

    def move(self, centre: Floats, size: float, time: float) -> None:
        """The face was seen at `time`."""
        passed = time - self.time
        if passed > 0:
            fresh = 1 - np.exp(-passed / 0.1)  # detections shake by a pixel or two: a speed needs about 0.1 s
            self.velocity = self.velocity + fresh * ((centre - self.centre) / passed - self.velocity)
        self.centre, self.size, self.time = centre, size, time
        self.cut, self.doubted, self.moved_to = False, -np.inf, None

    def see(self, look: Look | None, time: float) -> None:
        """The face looked so at `time`."""
        if look is None:
            return
        if time - self.looked >= LOOK_EVERY and time - self.began >= SETTLED:
            self.earlier.append(look)
        self.look, self.looked = look, time


@dataclass(frozen=True, slots=True)
class _Seen:
    """A face of the newest frame."""

    centre: Floats
    size: float
    look: Look | None


@dataclass(frozen=True, slots=True)
class _Pair:
    """A face and a person whom it may be, by its place and size."""

    away: float  # 0 where it was expected, 1 at most
    difference: float  # of its look
    id: int
    face: int


class Tracker:
    """Gives ids 1, 2, 3 ... The same detections in the same pictures at the same times get the same ids.

    Attributes: `ended`, the ids that the last `assign` gave up for good; `cut`, whether it saw a cut: the
    picture changed at once, or a face took another one's place.
    """

    def __init__(self) -> None:
        self._tracks: dict[int, _Track] = {}
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
        so is one that looks like somebody else than the person who was at its place; without the `image`,
        (height, width, 3) BGR, place and size alone decide. A face that was in the last frame is known
        however long ago that was.
        """
        last = self._time
        self.ended = tuple(i for i, track in self._tracks.items() if not _known(track, time, last))
        for gone in self.ended:
            del self._tracks[gone]
        self._time = time
        passed = time - last if last is not None else 0.0
        change = NO_CHANGE if image is None else self._changes.next(image)
        steady = change.colours < CALM and passed <= AT_ONCE
        steady = steady and all(track.time == last for track in self._tracks.values())
        faces = self._see(detections, time, image, steady=steady)
        self._follow(faces, change, time, image)
        pairs = self._pairs(faces, time)
        self.cut = self._note_cut(change, passed, pairs)
        ids = self._match(pairs, time, abrupt=_is_abrupt(change, passed))
        left = {i for i, track in self._tracks.items() if i not in ids.values() and not track.cut}
        if _may_be_cut(change, passed):
            self.cut |= bool(left) and len(ids) < len(faces)
        # Also where another face took a place later, or little by little.
        self.cut |= any(pair.face not in ids and pair.id in left for pair in pairs)
        for place, face in enumerate(faces):
            if place not in ids:
                self._last_id += 1
                ids[place] = self._last_id
                self._tracks[self._last_id] = _Track(face.centre, face.size, time, np.zeros(2), time)
            track = self._tracks[ids[place]]
            track.move(face.centre, face.size, time)
            if track.otherwise is None:
                track.see(face.look, time)
            if image is not None and (face.look is not None or track.patch is None):
                track.patch = patch_of(image, face.centre, face.size)
        return tuple(ids[place] for place in range(len(faces)))

    def _see(
        self, detections: Sequence[Detection], time: float, image: Image | None, *, steady: bool
    ) -> list[_Seen]:
        """The faces of a frame; with their looks where it is not `steady`, and now and then."""
        due = not steady or len(detections) != len(self._tracks)
        due |= any(
            time - track.looked >= LOOK_EVERY or track.otherwise is not None
            for track in self._tracks.values()
        )
        look_at = image if due else None
        return [
            _Seen(*_measure(face), None if look_at is None else look_of(look_at, face.landmarks))
            for face in detections
        ]

    def _follow(self, faces: Sequence[_Seen], change: Change, time: float, image: Image | None) -> None:
        """Looks for the pixels of known faces where so much of the picture changed that it may be a cut.

        Not where a face that looks the same is at their place: to look for them takes about a millisecond.
        """
        much = change.colours > CUT_WITH_FACE
        for track in self._tracks.values():
            track.moved_to = None
            if image is None or not much or track.patch is None or time - track.time > MOVED:
                continue
            if change.likeness < CUT_LIKENESS or not _is_among(track, faces, time):
                track.moved_to = track.patch.find(image, track.expected(time), track.size)

    def _pairs(self, faces: Sequence[_Seen], time: float) -> list[_Pair]:
        """Who may be whom: by place and size; or further away, in a quick move, by the same look."""
        pairs = []
        for place, face in enumerate(faces):
            for i, track in self._tracks.items():
                away, difference = _away(track, face, time), track.difference(face.look, time)
                if track.moved_to is not None and _is_at(face, track.moved_to):
                    away, difference = min(away, 1.0), 0.0
                same = face.look is not None and difference <= OTHER_AFTER_CUT and time - track.time <= MOVED
                if away <= 1 or (same and away <= FAR):
                    pairs.append(_Pair(away, difference, i, place))
        return pairs

    def _note_cut(self, change: Change, passed: float, pairs: Sequence[_Pair]) -> bool:
        """Whether another picture began, while faces of the one before are remembered."""
        moved = any(track.moved_to is not None for track in self._tracks.values())
        cut = not moved and _is_cut(change, passed, pairs)
        news = cut and any(not track.cut for track in self._tracks.values())
        for track in self._tracks.values():
            track.cut |= cut
            if _may_be_cut(change, passed):
                track.doubted = (self._time or 0.0) + FOUND_AGAIN
        return news

    def _match(self, pairs: Sequence[_Pair], time: float, *, abrupt: bool) -> dict[int, int]:
        """The id of each face that is a known person's."""
        ids: dict[int, int] = {}
        for pair in sorted(pairs, key=lambda pair: (pair.away + pair.difference / OTHER, pair.id, pair.face)):
            track = self._tracks[pair.id]
            if pair.face in ids or pair.id in ids.values():
                continue
            if pair.difference <= track.limit(time):
                ids[pair.face], track.otherwise = pair.id, None
            elif track.is_misread(time, abrupt=abrupt):
                ids[pair.face] = pair.id
                track.otherwise = time if track.otherwise is None else track.otherwise
        return ids


def _known(track: _Track, time: float, last: float | None) -> bool:
    """Whether a face is remembered at `time`; `last` is the time of the frame before."""
    passed = time - track.time
    return passed >= 0 and (passed <= REMEMBERED or track.time == last)


def _is_cut(change: Change, passed: float, pairs: Sequence[_Pair]) -> bool:
    """Whether another picture began, `passed` seconds after the one before."""
    if passed > REMEMBERED:
        return False
    nearest = {pair.face: pair for pair in sorted(pairs, key=lambda pair: -pair.away)}
    differences = [pair.difference for pair in nearest.values()]
    if change.colours > CUT and change.likeness < CUT_LIKENESS:
        return not differences or max(differences) > GOES_ON
    return _may_be_cut(change, passed) and any(apart > OTHER_AFTER_CUT for apart in differences)


def _may_be_cut(change: Change, passed: float) -> bool:
    """Whether so much changed at once that a face that looks otherwise must be another one."""
    return _is_abrupt(change, passed) and change.likeness < CUT_WITH_FACE_LIKENESS


def _is_abrupt(change: Change, passed: float) -> bool:
    """Whether so much changed at once that a face that looks like somebody else is not just misread."""
    alike = change.likeness >= ABRUPT_LIKENESS
    return change.colours > CUT_WITH_FACE and not alike and passed <= AT_ONCE


def _measure(detection: Detection) -> tuple[Floats, float]:
    corners = detection.box.astype(np.float64).reshape(2, 2)
    return corners.mean(0), max(1.0, float(np.sqrt(np.prod(corners[1] - corners[0]))))


def _is_among(track: _Track, faces: Sequence[_Seen], time: float) -> bool:
    """Whether one of `faces` fits the place of `track` and looks the same."""
    return any(
        _away(track, face, time) <= 1 and track.difference(face.look, time) <= OTHER_AFTER_CUT
        for face in faces
    )


def _is_at(face: _Seen, place: Floats) -> bool:
    return float(np.linalg.norm(face.centre - place)) <= SAME_PLACE * face.size


def _away(track: _Track, face: _Seen, time: float) -> float:
    """How badly a face fits a track by place and size: 0 exactly, above 1 not at all."""
    passed = min(time - track.time, REMEMBERED)
    reach = (MAX_DISTANCE + MAX_DISTANCE_RATE * passed) * max(face.size, track.size)
    away = float(np.linalg.norm(face.centre - track.expected(time))) / reach
    return float(np.hypot(away, np.log(face.size / track.size) / MAX_SIZE_CHANGE))
