"""The detector of this program: boxes, regions and landmarks, frame after frame."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np

from app.stages.cards import Card
from app.stages.detect import detection_of, distinct
from app.stages.detectors import NETWORKS
from app.stages.faces import boxes, region, suppress, tiles
from app.stages.faces.anchors import FAR_GRIDS, NEAR_GRIDS
from app.stages.faces.boxes import Boxes
from app.stages.faces.find_boxes import BoxFinder
from app.stages.faces.find_landmarks import LandmarkFinder
from app.stages.faces.overlap import unmatched
from app.stages.faces.region import Regions
from app.stages.faces.schedule import Schedule, Search
from app.stages.faces.thresholds import (
    BESIDE,
    BESIDE_SCALE,
    CONFIRMED,
    CONFIRMED_TWICE,
    FAR_SCORE,
    FILLS_PICTURE,
    NEAR_SCORE,
    PRESENCE,
    SURE,
    TILE_SCORE,
    TURNED_PRESENCE,
)
from app.stages.faces.tiles import TileCycle
from app.stages.faces.unmeasured import Unmeasured
from app.stages.models import load
from app.stages.networks import LoadNetwork
from app.types import (
    DEFAULT_MAX_FACES,
    MOST_FACES,
    Box,
    Detection,
    Image,
    LandmarksOfFaces,
    Logits,
    Mask,
    Workload,
)

MOST_IN_STILL = 3 * MOST_FACES  # places of a single picture that the landmark network looks at
# Unmeasured faces that are looked at again, or newly found, in a frame in which a detector runs.
UNMEASURED_A_FRAME = 2


class OnnxDetector:
    """Two detector networks, for far and for near faces, and the landmark network; see `detect.Detector`.

    In each frame the landmarks of the faces of the frame before are looked for around their last landmarks;
    the detectors run only in the frames that a Schedule names. The near detector also looks into tiles of
    the picture, for small faces, and, where nobody is known, for faces that lie or stand on their heads. When
    as many faces are followed as are wanted, the others are counted as unmeasured.
    """

    name = "onnx"

    def __init__(
        self, far: BoxFinder, near: BoxFinder, in_tiles: BoxFinder | None, landmarks: LandmarkFinder,
        max_faces: int = DEFAULT_MAX_FACES, *, still: bool = False,
    ) -> None:  # fmt: skip
        """Finds `max_faces` at most. With `still` the pictures are unrelated: each is searched in full.

        Without `in_tiles` no tiles are looked at.
        """
        self.search_every = Workload().search_every
        self._far, self._near, self._in_tiles, self._landmarks = far, near, in_tiles, landmarks
        self._still = still
        self._schedule = Schedule(max_faces, still=still, count=True)
        self._cycle = TileCycle()
        self._followed: Regions = region.NONE  # where the faces of the last frame are looked for in the next
        self._unmeasured = Unmeasured()

    @classmethod
    def load(
        cls, models: Path, max_faces: int = DEFAULT_MAX_FACES, *, still: bool = False, tiled: bool = True,
        load: LoadNetwork = load,
    ) -> Self:  # fmt: skip
        """With its networks in the folder `models`, see `detectors.NETWORKS`. Raises ModelError.

        `load` gives the network of a card.
        If it is not `tiled` it sees the whole picture only, and finds what MediaPipe's graph finds.
        """
        far, near, landmarks = (models / f"{name}.toml" for name in NETWORKS["onnx"])
        finder = LandmarkFinder(load(landmarks, "face-landmarks"))  # the largest first, as in `Pipeline.load`
        near_model = load(near, "face-detection")
        return cls(
            BoxFinder(load(far, "face-detection"), FAR_GRIDS, FAR_SCORE),
            BoxFinder(near_model, NEAR_GRIDS, NEAR_SCORE),
            BoxFinder(near_model, NEAR_GRIDS, TILE_SCORE) if tiled else None,
            finder,
            max_faces,
            still=still,
        )

    @property
    def cards(self) -> tuple[Card, ...]:
        """Those of the far detector, the near detector and the landmark network."""
        return tuple(part.model.card for part in (self._far, self._near, self._landmarks))

    @property
    def max_faces(self) -> int:
        """How many faces are found at most; may be changed between two frames."""
        return self._schedule.max_faces

    @max_faces.setter
    def max_faces(self, number: int) -> None:
        self._schedule.max_faces = number

    @property
    def unmeasured(self) -> tuple[Box, ...]:
        """Where more faces were seen last: x0, y0, x1, y1 in pixels of the picture."""
        return self._unmeasured.boxes

    def search_now(self) -> None:
        """Search in the next frame, whoever is known; see `detect.Detector`."""
        self._schedule.search_now()

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """The faces in a (height, width, 3) BGR picture; of those that are new, the surest comes last.

        The same pictures in the same order give the same faces. Raises ModelError when a network gives
        values that are not finite.
        """
        search = self._schedule.next(self.search_every)
        known = self._known(search)
        seen = self._seen(image, search)
        faces = self._find(image, known, self._new(seen, known))
        if len(faces) < len(known) and len(seen):  # who is not around the last landmarks may be near them
            left = seen.part(unmatched(seen.upright, self._around(faces).upright))
            faces = distinct([*faces, *self._find(image, region.NONE, left.part(slice(MOST_FACES)))])
        if self._still and not faces and self._in_tiles is not None:
            lying = self._in_tiles.find_in(image, tiles.turned(image.shape[1], image.shape[0]))
            faces = self._find(image, region.NONE, _regions(lying, MOST_IN_STILL))
        most = self.max_faces
        measured, others = faces[:most], faces[most:]
        self._schedule.found(len(measured))
        followed = self._around(measured)
        self._unmeasured.add(self._around(others), followed)
        self._followed = region.NONE if self._still else followed
        return tuple(reversed(measured))  # the order in which people have always got their ids

    def _known(self, search: Search) -> Regions:
        """Where known faces are looked for in this frame: those followed, then unmeasured ones."""
        if self._still:
            self._unmeasured = Unmeasured()
        free = not self._schedule.full
        again = len(self._unmeasured) if free else UNMEASURED_A_FRAME * (search.far or search.near)
        return region.concatenate(self._followed, self._unmeasured.take(again))

    def _seen(self, image: Image, search: Search) -> Regions:
        """Where the detectors see faces, the surest first."""
        return _regions(self._search(image, search), MOST_IN_STILL) if search.any else region.NONE

    def _new(self, seen: Regions, known: Regions) -> Regions:
        """Those `seen` that are not among the `known`."""
        if not len(seen):
            return region.NONE
        new = self._unmeasured.new_among(seen.part(unmatched(seen.upright, known.upright)))
        most = MOST_IN_STILL if self._still else UNMEASURED_A_FRAME if self._schedule.full else MOST_FACES
        return new.part(slice(most))

    def _search(self, image: Image, search: Search) -> Boxes:
        return boxes.concatenate(
            self._far.find(image) if search.far else boxes.NONE,
            self._near.find(image) if search.near else boxes.NONE,
            self._search_tiles(image, search.tiles),
        )

    def _search_tiles(self, image: Image, count: int) -> Boxes:
        """What the next `count` tiles show; in single pictures all that are upright."""
        if self._in_tiles is None or count == 0:
            return boxes.NONE
        height, width = image.shape[:2]
        if self._still:
            return self._in_tiles.find_in(image, tiles.upright(width, height))
        nobody = self._schedule.known == 0
        return self._in_tiles.find_in(image, self._cycle.next(width, height, count, turned_too=nobody))

    def _find(self, image: Image, known: Regions, new: Regions) -> list[Detection]:
        """The faces in these regions, those of `known` first."""
        regions = region.concatenate(known, new)
        if not len(regions):
            return []
        landmarks, presence = self._landmarks.find(image, regions)
        least = np.full(len(regions), PRESENCE)
        least[len(known) :][new.lying] = TURNED_PRESENCE
        held = presence > least
        doubtful = len(known) + np.flatnonzero((held & (presence < SURE))[len(known) :])
        if len(doubtful):
            landmarks[doubtful], held[doubtful] = self._look_again(
                image, regions.part(doubtful), landmarks[doubtful], presence[doubtful]
            )
        return distinct(map(detection_of, landmarks[held]))

    def _look_again(
        self, image: Image, regions: Regions, landmarks: LandmarksOfFaces, presence: Logits
    ) -> tuple[LandmarksOfFaces, Mask]:
        """The landmarks of new faces, set upright, and which of them are faces around their own landmarks.

        What only looks like a face seldom does so again where its landmarks say that it is: a face fits its
        region better there. One that fills the picture is a face.
        """
        upright = self._landmarks.set_upright(image, regions, landmarks, presence)
        around = self._around(list(map(detection_of, upright)))
        beside = around.moved(BESIDE).scaled(BESIDE_SCALE)
        _, again = self._landmarks.find(image, region.concatenate(around, beside))
        twice = again.reshape(2, -1)
        fills = regions.sides > FILLS_PICTURE * min(image.shape[:2])
        return upright, fills | (twice[0] > CONFIRMED) | (twice.min(0) > CONFIRMED_TWICE)

    def _around(self, faces: list[Detection]) -> Regions:
        """Around the landmarks as the network gave them, which is where MediaPipe looks for them again."""
        return region.around_faces(faces).moved(self._landmarks.too_far_right)

    def close(self) -> None:
        """Ends the second thread of the landmark network; nothing can be detected afterwards."""
        self._landmarks.close()


def _regions(found: Boxes, most: int) -> Regions:
    """Around the best of `found`, one for each face."""
    return region.around_boxes(suppress.best(found, most))
