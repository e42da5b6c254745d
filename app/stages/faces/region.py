"""Regions: the turned squares of a picture in which the landmarks of faces are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.stages.faces.boxes import LEFT_EYE, RIGHT_EYE, Boxes
from app.types import Corners, Detection, Floats, Indices, Mask, Matrices, PointSets

ROOM = 1.5  # of the longer side of what is known of a face
_LEVEL = np.array([1.0, 0.0])
_EYES = np.array([33, 263])  # landmarks: the outer corners of right and left eye, whose line is level


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """n squares, n >= 0, in pixels of the picture; each is turned so that the line of the eyes is level."""

    middles: Floats  # (n, 2): x, y
    sides: Floats  # (n,): their lengths
    across: Floats  # (n, 2): unit vectors from the right eye to the left, the x axis of each square

    def __len__(self) -> int:
        return len(self.sides)

    def part(self, places: Indices | Mask | slice) -> Regions:
        """Those at `places`, in that order."""
        return Regions(self.middles[places], self.sides[places], self.across[places])

    @property
    def upright(self) -> Floats:
        """(n, 4): x0, y0, x1, y1 of the same squares, not turned; how much two overlap is judged by these."""
        half = self.sides[:, None] / 2
        return np.concatenate([self.middles - half, self.middles + half], axis=1)

    def to_picture(self, size: int) -> Matrices:
        """(n, 2, 3): transforms from the pixels of a crop, `size` wide, to those of the picture.

        Both have whole numbers at pixel centres. As in MediaPipe's graph the middle of a region is the centre
        of the crop's pixel `size` / 2, so that the network sees the same crops.
        """
        matrices = np.empty((len(self), 2, 3))
        x, y, start = matrices[..., 0], matrices[..., 1], matrices[..., 2]
        np.multiply(self.across, (self.sides / size)[:, None], out=x)
        np.negative(x[:, 1], out=y[:, 0])
        y[:, 1] = x[:, 0]
        np.subtract(self.middles, (x + y) * (size / 2), out=start)
        return matrices

    @property
    def lying(self) -> Mask:
        """(n,): which are turned by more than 60 degrees."""
        turned: Mask = self.across[:, 0] < 0.5
        return turned

    def turned(self) -> Regions:
        """(3 n,): each turned by one quarter; then each by two; then each by three."""
        x, y = self.across[:, :1], self.across[:, 1:]
        quarters = [np.hstack(pair) for pair in ((-y, x), (-x, -y), (y, -x))]
        return Regions(np.tile(self.middles, (3, 1)), np.tile(self.sides, 3), np.concatenate(quarters))

    def moved(self, right: float) -> Regions:
        """The same squares moved along their x axis by so much of their sides."""
        return Regions(self.middles + right * self.sides[:, None] * self.across, self.sides, self.across)

    def scaled(self, by: float) -> Regions:
        """The same squares around their middles, `by` times as wide."""
        return Regions(self.middles, by * self.sides, self.across)


NONE = Regions(np.empty((0, 2)), np.empty(0), np.empty((0, 2)))


def around_boxes(boxes: Boxes) -> Regions:
    """A region for each box, turned as its key points say."""
    return _around(boxes.corners, boxes.points[:, [RIGHT_EYE, LEFT_EYE]])


def around_faces(faces: Sequence[Detection]) -> Regions:
    """A region for each of n faces of an earlier frame, around its landmarks."""
    if not faces:
        return NONE
    eyes = np.stack([face.landmarks[_EYES, :2] for face in faces])
    return _around(np.stack([face.box for face in faces]), eyes)


def concatenate(*parts: Regions) -> Regions:
    """Those of all parts, in their order."""
    some = [part for part in parts if len(part)]
    if len(some) < 2:
        return some[0] if some else NONE
    return Regions(
        np.concatenate([part.middles for part in parts]),
        np.concatenate([part.sides for part in parts]),
        np.concatenate([part.across for part in parts]),
    )


def where(mask: Mask, first: Regions, second: Regions) -> Regions:
    """(n,): that of `first` where `mask` is true, else that of `second`; all three have n places."""
    column = mask[:, None]
    return Regions(
        np.where(column, first.middles, second.middles),
        np.where(mask, first.sides, second.sides),
        np.where(column, first.across, second.across),
    )


def _around(corners: Corners, eyes: PointSets) -> Regions:
    """Squares around boxes (n, 4), turned by the line between two points each: (n, 2, 2), right, left."""
    exact = corners.astype(np.float64)
    low, high = exact[:, :2], exact[:, 2:]
    across = (eyes[:, 1] - eyes[:, 0]).astype(np.float64)
    length = np.hypot(across[:, 0], across[:, 1])
    if not length.all():  # both eyes at one place
        across[length == 0], length[length == 0] = _LEVEL, 1.0
    across /= length[:, None]
    return Regions((low + high) / 2, ROOM * (high - low).max(1), across)
