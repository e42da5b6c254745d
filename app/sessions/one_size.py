"""One size for a whole session: a camera that was unplugged may come back with another one.

The faces were measured in the picture as it came. Only then picture and places are scaled together into the
first one's size, with black bars where its shape differs, so that each row still matches the recorded picture
and places can be compared over the whole session.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from app.types import Face, Result, Signals


class OneSize:
    """Hands results on in the size of the first one."""

    def __init__(self) -> None:
        self._size: tuple[int, int] | None = None  # width, height of the first picture
        self._fit: Fit | None = None  # of the picture before; None where it had that size

    def __call__(self, result: Result) -> tuple[Result, str]:
        """The result that is recorded, and a sentence where the size has changed; else ""."""
        height, width = result.frame.image.shape[:2]
        self._size = self._size or (width, height)
        before, self._fit = self._fit, Fit.of((width, height), self._size)
        said = "" if before == self._fit else self._fit.sentence if self._fit else "the first size again"
        return (result if self._fit is None else self._fit(result)), said


@dataclass(frozen=True, slots=True)
class Fit:
    """A picture of one size in the middle of another."""

    size: tuple[int, int]  # width, height of the picture, in pixels
    into: tuple[int, int]  # of the recording
    inner: tuple[int, int]  # of the picture in it
    corner: tuple[int, int]  # x, y of its first pixel there

    @classmethod
    def of(cls, size: tuple[int, int], into: tuple[int, int]) -> Fit | None:
        """None where nothing is to be done."""
        if size == into:
            return None
        scale = min(into[0] / size[0], into[1] / size[1])
        inner = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
        return cls(size, into, inner, ((into[0] - inner[0]) // 2, (into[1] - inner[1]) // 2))

    @property
    def sentence(self) -> str:
        """With what is needed to find the measured place again."""
        (width, height), (x, y), (across, down) = self.size, self.corner, self.scale
        return (
            f"{width} x {height} pixels from here on: pictures and places are scaled by "
            f"{across:.4f} across and {down:.4f} down, then moved by {x} and {y} pixels"
        )

    @property
    def scale(self) -> np.ndarray:
        """(2,) across, down: they differ by rounding alone."""
        return np.array(self.inner) / np.array(self.size)

    def __call__(self, result: Result) -> Result:
        faces = tuple(self._face(face) for face in result.faces)
        return replace(
            result, frame=replace(result.frame, image=self._image(result.frame.image)), faces=faces
        )

    def _image(self, image: np.ndarray) -> np.ndarray:
        way = cv2.INTER_AREA if self.inner < self.size else cv2.INTER_LINEAR
        whole = np.zeros((self.into[1], self.into[0], 3), np.uint8)
        (x, y), (width, height) = self.corner, self.inner
        whole[y : y + height, x : x + width] = cv2.resize(image, self.inner, interpolation=way)
        return whole

    def _points(self, points: np.ndarray) -> np.ndarray:
        """(n, 2) float32; a whole number is the middle of a pixel, as OpenCV's resize has it."""
        return ((points + 0.5) * self.scale - 0.5 + self.corner).astype(np.float32)

    def _face(self, face: Face) -> Face:
        xy, z = self._points(face.landmarks[:, :2]), face.landmarks[:, 2:] * self.scale[:1]
        return replace(
            face,
            box=self._points(face.box.reshape(2, 2)).reshape(4),
            landmarks=np.hstack([xy, z]).astype(np.float32),
            raw=self._signals(face.raw),
            smooth=self._signals(face.smooth),
        )

    def _signals(self, signals: Signals) -> Signals:
        return replace(signals, eyes=self._points(signals.eyes))
