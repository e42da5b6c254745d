"""The mean of many aligned faces for each expression: a shape and a picture that show no real person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from app.stages.align import CropShape, apply, similarity
from app.stages.detect import Detector
from app.stages.pose import head_pose
from app.types import Detection
from export.data.arrays import Counts, Floats, Grey, Greys, Landmarks, Points

ENLARGED, PADDED = 8, 12  # how the 48x48 pictures are shown to the detector: it finds 98 % of them so
FRONTAL = 15.0  # degrees; faces turned further to a side are left out
ENOUGH, BLUR = 0.3, 10.0  # below this share of pictures the mean is blurred over so many canvas pixels
DEEPEST = 50.0  # canvas pixels; so the cheeks do not fold behind the outline when the head turns
CANVAS = CropShape(size=640, eye_distance=116.0, eye_row=280.0)
OVAL = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
        152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)  # fmt: skip
"""The outline of the face, from the top of the forehead round by the person's left."""
FOLDING = (76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306, 62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292,
               184, 74, 73, 72, 11, 302, 303, 304, 408, 183, 42, 41, 38, 12, 268, 271, 272, 407,
               43, 106, 182, 83, 18, 313, 406, 335, 273, 194, 201, 200, 421, 418,
               137, 177, 147, 123, 366, 401, 376, 352, 102, 331, 64, 294, 49, 279, 20, 250, 470, 472, 475,
               477, 145, 374, 23, 253)  # fmt: skip
"""Landmarks of lips, cheeks, nostrils and lids so close to others that triangles between them fold."""
RINGS = (1.25, 1.8, 4.0)  # how far out the rings round the outline are; they carry hair and ears


