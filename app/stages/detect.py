"""Detection: finds faces and their landmarks, and decides in which frames to search for new faces."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from app.stages.facemesh import FaceMesh
from app.stages.landmarks import LEFT_IRIS, RIGHT_IRIS, outline_means
from app.types import DEFAULT_MAX_FACES, Box, Detection, Image, Landmarks, Points, Workload

SAME_FACE = 0.5  # overlap (intersection over union) above which two boxes are one face
HALF_PIXEL = np.array([0.5, 0.5, 0.0], np.float32)
MIN_EYE_DISTANCE = 4.0  # pixels; a smaller face cannot be aligned


class Detector:
    """MediaPipe's face mesh with refined eyes, for the frames of one source in their order."""

    def __init__(self, max_faces: int = DEFAULT_MAX_FACES, *, still: bool = False) -> None:
        """Finds `max_faces` at most. With `still` the pictures are unrelated: each is searched in full."""
        self.search_every = Workload().search_every  # frames, while faces are known; may be changed any time
        self._mesh = FaceMesh(max_faces, still=still)
        self._max_faces = max_faces
        self._still = still
        self._known = 0  # faces in the last frame
        self._search_now = True  # run both detectors in the next frame
        self._frames_since = 0  # the detectors ran

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """The faces in a (height, width, 3) BGR picture, in no particular order; () when there are none.

        The same pictures in the same order give the same faces.
        """
        far, near = self._detectors_now()
        height, width = image.shape[:2]
        scale = np.array([width, height, width], np.float32)
        rgb = cast(Image, cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
        found = self._mesh.find(rgb, far=far, near=near)
        # Known faces come last: they stay when there are too many, or two for the same place.
        # The mesh counts from the corner of the first pixel, we from its centre.
        meshes = [landmarks * scale - HALF_PIXEL for landmarks in reversed(found)]
        faces = distinct([_detection(mesh) for mesh in meshes])[: self._max_faces]
        self._search_now = self._still or not faces or len(faces) < self._known
        self._known = len(faces)
        return tuple(faces)

    def _detectors_now(self) -> tuple[bool, bool]:
        """Whether the detector for small faces runs in this frame, and whether that for large ones does.

        Both when nobody is known or somebody was just lost. Else they take turns, since each costs about as
        much as the landmarks of a face. Neither when as many faces are known as are wanted.
        """
        self._frames_since = 0 if self._search_now else self._frames_since + 1
        if self._search_now:
            return True, True
        if self._known >= self._max_faces:
            return False, False
        turn = self._frames_since % (2 * self.search_every)
        return turn == self.search_every, turn == 0

    def close(self) -> None:
        """Frees MediaPipe's graph; nothing can be detected afterwards."""
        self._mesh.close()


def iris_centres(detection: Detection) -> Points:
    """MediaPipe's own iris centres (2, 2): left, right, in pixels; the eye network is compared with them."""
    return detection.landmarks[[LEFT_IRIS, RIGHT_IRIS], :2]


def _detection(landmarks: Landmarks) -> Detection:
    points = landmarks[:, :2]
    return Detection(landmarks, np.concatenate([points.min(0), points.max(0)]), outline_means(landmarks))


def distinct(faces: list[Detection]) -> list[Detection]:
    """`faces` without those that are too small to be aligned, or overlap an earlier one by over SAME_FACE."""
    kept: list[Detection] = []
    for face in faces:
        large_enough = np.hypot(*(face.eyes[0] - face.eyes[1])) >= MIN_EYE_DISTANCE
        if large_enough and all(_overlap(face.box, other.box) <= SAME_FACE for other in kept):
            kept.append(face)
    return kept


def _overlap(a: Box, b: Box) -> float:
    """Intersection over union of two boxes x0, y0, x1, y1."""
    common = np.prod(np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None))
    return float(common / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - common))
