"""Activation maps: which places of a face speak for an expression, and where in the picture they are.

Source: Zhou et al., "Learning deep features for discriminative localization", CVPR 2016. A map's value is how
much more a place speaks for the expression than for the mean of all eight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from app.stages.affect import AffectReader
from app.stages.align import apply, inverse, similarity
from app.stages.cards import Card
from app.stages.landmarks import outline_means
from app.types import Detection, Eyes, Face, Floats, Grey, Image, Maps, Matrix, Probs

EDGE = 0.05  # of the crop's side, over which a drawing of it fades out


@dataclass(frozen=True, slots=True, eq=False)
class Reasons:
    """What the affect network answers for one face, with the activation maps that explain it."""

    probs: Probs  # (8,) in the order of EXPRESSIONS
    maps: Maps  # (8, h, w) over the crop: above 0 speaks for the expression, below against it
    to_crop: Matrix  # (2, 3), from the picture's pixels to the crop's
    card: Card  # of the network

    @property
    def best(self) -> tuple[int, int]:
        """The two most probable expressions, as indices into EXPRESSIONS."""
        first, second = np.argsort(-self.probs, kind="stable")[:2].tolist()
        return first, second

    @property
    def corners(self) -> Floats:
        """(4, 2): x, y of the crop's corners in pixels of the picture, in turn around it."""
        end = self.card.crop.size - 0.5
        return apply(inverse(self.to_crop), np.array([[-0.5, -0.5], [end, -0.5], [end, end], [-0.5, end]]))

    def over(self, expression: int, size: tuple[int, int]) -> Maps:
        """(height, width), -1..1: how much each pixel of a picture of `size` (width, height) speaks for it.

        `expression` is an index into EXPRESSIONS. 0 outside the crop. The two of `best` share one scale.
        """
        most = max(float(np.abs(self.maps[list(self.best)]).max()), 1e-6)
        side = self.card.crop.size
        places = (self.maps[expression] / most).astype(np.float32)
        wide = cv2.resize(places, (side, side), interpolation=cv2.INTER_CUBIC)
        return self._to_picture(np.clip(wide, -1, 1).astype(np.float32, copy=False), size)

    def seen(self, size: tuple[int, int]) -> Maps:
        """(height, width), 0..1, of a picture of `size` (width, height): 1 inside the crop, 0 at its edge."""
        side = self.card.crop.size
        inwards = np.minimum(np.arange(side), np.arange(side)[::-1]) / (EDGE * side)
        mask = np.clip(np.minimum.outer(inwards, inwards), 0, 1).astype(np.float32)
        return self._to_picture(mask, size)

    def _to_picture(self, crop: Maps, size: tuple[int, int]) -> Maps:
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cast(Maps, cv2.warpAffine(crop, self.to_crop, size, flags=flags))


def reasons(reader: AffectReader, image: Image | Grey, eyes: Eyes) -> Reasons | None:
    """The answer for the face in a BGR or grey picture whose eyes are at `eyes` (2, 2), as in a Detection.

    None when the network has no maps. It keeps nothing, so any thread may call it, also while the same
    network reads another picture. Raises ModelError.
    """
    face = Detection(np.empty((0, 3), np.float32), np.empty(4, np.float32), eyes)
    outputs = reader.answer(image, (face,))
    if "maps" not in outputs:
        return None
    maps, card = outputs["maps"][0], reader.model.card
    return Reasons(outputs["probs"][0], maps - maps.mean(0), similarity(eyes, card.crop), card)


def crop_eyes(face: Face) -> Eyes:
    """The eyes (2, 2), in pixels, by which `face` was aligned.

    A replay keeps no landmarks: there it is the eye centres, which are nearly the same.
    """
    return outline_means(face.landmarks) if face.landmarks.any() else face.raw.eyes
