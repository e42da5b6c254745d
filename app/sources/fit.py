"""A picture of one size in the middle of another, with black bars: what is done where the size changes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from app.types import Floats, Image, Points


@dataclass(frozen=True, slots=True)
class Fit:
    """A picture of one size in the middle of another, with black bars where their shapes differ."""

    size: tuple[int, int]  # width, height of the picture, in pixels
    into: tuple[int, int]  # of the recording
    inner: tuple[int, int]  # of the picture in it
    corner: tuple[int, int]  # x, y of its first pixel there

    @classmethod
    def of(cls, size: tuple[int, int], into: tuple[int, int]) -> Fit | None:
        """How `size` goes into `into`, both width, height in pixels; None where they are the same."""
        if size == into:
            return None
        scale = min(into[0] / size[0], into[1] / size[1])
        inner = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
        return cls(size, into, inner, ((into[0] - inner[0]) // 2, (into[1] - inner[1]) // 2))

    @property
    def sentence(self) -> str:
        """What was done, with the numbers that lead back to the places as they were measured."""
        (x, y), (across, down) = self.corner, self.scale
        return (
            "from here on pictures and places are scaled by "
            f"{across:.4f} across and {down:.4f} down, then moved by {x} and {y} pixels"
        )

    @property
    def scale(self) -> Floats:
        """The factors across and down, as (2,); they differ by rounding alone."""
        factors: Floats = np.array(self.inner, np.float64) / np.array(self.size)
        return factors

    def image(self, image: Image) -> Image:
        """A picture of that size in the middle of a black one of the recording's."""
        way = cv2.INTER_AREA if self.inner < self.size else cv2.INTER_LINEAR
        whole = np.zeros((self.into[1], self.into[0], 3), np.uint8)
        (x, y), (width, height) = self.corner, self.inner
        whole[y : y + height, x : x + width] = cv2.resize(image, self.inner, interpolation=way)
        return whole

    def points(self, points: Points) -> Points:
        """Where `points` (n, 2) of the picture are in the recording, in pixels.

        A whole number is the middle of a pixel, as in OpenCV's resize.
        """
        moved: Floats = (points + 0.5) * self.scale - 0.5 + self.corner
        return moved.astype(np.float32)


def size_change(before: tuple[int, int], size: tuple[int, int], fit: Fit | None) -> str:
    """One sentence: pictures of `before` (width, height) pixels are followed by those of `size`.

    `fit` is what brings these to the first size; None where they have it.
    """
    now = "the first size again" if fit is None else fit.sentence
    return f"from {before[0]} x {before[1]} to {size[0]} x {size[1]} pixels: {now}"
