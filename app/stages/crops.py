"""Aligned grey crops of several faces as one batch for a network."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from app.stages.align import warp


def grey_crops(image: np.ndarray, transforms: Sequence[np.ndarray], size: int) -> np.ndarray:
    """A (n, 1, size, size) uint8 batch: the BGR or grey `image` under each frame-to-crop transform.

    Grey comes first: it is what the networks are trained on, and a third of the pixels to warp.
    """
    grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return np.stack([warp(grey, t, size)[None] for t in transforms])
