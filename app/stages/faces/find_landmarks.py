"""Finds the landmarks of faces in their regions, all faces at once."""

from __future__ import annotations

import cv2
import numpy as np

from app.stages.faces.region import Regions
from app.stages.faces.thresholds import TURNED_MARGIN, TURNED_PRESENCE
from app.stages.models import Model, Output
from app.stages.side_by_side import SideBySide
from app.types import Floats, Image, Images, LandmarksOfFaces, Logits, Matrices

# Pixels of its input by which the network sees everything too far to the right: half of what the landmarks of
# a crop and of its mirror image are apart (`python -m export.limits.mirror`). Nothing is known of down.
TOO_FAR_RIGHT = 0.3


class LandmarkFinder:
    """The landmark network. It keeps nothing of a picture.

    Several faces are two batches, which run side by side where the machine has a second core for it: no other
    network takes as long, and none can run before it has.
    """

    def __init__(self, model: Model) -> None:
        """`model` has the task `face-landmarks`."""
        self.model = model
        self.too_far_right = TOO_FAR_RIGHT / model.card.size  # of a region's side
        self._batch: Images = np.empty((0, *model.card.shape), np.uint8)
        self._side_by_side = SideBySide()

    def find(self, image: Image, regions: Regions) -> tuple[LandmarksOfFaces, Logits]:
        """The landmarks (n, 478, 3) in n >= 1 regions, and the logit (n,) that each holds a face.

        `image` is (height, width, 3), BGR; x and y are in its pixels, z is in the scale of x. Landmarks
        of a region without a face mean nothing. Raises ModelError when the network gives values that are not
        finite.
        """
        size = self.model.card.size
        to_picture = regions.to_picture(size)
        landmarks, presence = self._run(self._crops(image, to_picture))
        landmarks[..., 0] -= TOO_FAR_RIGHT
        return in_picture(landmarks, to_picture, regions.sides / size), presence

    def set_upright(
        self, image: Image, regions: Regions, landmarks: LandmarksOfFaces, presence: Logits
    ) -> LandmarksOfFaces:
        """The landmarks (n, 478, 3) of n >= 1 new faces, or those of the same region turned by quarters.

        The latter where the network is much surer to see a face; `landmarks` and `presence` are what it gave
        for `regions`.
        """
        turned, sure = self.find(image, regions.turned())
        turned, sure = turned.reshape(3, *landmarks.shape), sure.reshape(3, -1)
        best, which = sure.max(0), sure.argmax(0)
        better = (best > presence + TURNED_MARGIN) & (best > TURNED_PRESENCE)
        chosen = turned[which, np.arange(len(which))]
        return np.where(better[:, None, None], chosen, landmarks)

    def close(self) -> None:
        """Ends its second thread. Nothing can be found afterwards."""
        self._side_by_side.close()

    def _run(self, crops: Images) -> tuple[Output, Output]:
        """Landmarks and presence. The batches, and so the answers, are the same on one thread as on two."""
        half = (len(crops) + 1) // 2
        if half == len(crops):
            landmarks, presence = self.model.run(crops)
            return landmarks, presence
        first, second = self._side_by_side.run(
            lambda: self.model.run(crops[:half]), lambda: self.model.run(crops[half:])
        )
        return np.concatenate([first[0], second[0]]), np.concatenate([first[1], second[1]])

    def _crops(self, image: Image, to_picture: Matrices) -> Images:
        """(n, size, size, 3): the regions cut out of the picture, whose border is repeated outside."""
        if len(self._batch) < len(to_picture):
            self._batch = np.empty((len(to_picture), *self.model.card.shape), np.uint8)
        crops = self._batch[: len(to_picture)]
        for crop, matrix in zip(crops, to_picture, strict=True):
            cv2.warpAffine(
                image, matrix, crop.shape[:2], dst=crop, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_REPLICATE,
            )  # fmt: skip
        return crops


def in_picture(landmarks: LandmarksOfFaces, to_picture: Matrices, scales: Floats) -> LandmarksOfFaces:
    """Landmarks (n, 478, 3) in pixels of crops as landmarks in pixels of the picture.

    `to_picture` (n, 2, 3) leads from crop to picture; `scales` (n,) are pixels of the picture in one of the
    crop, by which z grows.
    """
    transform = np.zeros((len(scales), 3, 3), np.float32)  # of a row x, y, z
    transform[:, :2, :2] = to_picture[:, :, :2].transpose(0, 2, 1)
    transform[:, 2, 2] = scales
    moved: LandmarksOfFaces = landmarks @ transform
    moved[..., :2] += to_picture[:, None, :, 2]
    return moved
