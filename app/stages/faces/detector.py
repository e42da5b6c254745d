"""The detector of this program: boxes, regions and landmarks, frame after frame."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from app.stages.detect import detection_of, distinct
from app.stages.detectors import NETWORKS
from app.stages.faces import boxes, region, suppress
from app.stages.faces.anchors import FAR_GRIDS, NEAR_GRIDS
from app.stages.faces.boxes import Boxes
from app.stages.faces.find_boxes import BoxFinder
from app.stages.faces.find_landmarks import LandmarkFinder
from app.stages.faces.region import Regions
from app.stages.faces.schedule import Schedule
from app.stages.faces.thresholds import FAR_SCORE, NEAR_SCORE
from app.stages.models import Card, load
from app.types import DEFAULT_MAX_FACES, Detection, Image, Workload


class OnnxDetector:
    """Two detector networks, for far and for near faces, and the landmark network; see `detect.Detector`.

    In each frame the landmarks of the faces of the frame before are looked for around their last landmarks;
    the detectors run only in the frames that a Schedule names.
    """

    name = "onnx"

    def __init__(
        self, far: BoxFinder, near: BoxFinder, landmarks: LandmarkFinder,
        max_faces: int = DEFAULT_MAX_FACES, *, still: bool = False,
    ) -> None:  # fmt: skip
        """Finds `max_faces` at most. With `still` the pictures are unrelated: each is searched in full."""
        self.search_every = Workload().search_every
        self._far, self._near, self._landmarks = far, near, landmarks
        self._max_faces = max_faces
        self._still = still
        self._schedule = Schedule(max_faces, still=still)
        self._followed: Regions = region.NONE  # where the faces of the last frame are looked for in the next

    @classmethod
    def load(cls, models: Path, max_faces: int = DEFAULT_MAX_FACES, *, still: bool = False) -> Self:
        """With its networks in the folder `models`, see `detectors.NETWORKS`. Raises ModelError."""
        far, near, landmarks = (models / f"{name}.toml" for name in NETWORKS["onnx"])
        finder = LandmarkFinder(load(landmarks, "face-landmarks"))  # the largest first, as in `Pipeline.load`
        return cls(
            BoxFinder(load(far, "face-detection"), FAR_GRIDS, FAR_SCORE),
            BoxFinder(load(near, "face-detection"), NEAR_GRIDS, NEAR_SCORE),
            finder,
            max_faces,
            still=still,
        )

    @property
    def cards(self) -> tuple[Card, ...]:
        """Those of the far detector, the near detector and the landmark network."""
        return tuple(part.model.card for part in (self._far, self._near, self._landmarks))

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """The faces in a (height, width, 3) BGR picture; of those that are new, the surest comes last.

        The same pictures in the same order give the same faces. Raises ModelError when a network gives
        values that are not finite.
        """
        far, near = self._schedule.next(self.search_every)
        regions = self._followed
        if far or near:
            found = region.around_boxes(self._search(image, far=far, near=near))
            new = suppress.apart(found.upright, regions.upright)
            regions = region.joined(regions, found.part(new))
        meshes = self._landmarks.find(image, regions) if len(regions) else ()
        faces = distinct(map(detection_of, meshes))[: self._max_faces]
        self._schedule.found(len(faces))
        if faces and not self._still:
            # around the landmarks as the network gave them, which is where MediaPipe looks for them again
            self._followed = region.around_faces(faces).moved(self._landmarks.too_far_right)
        else:
            self._followed = region.NONE
        return tuple(reversed(faces))  # the order in which people have always got their ids

    def _search(self, image: Image, *, far: bool, near: bool) -> Boxes:
        found = self._far.find(image) if far else boxes.NONE
        if near:
            found = boxes.joined(found, self._near.find(image))
        return suppress.best(found, self._max_faces)

    def close(self) -> None:
        """Frees nothing: its networks are freed with it."""
