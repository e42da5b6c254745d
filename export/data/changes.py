"""The same face nearer, turned, in other light: to see what an answer depends on that it should not."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from app.stages import align
from export.data.arrays import Eyes, Grey

Change = Callable[[Grey, Eyes], tuple[Grey, Eyes]]
"""From a grey picture and its eyes (2, 2) to another picture and the eyes in it."""


def as_it_is(image: Grey, eyes: Eyes) -> tuple[Grey, Eyes]:
    """Picture and eyes (2, 2) unchanged."""
    return image, eyes


def mirrored(image: Grey, eyes: Eyes) -> tuple[Grey, Eyes]:
    """The mirror image of a grey picture and its eyes (2, 2); what was the left eye is then the right one."""
    return image[:, ::-1], np.array([[image.shape[1] - 1 - x, y] for x, y in eyes[::-1]])


def nearer(pixels: float) -> Change:
    """A change that scales a picture until its eyes are `pixels` apart."""

    def change(image: Grey, eyes: Eyes) -> tuple[Grey, Eyes]:
        factor = pixels / np.hypot(*(eyes[0] - eyes[1]))
        how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
        large = cv2.resize(image, None, fx=factor, fy=factor, interpolation=how)
        return np.asarray(large, np.uint8), (eyes + 0.5) * factor - 0.5

    return change


def turned(degrees: float, enlarge: float = 4.0) -> Change:
    """A change that turns a picture by `degrees` counter-clockwise and makes it `enlarge` times as large.

    The canvas grows so that all of the picture stays on it.
    """

    def change(image: Grey, eyes: Eyes) -> tuple[Grey, Eyes]:
        height, width = image.shape
        size = int(np.ceil(enlarge * np.hypot(height, width)))
        middle = ((width - 1) / 2, (height - 1) / 2)
        turn = np.asarray(cv2.getRotationMatrix2D(middle, degrees, enlarge), np.float64)
        turn[:, 2] += (size - 1) / 2 - np.array([(width - 1) / 2, (height - 1) / 2])
        moved = cv2.warpAffine(
            image, turn, (size, size), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(moved, np.uint8), align.apply(turn, eyes)

    return change


def lit(factor: float) -> Change:
    """A change that multiplies all grey values by `factor`, cut off at white; the eyes stay."""

    def change(image: Grey, eyes: Eyes) -> tuple[Grey, Eyes]:
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
