"""Detection: what every detector of faces offers, and what it makes of the landmarks that it found."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Protocol

import numpy as np

from app.stages.cards import Card
from app.stages.faces.overlap import share_of
from app.stages.landmarks import LEFT_IRIS, RIGHT_IRIS, outline_means
from app.types import Box, Detection, Image, Landmarks, Points

DUPLICATE = 0.5  # overlap (intersection over union) of the boxes of landmarks above which two are one face
MIN_EYE_DISTANCE = 4.0  # pixels; a smaller face cannot be aligned


class Detector(Protocol):
    """Finds the faces in the frames of one source, in their order. `app.stages.detectors` makes them."""

    search_every: int  # frames, while faces are known; may be changed any time

    @property
    def max_faces(self) -> int:
        """How many faces are found at most; may be changed between two frames."""

    @max_faces.setter
    def max_faces(self, number: int) -> None: ...

    @property
    def unmeasured(self) -> tuple[Box, ...]:
        """Where more faces were seen last: x0, y0, x1, y1 in pixels of the picture."""

    @property
    def name(self) -> str:
        """One of `detectors.DETECTORS`."""

    @property
    def cards(self) -> tuple[Card, ...]:
        """The cards of its networks; () where they are not this program's own."""

    def search_now(self) -> None:
        """Search for new faces in the next frame, as where nobody is known.

        For one that comes so late that who was known may be elsewhere by then.
        """

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """The faces in a (height, width, 3) BGR picture, in no particular order; () when there are none.

        The same pictures in the same order give the same faces. Raises ModelError when a network gives
        values that are not finite.
        """

    def close(self) -> None:
        """Frees what it holds; nothing can be detected afterwards."""


def iris_centres(detection: Detection) -> Points:
    """MediaPipe's own iris centres (2, 2): left, right, in pixels; the eye network is compared with them."""
    return detection.landmarks[[LEFT_IRIS, RIGHT_IRIS], :2]


def detection_of(landmarks: Landmarks) -> Detection:
    """The face that has these landmarks (478, 3) in pixels."""
    rows = np.ascontiguousarray(landmarks[:, :2].T)  # along which NumPy finds extremes ten times as fast
    return Detection(landmarks, np.concatenate([rows.min(1), rows.max(1)]), outline_means(landmarks))


def distinct(faces: Iterable[Detection]) -> list[Detection]:
    """`faces` without those that are too small to be aligned, or overlap an earlier one by over DUPLICATE."""
    large = [face for face in faces if math.dist(*face.eyes.tolist()) >= MIN_EYE_DISTANCE]
    kept: list[tuple[list[float], Detection]] = []
    for face in large:
        box = face.box.tolist()
        if all(share_of(box, other) <= DUPLICATE for other, _ in kept):
            kept.append((box, face))
    return [face for _, face in kept]
