"""One size for a whole session: a camera that was unplugged may come back with another one.

The faces were measured in the picture as it came. Only then picture and places are scaled together into the
first one's size, with black bars where its shape differs, so that each row still matches the recorded picture
and places can be compared over the whole session.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from app.types import Face, Floats, Image, Points, Result, Signals


class FixedSize:
    """Scales pictures and places of results to the size of the first one."""

    def __init__(self) -> None:
        """The first result decides the size."""
        self._size: tuple[int, int] | None = None  # width, height of the first picture
        self._letterbox: Letterbox | None = None  # of the picture before; None where it had that size

    def __call__(self, result: Result) -> tuple[Result, str]:
        """The result to be recorded, and a sentence where the size has just changed; else ""."""
        height, width = result.frame.image.shape[:2]
        self._size = self._size or (width, height)
        before, self._letterbox = self._letterbox, Letterbox.of((width, height), self._size)
        said = (
            ""
            if before == self._letterbox
            else self._letterbox.sentence
            if self._letterbox
            else "the first size again"
        )
        return (result if self._letterbox is None else self._letterbox(result)), said


@dataclass(frozen=True, slots=True)
class Letterbox:
    """A picture of one size in the middle of another, with black bars where their shapes differ."""

    size: tuple[int, int]  # width, height of the picture, in pixels
    into: tuple[int, int]  # of the recording
    inner: tuple[int, int]  # of the picture in it
    corner: tuple[int, int]  # x, y of its first pixel there

    @classmethod
    def of(cls, size: tuple[int, int], into: tuple[int, int]) -> Letterbox | None:
        """How `size` goes into `into`, both width, height in pixels; None where they are the same."""
        if size == into:
            return None
        scale = min(into[0] / size[0], into[1] / size[1])
        inner = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
        return cls(size, into, inner, ((into[0] - inner[0]) // 2, (into[1] - inner[1]) // 2))

    @property
    def sentence(self) -> str:
        """What was done, with the numbers that lead back to the places as they were measured."""
        (width, height), (x, y), (across, down) = self.size, self.corner, self.scale
        return (
            f"{width} x {height} pixels from here on: pictures and places are scaled by "
            f"{across:.4f} across and {down:.4f} down, then moved by {x} and {y} pixels"
        )

    @property
    def scale(self) -> Floats:
        """The factors across and down, as (2,); they differ by rounding alone."""
        factors: Floats = np.array(self.inner, np.float64) / np.array(self.size)
        return factors

    def __call__(self, result: Result) -> Result:
        """`result` with its picture and all places scaled."""
        faces = tuple(self._face(face) for face in result.faces)
        return replace(
            result, frame=replace(result.frame, image=self._image(result.frame.image)), faces=faces
        )

    def _image(self, image: Image) -> Image:
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

    def _face(self, face: Face) -> Face:
        xy, z = self.points(face.landmarks[:, :2]), face.landmarks[:, 2:] * self.scale[:1]
        return replace(
            face,
            box=self.points(face.box.reshape(2, 2)).reshape(4),
            landmarks=np.hstack([xy, z]).astype(np.float32),
            raw=self._signals(face.raw),
            smooth=self._signals(face.smooth),
        )

    def _signals(self, signals: Signals) -> Signals:
        return replace(signals, eyes=self.points(signals.eyes))
