"""JPEG pictures of a recorded video: only JPEG, and only of a size that a picture can have, is decoded.

OpenCV tells the kind of a picture by its content, so that a video of somebody else could reach any of its
decoders; the size is looked at before memory is taken for it.
"""

from __future__ import annotations

import struct

import cv2
import numpy as np

from app.sessions.schema.limits import MOST_PIXELS, MOST_SIDE
from app.types import Image

BEGIN, MARKER = b"\xff\xd8\xff", 0xFF
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # markers of a frame's head, ISO 10918-1 B.1.1.3


def decode(jpeg: bytes) -> Image | None:
    """The picture of `jpeg` as (height, width, 3) uint8 BGR; None where it is none, damaged or too large."""
    size = _size(jpeg)
    if size is None or max(size) > MOST_SIDE or size[0] * size[1] > MOST_PIXELS:
        return None
    try:
        image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    return None if image is None else image.astype(np.uint8, copy=False)


def _size(jpeg: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, from the head of the first frame; None where there is none."""
    if not jpeg.startswith(BEGIN):
        return None
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == MARKER:
        kind = jpeg[at + 1]
        if kind == MARKER:  # fill bytes may stand before a marker
            at += 1
        elif kind in FRAMES:
            height, width = struct.unpack_from(">HH", jpeg, at + 5)
            return (width, height) if width and height else None
        else:
            at += 2 + struct.unpack_from(">H", jpeg, at + 2)[0]
    return None
