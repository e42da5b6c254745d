"""Which of a face's 478 landmarks are its eyes."""

from __future__ import annotations

import numpy as np

# Six outline points an eye, as in the 68-point scheme that the alignment comes from.
LEFT_EYE = (362, 385, 387, 263, 373, 380)
RIGHT_EYE = (33, 160, 158, 133, 153, 144)
LEFT_IRIS, RIGHT_IRIS = 473, 468


def outline_means(landmarks: np.ndarray) -> np.ndarray:
    """The mean of each eye's outline, (2, 2): left, right, in pixels; by these a face is aligned."""
    points = landmarks[:, :2]
    return np.stack([points[list(LEFT_EYE)].mean(0), points[list(RIGHT_EYE)].mean(0)])
