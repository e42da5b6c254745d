"""What a webcam and life do to a crop: light, noise, blur, compression, and things in front of the face."""

from __future__ import annotations

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from export.data.arrays import Grey


def degrade(crop: Grey, rng: np.random.Generator) -> Grey:
    """A (size, size) uint8 crop under random light and with random faults of a camera; a new array."""
    size = crop.shape[0]
    if rng.random() < 0.25:  # a small or distant face
        small = int(size / rng.uniform(1.3, 3.5))
        crop = _bytes(
            cv2.resize(cv2.resize(crop, (small, small), interpolation=cv2.INTER_AREA), (size, size))
        )
    if rng.random() < 0.15:  # out of focus
        crop = _bytes(cv2.GaussianBlur(crop, (0, 0), rng.uniform(0.5, 2.0)))
    crop = _bytes(cv2.LUT(crop, light(rng)))
    if rng.random() < 0.3:  # a lamp at one side
        angle, strength = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 0.6)
        ramp = np.linspace(-1, 1, size, dtype=np.float32)
        gain = 1 + strength * (np.cos(angle) * ramp + np.sin(angle) * ramp[:, None])
        crop = np.clip(crop * gain, 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        noise = rng.standard_normal(crop.shape, np.float32) * rng.uniform(2, 12)
        crop = np.clip(crop + noise, 0, 255).astype(np.uint8)
    if rng.random() < 0.2:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(20, 80))]
        crop = cast(Grey, cv2.imdecode(cv2.imencode(".jpg", crop, quality)[1], cv2.IMREAD_GRAYSCALE))
    if rng.random() < 0.15:
        crop = erase(crop, rng)
    return crop


def _bytes(picture: NDArray[Any]) -> Grey:
    return np.asarray(picture, np.uint8)


def light(rng: np.random.Generator) -> NDArray[np.uint8]:
    """(256,) uint8: the grey value that each grey value becomes under random brightness, contrast and
    gamma."""
    level = np.linspace(0, 1, 256) ** np.exp(rng.uniform(-0.5, 0.5))
    level = (level - 0.5) * rng.uniform(0.5, 1.3) + 0.5 + rng.uniform(-0.2, 0.2)
    return np.asarray(np.clip(level * 255, 0, 255), np.uint8)


def erase(crop: Grey, rng: np.random.Generator) -> Grey:
    """A copy of the crop with a random rectangle of one random grey, up to a third of its size each way."""
    size = crop.shape[0]
    width, height = rng.integers(size // 12, size // 3, 2)
    x, y = rng.integers(0, size - width), rng.integers(0, size - height)
    crop = crop.copy()
    crop[y : y + height, x : x + width] = rng.integers(0, 256)
    return crop
