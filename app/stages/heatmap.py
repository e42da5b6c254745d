"""Draws a heat map: the face in grey, warm where it speaks for an expression, blue where against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from app.stages.activation import Reasons, crop_eyes, reasons
from app.stages.affect import AffectReader
from app.types import Face, Image

WARM, BLUE = (0, 120, 255), (230, 125, 0)  # BGR; colour-blind eyes tell them apart, too
OUTSIDE = 0.4  # brightness of what the network does not see, as a share of its own
OPACITY = 0.7  # of the colour where a place speaks most
DARKEST = 0.45  # brightness of the colour over a black pixel: the face can still be seen below it
MARGIN = 1.35  # side of a close view, as a multiple of the crop's


def draw(image: Image, reasons: Reasons, expression: int) -> Image:
    """A copy of a (height, width, 3) BGR picture with the heat map of an expression over its face.

    `expression` is an index into EXPRESSIONS. What the network does not see is dark.
    """
    height, width = image.shape[:2]
    drawn = cast(Image, cv2.convertScaleAbs(image, alpha=OUTSIDE))
    low = np.clip(np.floor(reasons.corners.min(0)).astype(int), 0, (width, height))
    high = np.clip(np.ceil(reasons.corners.max(0)).astype(int) + 1, 0, (width, height))
    part = (slice(low[1], high[1]), slice(low[0], high[0]))
    if not image[part].size:
        return drawn
    seen = reasons.seen((width, height))[part][..., None]
    heat = reasons.over(expression, (width, height))[part][..., None]
    grey = cv2.cvtColor(image[part], cv2.COLOR_BGR2GRAY)[..., None].astype(np.float32)
    share = OPACITY * np.abs(heat)
    colour = np.where(heat > 0, np.array(WARM, np.float32), np.array(BLUE, np.float32))
    face = (1 - share) * grey + share * colour * (DARKEST + (1 - DARKEST) * grey / 255)
    drawn[part] = np.rint(seen * face + (1 - seen) * drawn[part]).astype(np.uint8)
    return drawn


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """A face with the heat maps of its two most probable expressions."""

    reasons: Reasons
    winner: Image  # the whole picture with the heat map of the most probable expression
    runner_up: Image  # and with that of the second


def explain(reader: AffectReader, image: Image, face: Face) -> Explained | None:
    """Draws why `face` in the BGR picture `image` is read as it is; None when the network has no maps.

    Any thread may call it. Raises ModelError.
    """
    found = reasons(reader, image, crop_eyes(face))
    if found is None:
        return None
    winner, runner_up = (draw(image, found, i) for i in found.best)
    return Explained(found, winner, runner_up)


def around(reasons: Reasons, size: tuple[int, ...], shape: float = 1.0) -> tuple[slice, slice]:
    """The rows and columns of a picture of `size` (width, height) that show the face large.

    They are `shape` times as wide as high where the picture is large enough for that.
    """
    corners = reasons.corners
    centre, side = corners.mean(0), MARGIN * float(np.hypot(*(corners[1] - corners[0])))
    wanted = np.array([side * max(1.0, shape), side * max(1.0, 1 / shape)])
    length = np.minimum(np.maximum(np.rint(wanted), 1), size).astype(int)
    start = np.clip(np.rint(centre - length / 2).astype(int), 0, np.array(size) - length)
    return slice(start[1], start[1] + length[1]), slice(start[0], start[0] + length[0])
