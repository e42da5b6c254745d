"""Where faces are in a frame whose landmarks are not looked for: they went as far as their eyes did."""

from __future__ import annotations

import numpy as np

from app.types import Detection

SURE = 0.5  # confidence from which an eye's centre says where the face went; as in `quality`


def move_with_eyes(
    detection: Detection, before: np.ndarray, after: np.ndarray, confidence: np.ndarray
) -> Detection:
    """`detection`, moved as the mean of the eye centres moved from `before` to `after`, both (2, 2).

    It stays where it is unless the network is sure of both eyes; `confidence`, (2,), is the lower one of
    both frames for each eye.
    """
    if confidence.min() < SURE:
        return detection
    step = (after - before).mean(0).astype(np.float32)
    landmarks = detection.landmarks.copy()
    landmarks[:, :2] += step
    return Detection(landmarks, detection.box + np.tile(step, 2), detection.eyes + step)
