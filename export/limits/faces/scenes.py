"""Pictures without a face: made ones, and real ones from a clip and from the edges of portraits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from export.data.arrays import Floats, Image
from export.data.errors import DataError
from export.data.net7876 import Faces

Random = np.random.Generator
OUTSIDE = 0.9  # face boxes beside or above a face where its head has ended
SMALLEST = 48  # pixels of the smaller side of a part that can be a scene


class Scenes:
    """Makes scenes of one size, of each kind in turn; the same seed gives the same ones."""

    def __init__(
        self, size: tuple[int, int], seed: int, parts: Sequence[Image], clip: Sequence[Image]
    ) -> None:
        """`size` is width and height in pixels; `parts` and `clip`, which may be empty, hold no face."""
        self._size, self._random = size, np.random.default_rng(seed)
        self._kinds = [gradient, noise, shapes]
        self._real = [pictures for pictures in (parts, clip) if pictures]
        self._count = 0

    def next(self) -> Image:
        """The next scene, (height, width, 3) uint8 BGR."""
        kind = self._count % (len(self._kinds) + len(self._real))
        self._count += 1
        if kind < len(self._kinds):
            return self._kinds[kind](self._size, self._random)
        pictures = self._real[kind - len(self._kinds)]
        return filled(pictures[int(self._random.integers(len(pictures)))], self._size, self._random)


def gradient(size: tuple[int, int], random: Random) -> Image:
    """A wall: one colour that turns into another across the picture, with a little noise of a camera."""
    width, height = size
    angle, colours = random.uniform(0, 2 * np.pi), random.uniform(0, 255, (2, 3))
    x, y = np.linspace(-1, 1, width)[None], np.linspace(-1, 1, height)[:, None]
    share = ((np.cos(angle) * x + np.sin(angle) * y) / 1.5 + 1)[..., None] / 2
    return _grainy(colours[0] + share * (colours[1] - colours[0]), random)


def noise(size: tuple[int, int], random: Random) -> Image:
    """A texture: noise of several sizes, from a few pixels to half the picture."""
    width, height = size
    image = np.full((height, width, 3), random.uniform(60, 200))
    for octave in range(1, 8):
        cells = random.normal(0, 1, (2**octave + 1, 2**octave + 1, 3))
        if random.random() < 0.5:
            cells[:] = cells[..., :1]  # grey
        rough = cv2.resize(cells, (width, height), interpolation=cv2.INTER_CUBIC)
        image += rough * random.uniform(5, 45)
    return _grainy(image, random)


def shapes(size: tuple[int, int], random: Random) -> Image:
    """Furniture: rectangles, ellipses and lines of all sizes over a wall."""
    width, height = size
    image = gradient(size, random)
    for _ in range(int(random.integers(20, 120))):
        at = tuple(int(v) for v in random.uniform(0, (width, height)))
        wide, high = (int(v) for v in height * 0.5 * random.power(0.4, 2) + 2)
        colour, line = random.uniform(0, 255, 3).tolist(), int(random.choice([-1, 1, 3]))
        kind = random.integers(3)
        if kind == 0:
            cv2.rectangle(image, at, (at[0] + wide, at[1] + high), colour, line)
        elif kind == 1:
            cv2.ellipse(image, at, (wide, high), float(random.uniform(0, 180)), 0, 360, colour, line)
        else:
            cv2.line(image, at, (at[0] + wide, at[1] - high), colour, abs(line))
    return _grainy(np.asarray(cv2.GaussianBlur(image, (0, 0), random.uniform(0.5, 1.5)), float), random)


def filled(picture: Image, size: tuple[int, int], random: Random) -> Image:
    """A part of `picture`, mirrored and repeated where it is too small, at up to twice its size."""
    width, height = size
    if random.random() < 0.5:
        picture = picture[:, ::-1]
    scale = random.uniform(1, 2)
    larger = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale), np.uint8)
    block = np.vstack([np.hstack([larger, larger[:, ::-1]]), np.hstack([larger[::-1], larger[::-1, ::-1]])])
    times = [-(-most // side) + 1 for most, side in zip((height, width), block.shape[:2], strict=True)]
    tiled = np.tile(block, (*times, 1))
    y, x = (int(random.integers(side)) for side in block.shape[:2])
    lit: Floats = tiled[y : y + height, x : x + width] * random.uniform(0.6, 1.2)
    return np.asarray(np.clip(lit, 0, 255), np.uint8)


def beside_faces(faces: Faces, count: int) -> list[Image]:
    """Of the first `count` portraits what is beside the head, where that is wide enough to be a scene.

    Raises DataError without face boxes.
    """
    if faces.boxes is None:
        raise DataError("These portraits have no face boxes.")
    parts = []
    for index, (x0, _, x1, _) in enumerate(faces.boxes[:count]):
        image, wide = faces.colour(index), x1 - x0
        left, right = int(x0 - OUTSIDE / 2 * wide), int(x1 + OUTSIDE / 2 * wide)
        for part in (image[:, : max(0, left)], image[:, max(0, right) :]):
            if min(part.shape[:2]) >= SMALLEST:
                parts.append(part)
    return parts


def frames(clip: Path) -> list[Image]:
    """All frames of a clip of nobody. Raises FileNotFoundError or DataError in one sentence."""
    if not clip.is_file():
        raise FileNotFoundError(f"There is no clip {clip}.")
    capture, images = cv2.VideoCapture(str(clip.resolve())), []
    while (image := capture.read()[1]) is not None:
        images.append(np.asarray(image, np.uint8))
    if not images:
        raise DataError(f"{clip} cannot be read as a video.")
    return images


def _grainy(image: Floats, random: Random) -> Image:
    """`image` with the noise of a camera (sigma 2), as whole numbers."""
    return np.asarray(np.clip(image + random.normal(0, 2, image.shape), 0, 255), np.uint8)