@dataclass(frozen=True, slots=True, eq=False)
class MeanFace:
    """The mean of one expression on the canvas."""

    shape: Landmarks  # (478, 3) float64: landmarks in canvas pixels, z in the same scale
    picture: Floats  # (size, size) float32 grey: 0 is the mean of the skin, 1 its standard deviation


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One picture with its landmarks on the canvas."""

    picture: Grey  # (48, 48) uint8
    landmarks: Points  # (478, 2) in the picture's own pixels
    shape: Landmarks  # (478, 3) on the canvas


def strongest(votes: Counts, column: int, limit: int) -> Counts:
    """At most `limit` row numbers of `votes` (n, 10), the clearest votes for `column` first; at least half
    agree."""
    share = votes[:, column] / np.maximum(votes.sum(1), 1)
    order = np.argsort(-share, kind="stable")[:limit]
    clear: Counts = order[share[order] >= 0.5]
    return clear


def samples(pictures: Greys, detector: Detector, wanted: int) -> Iterator[Sample]:
    """The first `wanted` of the (n, 48, 48) grey pictures in which one frontal face is found."""
    for picture in pictures:
        padded = cv2.copyMakeBorder(picture, PADDED, PADDED, PADDED, PADDED, cv2.BORDER_REPLICATE)
        large = cv2.resize(padded, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC)
        found = detector.detect(np.asarray(cv2.cvtColor(large, cv2.COLOR_GRAY2BGR), np.uint8))
        if len(found) == 1 and abs(head_pose(found[0].landmarks).yaw) < FRONTAL:
            landmarks = (found[0].landmarks[:, :2] + 0.5) / ENLARGED - 0.5 - PADDED
            yield Sample(picture, landmarks, _upright(found[0]))
            wanted -= 1
        if wanted == 0:
            return


def _upright(face: Detection) -> Landmarks:
    transform = similarity(face.eyes, CANVAS)
    scale = np.hypot(transform[0, 0], transform[0, 1])
    depth = face.landmarks[:, 2] * scale
    near = np.minimum(depth - depth.mean(), DEEPEST)
    return np.column_stack([apply(transform, face.landmarks[:, :2]), near])


def with_ring(shape: Floats) -> Floats:
    """(m, d): `shape` (478, d) and, below it, rings round the face that move with it."""
    outline = shape[list(OVAL)]
    centre = outline.mean(0)
    return np.concatenate([shape, *(centre + (outline - centre) * out for out in RINGS)])


class Mesh:
    """Triangles between landmarks and an outer ring that moves with them: carries pictures between shapes."""

    def __init__(self, shape: Floats, size: int) -> None:
        """`shape` (478, 2 or 3) gives the triangles, in a square canvas of `size` pixels."""
        self.size = size
        points = with_ring(shape)[:, :2]
        division = cv2.Subdiv2D((-4 * size, -4 * size, 9 * size, 9 * size))
        known = {tuple(p): n for n, p in enumerate(points.astype(np.float32)) if n not in FOLDING}
        division.insert([(float(x), float(y)) for x, y in known])
        corners = np.asarray(division.getTriangleList()).reshape(-1, 3, 2)
        rows = [[known.get(tuple(corner), -1) for corner in triangle] for triangle in corners]
        self.triangles = np.array([row for row in rows if min(row) >= 0])

    def carry(self, picture: Floats, source: Points, target: Points) -> Floats:
        """`picture`, whose points are `source` (m, 2), redrawn where they are `target` (m, 2) on the canvas.

        Both hold the landmarks and the ring (`with_ring`). Float32, border repeated.
        """
        x, y = self.places(source, target)
        moved = cv2.remap(picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(moved, np.float32)

    def places(self, source: Points, target: Points) -> tuple[Floats, Floats]:
        """For every canvas pixel x and y in the source picture, each (size, size) float32.

        Computed for every second pixel, then enlarged: within a triangle the map is linear.
        """
        half = self.size // 2
        owner = np.zeros((half, half), np.int32)
        for number, corners in enumerate((target[self.triangles] - 0.5) / 2):
            cv2.fillConvexPoly(owner, np.round(corners * 16).astype(np.int32), (number,), shift=4)
        square = np.dstack([target[self.triangles], np.ones((len(self.triangles), 3))])
        square[np.abs(np.linalg.det(square)) < 1e-3] = np.eye(3)  # a triangle without area owns no pixel
        affine = np.linalg.solve(square, source[self.triangles]).astype(np.float32)[owner]
        rows, columns = np.mgrid[:half, :half].astype(np.float32) * 2 + 0.5
        place = columns[..., None] * affine[..., 0, :] + rows[..., None] * affine[..., 1, :]
        place += affine[..., 2, :]
        x, y = cv2.split(cv2.resize(place, (self.size, self.size), interpolation=cv2.INTER_LINEAR))
        return np.asarray(x, np.float32), np.asarray(y, np.float32)


def mean_face(faces: Sequence[Sample], mesh: Mesh) -> MeanFace:
    """The mean of `faces`: every picture goes to the mean shape, all with the same brightness and contrast.

    A pixel that lay outside a picture counts for nothing; where few pictures reach, neighbours help.
    """
    shape: Landmarks = np.mean([face.shape for face in faces], axis=0)
    target = with_ring(shape)[:, :2]
    total = np.zeros((mesh.size, mesh.size), np.float64)
    weight = np.full_like(total, 1e-6)
    outline = shape[list(OVAL), :2].astype(np.int32)
    inside = np.asarray(cv2.fillPoly(np.zeros(total.shape, np.uint8), [outline], (1,))) > 0
    for face in faces:
        x, y = mesh.places(with_ring(face.landmarks), target)
        picture = np.asarray(cv2.remap(face.picture.astype(np.float32), x, y, cv2.INTER_CUBIC), np.float32)
        last = len(face.picture) - 1
        seen = (x >= 0) & (y >= 0) & (x <= last) & (y <= last)
        skin = picture[inside & seen]
        total += seen * (picture - skin.mean()) / max(float(skin.std()), 1.0)
        weight += seen
    wide = [np.asarray(cv2.GaussianBlur(part, (0, 0), BLUR)) for part in (total, weight)]
    smooth = wide[0] / wide[1]
    trust = np.clip(weight / len(faces) / ENOUGH, 0, 1)
    return MeanFace(shape, (trust * (total / weight) + (1 - trust) * smooth).astype(np.float32))
