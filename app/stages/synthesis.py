"""A face with another expression: made of a small grey crop, and put back into the sharp picture.

Source: the eye-centre thesis, chapter 5 (LGP-GAN), equation 5-1. The network works on a crop of some 48
pixels; only what it changes, (1 - M)(C - I), is enlarged and added to the picture, so skin and hair stay as
sharp as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from app.stages import glasses, quality
from app.stages.activation import crop_eyes
from app.stages.align import apply, inverse, similarity
from app.stages.crops import grey_crops
from app.stages.models import Model, load
from app.types import EXPRESSIONS, Face, Floats, Image, Maps, Matrix

CARD = "synthesis.toml"
MISSING = "No network that makes faces is installed: Mien needs models/synthesis.toml for it."
NO_FACE = "No face was found: choose a picture with a face in it."
MOST_TURNED = 25.0  # degrees to a side, up or down: the network has hardly seen faces that look away more
EDGE = 0.06  # of the crop's side, over which a change fades out
# States of a face for which nothing is made; a blurred face is as good as any, since the change is blurred.
_DOUBTFUL = frozenset({"cut_off", "too_small", "too_dark", "too_bright"})
_COVERED = "an eye cannot be seen, perhaps behind a hand or hair"
_GLASSES = "the face seems to wear dark glasses: take them off"


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What makes another expression of one face."""

    expression: str  # the wanted one, of EXPRESSIONS
    strength: float  # 0 nothing .. 1
    grey: Maps  # (channels, size, size): grey levels to add in each place of the crop, -255..255
    share: Maps  # (size, size), 0..1: how much is made anew, 1 - the attention mask, times the strength
    to_crop: Matrix  # (2, 3), from the picture's pixels to the crop's

    @property
    def corners(self) -> Floats:
        """(4, 2): x, y of the crop's corners in pixels of the picture, in turn around it."""
        end = self.share.shape[0] - 0.5
        return apply(inverse(self.to_crop), np.array([[-0.5, -0.5], [end, -0.5], [end, end], [-0.5, end]]))


class Synthesizer:
    """Makes faces with other expressions. It keeps nothing, so any thread may use it."""

    def __init__(self, model: Model) -> None:
        """`model` has the task `synthesis`."""
        self.model = model

    @classmethod
    def load(cls, models: Path, threads: int = 1) -> Synthesizer | None:
        """That of the folder `models`; None where its card is missing. Raises ModelError."""
        path = models / CARD
        return cls(load(path, "synthesis", threads=threads)) if path.exists() else None

    def changes(
        self, image: Image, face: Face, wanted: Sequence[str], strength: float = 1.0
    ) -> tuple[Change, ...]:
        """What gives `face` in the BGR picture `image` each of the expressions `wanted`.

        The change grows evenly with the `strength`: 0 is the face as it is, 1 the whole expression. The
        network is always asked for the whole one: it never saw two expressions at once, and darkens a
        face that is asked for both. Raises ModelError.
        """
        crop_shape = self.model.card.crop
        to_crop = similarity(crop_eyes(face), crop_shape)
        crop = grey_crops(image, [to_crop], crop_shape.size)
        asked = np.eye(len(EXPRESSIONS), dtype=np.float32)[[EXPRESSIONS.index(name) for name in wanted]]
        made, masks = self.model.run(np.repeat(crop, len(asked), 0), ("face", "mask"), {"wanted": asked})
        fade = strength * rim(crop_shape.size)
        return tuple(
            Change(name, strength, fade * one, fade * (1 - mask[0]), to_crop)
            for name, one, mask in zip(wanted, made - crop.astype(np.float32), masks, strict=True)
        )


def obstacle(image: Image, face: Face) -> str:
    """Why nothing is made of `face` in the BGR picture `image`; "" if something can be.

    It is a part of a sentence: "the face is too dark ...".
    """
    if abs(face.pose.yaw) > MOST_TURNED or abs(face.pose.pitch) > MOST_TURNED:
        return f"the head is turned by more than {MOST_TURNED:.0f} degrees: face the camera"
    if face.status == "low_confidence" and min(face.openness) > 0:
        return _COVERED
    if face.status not in _DOUBTFUL and glasses.worn(image, crop_eyes(face)):
        return _GLASSES
    return quality.MEANING[face.status] if face.status in _DOUBTFUL else ""


def changed(image: Image, changes: Sequence[Change]) -> Image:
    """A copy of a BGR picture with `changes` of its faces, without words: `made_up.picture` adds those."""
    drawn = image.copy()
    for change in changes:
        part, transform, size = _place(change, image)
        if not drawn[part].size:
            continue
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        planes = np.ascontiguousarray(
            change.grey.transpose(1, 2, 0)[..., ::-1]
        )  # to BGR where it has colours
        added = cv2.warpAffine(planes, transform, size, flags=flags)
        drawn[part] = _added(drawn[part], cast(Maps, added))
    return drawn


def _added(image: Image, added: Maps) -> Image:
    """A BGR picture with grey levels `added` (height, width), or (height, width, 3) in its colours.

    Grey that is taken away darkens all colours alike: else dark skin would turn red.
    """
    was = image.astype(np.float32)
    if added.ndim == 3:
        return cast(Image, np.rint(np.clip(was + added, 0, 255)).astype(np.uint8))
    grey = np.maximum(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.float32), 1)
    darker = np.maximum(1 + np.minimum(added, 0) / grey, 0)[..., None]
    lighter = np.maximum(added, 0)[..., None]
    return cast(Image, np.rint(np.clip(was * darker + lighter, 0, 255)).astype(np.uint8))


def tinted(image: Image, change: Change) -> Image:
    """A copy of a BGR picture, orange where a face would have to change: all of it where all is made anew."""
    drawn = image.copy()
    part, transform, size = _place(change, image)
    if not drawn[part].size:
        return drawn
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    share = np.clip(cv2.warpAffine(change.share, transform, size, flags=flags), 0, 1)[..., None]
    grey = cv2.cvtColor(image[part], cv2.COLOR_BGR2GRAY)[..., None].astype(np.float32)
    colour = np.array(ORANGE, np.float32) * (DARKEST + (1 - DARKEST) * grey / 255)
    drawn[part] = np.rint((1 - share) * grey + share * colour).astype(np.uint8)
    return drawn


ORANGE = (0, 120, 255)  # BGR
DARKEST = 0.45  # brightness of the colour over a black pixel: the face can still be seen below it


def _place(change: Change, image: Image) -> tuple[tuple[slice, slice], Matrix, tuple[int, int]]:
    """Rows and columns of the crop in the picture, the transform from there to the crop, (width, height)."""
    height, width = image.shape[:2]
    low = np.clip(np.floor(change.corners.min(0)).astype(int), 0, (width, height))
    high = np.clip(np.ceil(change.corners.max(0)).astype(int) + 1, 0, (width, height))
    transform = change.to_crop.copy()
    transform[:, 2] += transform[:, :2] @ low
    size = int(high[0] - low[0]), int(high[1] - low[1])
    return (slice(low[1], high[1]), slice(low[0], high[0])), transform, size


def rim(size: int) -> Maps:
    """(size, size): by what a change of a crop is multiplied: 1 inside, falling to 0 at the edge."""
    inwards = (0.5 + np.minimum(np.arange(size), np.arange(size)[::-1])) / (EDGE * size)
    return np.clip(np.minimum.outer(inwards, inwards), 0, 1).astype(np.float32)
