"""Finds faces and their landmarks. The only file that knows MediaPipe."""

from __future__ import annotations

import os

import cv2
import numpy as np

from app.types import Detection

os.environ.setdefault("GLOG_minloglevel", "2")  # MediaPipe's own start-up lines are not for our users
from mediapipe.python.solutions.face_mesh import FaceMesh

# Six outline points an eye, as in the 68-point scheme that the alignment comes from.
LEFT_EYE = (362, 385, 387, 263, 373, 380)
RIGHT_EYE = (33, 160, 158, 133, 153, 144)
LEFT_IRIS, RIGHT_IRIS = 473, 468


class Detector:
    """MediaPipe's face mesh with refined eyes, for a stream of pictures or, with `still`, unrelated ones."""

    def __init__(self, max_faces: int = 4, *, still: bool = False) -> None:
        self._mesh = FaceMesh(static_image_mode=still, max_num_faces=max_faces, refine_landmarks=True)

    def detect(self, image: np.ndarray) -> tuple[Detection, ...]:
        """Faces in a (height, width, 3) uint8 BGR picture, in no particular order; () when there are none."""
        height, width = image.shape[:2]
        found = self._mesh.process(cv2.cvtColor(image, cv2.COLOR_BGR2RGB)).multi_face_landmarks
        scale = np.array([width, height, width], np.float32)
        return tuple(
            _detection(np.array([(p.x, p.y, p.z) for p in face.landmark], np.float32) * scale)
            for face in found or ()
        )

    def close(self) -> None:
        self._mesh.close()


def iris_centres(detection: Detection) -> np.ndarray:
    """MediaPipe's own iris centres, (2, 2): left, right, in pixels; the baseline of our eye network."""
    return detection.landmarks[[LEFT_IRIS, RIGHT_IRIS], :2]


def _detection(landmarks: np.ndarray) -> Detection:
    points = landmarks[:, :2]
    eyes = np.stack([points[list(LEFT_EYE)].mean(0), points[list(RIGHT_EYE)].mean(0)])
    return Detection(landmarks, np.concatenate([points.min(0), points.max(0)]), eyes)
