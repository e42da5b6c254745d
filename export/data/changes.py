"""The same face nearer, turned, in other light: to see what an answer depends on that it should not."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from app.stages import align

Change = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
"""From a grey picture and its eyes (2, 2) to another picture and the eyes in it."""


def as_it_is(image: np.ndarray, eyes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return image, eyes


def mirrored(image: np.ndarray, eyes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As a mirror shows it; what was the left eye is then the right one."""
    return image[:, ::-1], np.array([[image.shape[1] - 1 - x, y] for x, y in eyes[::-1]])


def nearer(pixels: float) -> Change:
    """Enlarged or made smaller until the eyes are `pixels` apart."""

    def change(image: np.ndarray, eyes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        factor = pixels / np.hypot(*(eyes[0] - eyes[1]))
        how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
        return cv2.resize(image, None, fx=factor, fy=factor, interpolation=how), (eyes + 0.5) * factor - 0.5

    return change


def turned(degrees: float, enlarge: float = 4.0) -> Change:
    """Turned in the picture's plane, counter-clockwise, on a canvas that holds all of it."""

    def change(image: np.ndarray, eyes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        height, width = image.shape
        size = int(np.ceil(enlarge * np.hypot(height, width)))
        turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, enlarge)
        turn[:, 2] += (size - 1) / 2 - np.array([(width - 1) / 2, (height - 1) / 2])
        how = {"flags": cv2.INTER_CUBIC, "borderMode": cv2.BORDER_REPLICATE}
        return cv2.warpAffine(image, turn, (size, size), **how), align.apply(turn, eyes)

    return change


def lit(factor: float) -> Change:
    """All grey values times `factor`, cut off at white."""

    def change(image: np.ndarray, eyes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.clip(image * factor, 0, 255).astype(np.uint8), eyes

    return change


CHANGES: dict[str, Change] = {
    "30 pixels between the eyes": nearer(30),
    "100 pixels between the eyes": nearer(100),
    "300 pixels between the eyes": nearer(300),
    "turned by -30 degrees": turned(-30),
    "turned by 30 degrees": turned(30),
    "half as bright": lit(0.5),
    "half brighter": lit(1.5),
}
