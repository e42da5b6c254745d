"""Which of a face's 478 landmarks are its eyes."""

from __future__ import annotations

import numpy as np

from app.types import Eyes, Landmarks

# Six outline points an eye, as in the 68-point scheme that the alignment comes from.
LEFT_EYE = (362, 385, 387, 263, 373, 380)
RIGHT_EYE = (33, 160, 158, 133, 153, 144)
LEFT_IRIS, RIGHT_IRIS = 473, 468


def outline_means(landmarks: Landmarks) -> Eyes:
    """The mean of each eye's outline (2, 2): left, right, in pixels. A face is aligned by these."""
    points = landmarks[:, :2]
    return np.stack([points[list(LEFT_EYE)].mean(0), points[list(RIGHT_EYE)].mean(0)])
