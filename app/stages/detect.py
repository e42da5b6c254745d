"""Finds faces and their landmarks, and decides when to look for new ones."""

from __future__ import annotations

import cv2
import numpy as np

from app.stages.facemesh import FaceMesh
from app.stages.landmarks import LEFT_IRIS, RIGHT_IRIS, outline_means
from app.types import Detection, Workload

SAME_FACE = 0.5  # overlap (intersection over union) above which two boxes are one face
HALF_PIXEL = np.array([0.5, 0.5, 0.0], np.float32)
SMALLEST = 4.0  # pixels between the eyes; closer ones cannot be aligned


class Detector:
    """MediaPipe's face mesh with refined eyes, for a stream of pictures or, with `still`, unrelated ones."""

    def __init__(self, max_faces: int = 4, *, still: bool = False) -> None:
        self.search = Workload().search_every  # frames between two looks for new faces while others are known
        self._mesh = FaceMesh(max_faces, still=still)
        self._max_faces = max_faces
        self._still = still
        self._known = 0  # faces in the last frame
        self._search = True  # ask both detectors in the next frame
        self._followed = 0  # frames since they were asked

    def detect(self, image: np.ndarray) -> tuple[Detection, ...]:
        """Faces in a (height, width, 3) uint8 BGR picture, in no particular order; () when there are none.

        The same pictures in the same order give the same faces.
        """
        far, near = self._look()
        height, width = image.shape[:2]
        scale = np.array([width, height, width], np.float32)
        found = self._mesh.find(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), far=far, near=near)
        # Known faces come last: they stay when there are too many, or two for the same place.
        # The mesh counts from the corner of the first pixel, we from its centre.
        meshes = [landmarks * scale - HALF_PIXEL for landmarks in reversed(found)]
        faces = _distinct([_detection(mesh) for mesh in meshes])[: self._max_faces]
        self._search = self._still or not faces or len(faces) < self._known
        self._known = len(faces)
        return tuple(faces)

    def _look(self) -> tuple[bool, bool]:
        """Whether this frame asks the detector for small faces, and that for large ones.

        Both when nobody is known or somebody was just lost; else in turn, as each costs about as much as
        following a face; neither when as many faces are known as are wanted.
        """
        self._followed = 0 if self._search else self._followed + 1
        if self._search:
            return True, True
        if self._known >= self._max_faces:
            return False, False
        turn = self._followed % (2 * self.search)
        return turn == self.search, turn == 0

    def close(self) -> None:
        """Free MediaPipe's graph."""
        self._mesh.close()


def iris_centres(detection: Detection) -> np.ndarray:
    """MediaPipe's own iris centres, (2, 2): left, right, in pixels; the baseline of our eye network."""
    return detection.landmarks[[LEFT_IRIS, RIGHT_IRIS], :2]


def _detection(landmarks: np.ndarray) -> Detection:
    points = landmarks[:, :2]
    return Detection(landmarks, np.concatenate([points.min(0), points.max(0)]), outline_means(landmarks))


def _distinct(faces: list[Detection]) -> list[Detection]:
    """`faces` without those that are too small to be aligned, or lie where an earlier one does."""
    kept: list[Detection] = []
    for face in faces:
        large_enough = np.hypot(*(face.eyes[0] - face.eyes[1])) >= SMALLEST
        if large_enough and all(_overlap(face.box, other.box) <= SAME_FACE for other in kept):
            kept.append(face)
    return kept


def _overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union of two boxes x0, y0, x1, y1."""
    common = np.prod(np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None))
    return float(common / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - common))
