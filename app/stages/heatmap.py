"""Draws why an expression: the face grey, warm where it speaks for the expression, blue where against."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from app.stages.activation import Reasons, crop_eyes, reasons
from app.stages.affect import AffectReader
from app.types import Face

WARM, BLUE = (0, 120, 255), (230, 125, 0)  # BGR; told apart by colour-blind eyes too
DIM = 0.4  # of its brightness is left to what the network does not see
STRONGEST = 0.7  # share of the colour where a place speaks loudest
SHADE = 0.45  # brightness that the colour keeps on black, so that a face stays a face below it
ROOM = 1.35  # times the crop's side that a close view shows


def draw(image: np.ndarray, reasons: Reasons, expression: int) -> np.ndarray:
    """A copy of a (height, width, 3) uint8 BGR picture with the map of `expression` where its face is."""
    height, width = image.shape[:2]
    drawn = cv2.convertScaleAbs(image, alpha=DIM)
    low = np.clip(np.floor(reasons.corners.min(0)).astype(int), 0, (width, height))
    high = np.clip(np.ceil(reasons.corners.max(0)).astype(int) + 1, 0, (width, height))
    part = (slice(low[1], high[1]), slice(low[0], high[0]))
    if not image[part].size:
        return drawn
    seen = reasons.seen((width, height))[part][..., None]
    heat = reasons.over(expression, (width, height))[part][..., None]
    grey = cv2.cvtColor(image[part], cv2.COLOR_BGR2GRAY)[..., None].astype(np.float32)
    share = STRONGEST * np.abs(heat)
    colour = np.where(heat > 0, np.array(WARM, np.float32), np.array(BLUE, np.float32))
    face = (1 - share) * grey + share * colour * (SHADE + (1 - SHADE) * grey / 255)
    drawn[part] = np.rint(seen * face + (1 - seen) * drawn[part]).astype(np.uint8)
    return drawn


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """A face of a picture, and why it shows what it shows."""

    reasons: Reasons
    winner: np.ndarray  # the whole picture with the map of the best expression, BGR
    runner_up: np.ndarray  # and with that of the second


def explain(reader: AffectReader, image: np.ndarray, face: Face) -> Explained | None:
    """None when the network gives no maps. It may run on any thread. Raises ModelError."""
    found = reasons(reader, image, crop_eyes(face))
    if found is None:
        return None
    winner, runner_up = (draw(image, found, i) for i in found.best)
    return Explained(found, winner, runner_up)


def around(reasons: Reasons, size: tuple[int, ...], shape: float = 1.0) -> tuple[slice, slice]:
    """Rows and columns of a picture of `size` (width, height) that show the face large.

    They are `shape` times as wide as high where the picture has room for that.
    """
    corners = reasons.corners
    centre, side = corners.mean(0), ROOM * float(np.hypot(*(corners[1] - corners[0])))
    wanted = np.array([side * max(1.0, shape), side * max(1.0, 1 / shape)])
    length = np.minimum(np.maximum(np.rint(wanted), 1), size).astype(int)
    start = np.clip(np.rint(centre - length / 2).astype(int), 0, np.array(size) - length)
    return slice(start[1], start[1] + length[1]), slice(start[0], start[0] + length[0])
