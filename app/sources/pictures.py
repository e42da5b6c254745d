"""A picture or an animation, decoded by OpenCV: upright by its EXIF, on grey where it is transparent."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from app.sources.decoder import Decoded
from app.sources.kinds import Kind
from app.sources.picture_size import MOST_PIXELS, MOST_SIDE, is_too_large, size_of
from app.sources.source import Mode, SourceError
from app.types import Bytes, Image

BACKDROP = 128  # grey level that shows through where a picture is transparent
ORIENTATION = 0x0112  # the tag, EXIF 2.32, 4.6.4
MEMORY = 256e6  # bytes that the pictures of an animation which are decoded at once may take
UNTIMED, DEFAULT_DURATION = 10, 100  # ms: pictures that are shown no longer are shown so long, as browsers do


class StillPicture:
    """A picture, or each picture of an animation, as a `Decoder`."""

    def __init__(self, path: Path, kind: Kind | None) -> None:
        """Reads the file at `path` and decodes its first picture. Raises SourceError and OSError."""
        # Not imread, which on Windows knows only ASCII names, and tells the kind by itself.
        self._data: Bytes = np.fromfile(path, np.uint8)
        size = size_of(self._data.tobytes(), kind.name) if kind is not None else None
        damaged = SourceError(
            f"{path.name} is not a picture, or a damaged one: save it again from another program."
        )
        if kind is None or size is None or not min(size):
            raise damaged
        if is_too_large(size):
            raise SourceError(
                f"{path.name} has {size[0]} x {size[1]} pixels, more than {MOST_PIXELS // 1_000_000} million "
                f"or {MOST_SIDE} a side: make it smaller."
            )
        count = pictures_in(self._data.tobytes(), kind.name)
        self._size, self._animated = size, count > 1
        self.frames: int | None = count
        try:
            self._pictures = self._all()
            self._read_ahead: Decoded | None = next(self._pictures, None)
        except cv2.error:
            self._read_ahead = None
        if self._read_ahead is None:
            raise damaged
        height, width = self._read_ahead.image.shape[:2]
        self.mode = Mode(width, height, self._rate() if self._animated else 1.0, "")

    def read(self) -> Decoded | None:
        """The next picture; None at the end."""
        first, self._read_ahead = self._read_ahead, None
        return first or next(self._pictures, None)

    def seek(self, at: float) -> bool:
        """Goes to the start: an animation is decoded from there in any case."""
        self._pictures, self._read_ahead = self._all(), None
        return True

    def close(self) -> None:
        """Lets the pictures go. Safe to call twice."""
        self._pictures, self._read_ahead = iter(()), None

    def _all(self) -> Iterator[Decoded]:
        if self._animated:
            yield from self._frames()
        elif (image := _still(self._data)) is not None:
            yield Decoded(image, 0.0)

    def _frames(self) -> Iterator[Decoded]:
        at_once = max(1, int(MEMORY / (4 * self._size[0] * self._size[1])))
        number, ms = 0, 0.0
        while True:
            ok, animation = cv2.imdecodeanimation(self._data.reshape(1, -1), number, at_once)
            if not ok or not animation.frames:
                return
            for image, duration in zip(animation.frames, animation.durations, strict=False):
                yield Decoded(_on_grey(np.asarray(image)), ms / 1000)
                ms += int(duration) if duration > UNTIMED else DEFAULT_DURATION
            number += len(animation.frames)

    def _rate(self) -> float:
        """Pictures a second, by how long the first one is shown."""
        animation = cv2.imdecodeanimation(self._data.reshape(1, -1), 0, 1)[1]
        duration = int(animation.durations[0]) if len(animation.durations) else 0
        return 1000 / (duration if duration > UNTIMED else DEFAULT_DURATION)


def pictures_in(data: bytes, kind: str) -> int:
    """How many pictures the file `data` of such a `kind` shows one after the other; 1 for a still picture."""
    if kind == "PNG" and 0 <= (at := data.find(b"acTL", 8, 65_536)) < max(data.find(b"IDAT"), 0):
        return max(1, int.from_bytes(data[at + 4 : at + 8], "big"))
    if kind != "WebP" or data[12:16] != b"VP8X":
        return 1
    at, count = 12, 0
    while at + 8 <= len(data):
        count += data[at : at + 4] == b"ANMF"
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    return max(1, count)


def _still(data: Bytes) -> Image | None:
    """The picture in a file's bytes as (height, width, 3) uint8 BGR; None when it is none.

    Transparent parts show grey: what hides under them is often noise.
    """
    raw, kinds, found = cv2.imdecodeWithMetadata(data, flags=cv2.IMREAD_UNCHANGED)
    if raw is None or raw.ndim < 3 or raw.shape[2] != 4 or raw.dtype.kind != "u":
        # OpenCV itself knows grey, 16 bits, and which way up a camera was held.
        return cast(Image | None, cv2.imdecode(data, cv2.IMREAD_COLOR))
    exif = [part for kind, part in zip(kinds, found, strict=False) if kind == cv2.IMAGE_METADATA_EXIF]
    return turned(_on_grey(cast(Image, raw)), orientation(np.asarray(exif[0]).tobytes()) if exif else 1)


def _on_grey(raw: Image) -> Image:
    """A picture of 3 or 4 channels, of 8 or 16 bits, as 8-bit BGR."""
    depth = 255.0 if raw.dtype == np.uint8 else 65535.0
    if raw.shape[2] == 3:
        return raw
    alpha = raw[..., 3:].astype(np.float32) / depth
    colour = raw[..., :3].astype(np.float32) * (255 / depth)
    blended: Image = np.rint(colour * alpha + BACKDROP * (1 - alpha)).astype(np.uint8)
    return blended


def orientation(exif: bytes) -> int:
    """How the camera was held, 1 (upright) to 8, by a picture's EXIF block; 1 where it does not say."""
    tiff = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        at = struct.unpack_from(order + "I", tiff, 4)[0]
        for entry in range(struct.unpack_from(order + "H", tiff, at)[0]):
            tag, _, _, value = struct.unpack_from(order + "HHIH", tiff, at + 2 + 12 * entry)
            if tag == ORIENTATION:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


def turned(image: Image, held: int) -> Image:
    """`image` (height, width, 3) upright, of a camera that was `held` so: an EXIF orientation, 1 to 8."""
    if held >= 5:
        image = image.transpose(1, 0, 2)
    if held in (2, 3, 6, 7):
        image = image[:, ::-1]
    if held in (3, 4, 7, 8):
        image = image[::-1]
    return np.ascontiguousarray(image)
