"""Aligned grey crops of several faces as one batch for a network."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from app.align import warp


def grey_crops(image: np.ndarray, transforms: Sequence[np.ndarray], size: int) -> np.ndarray:
    """A (n, 1, size, size) uint8 batch: the BGR `image` under each frame-to-crop transform, then in grey."""
    return np.stack([cv2.cvtColor(warp(image, t, size), cv2.COLOR_BGR2GRAY)[None] for t in transforms])
