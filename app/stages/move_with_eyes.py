"""Where a face is in a frame whose landmarks are not searched for: it moved as far as its eyes did."""

from __future__ import annotations

import numpy as np

from app.types import Confidence, Detection, Eyes

MIN_CONFIDENCE = 0.5  # of an eye's centre, from which it shows where the face went; as in `quality`


def move_with_eyes(detection: Detection, before: Eyes, after: Eyes, confidence: Confidence) -> Detection:
    """`detection`, moved like the mean of its eye centres from `before` to `after`, both (2, 2) in pixels.

    It stays where it is unless the network is sure of both eyes. `confidence` (2,) is the lower one of both
    frames for each eye, 0..1.
    """
    if confidence.min() < MIN_CONFIDENCE:
        return detection
    step = (after - before).mean(0).astype(np.float32)
    landmarks = detection.landmarks.copy()
    landmarks[:, :2] += step
    return Detection(landmarks, detection.box + np.tile(step, 2), detection.eyes + step)
