"""Why an expression: which places of a face speak for it, and where they lie in the picture.

Source: Zhou et al., "Learning deep features for discriminative localization", CVPR 2016. At each place stands
what that place says more for the expression than for the mean of all eight.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from app.stages.affect import AffectReader
from app.stages.align import apply, inverse, similarity
from app.stages.landmarks import outline_means
from app.stages.models import Card
from app.types import Detection, Face

EDGE = 0.05  # of the crop's side, over which what is drawn fades out


@dataclass(frozen=True, slots=True, eq=False)
class Reasons:
    """What one face shows in one picture, and where."""

    probs: np.ndarray  # (8,) in the order of EXPRESSIONS
    maps: np.ndarray  # (8, h, w) over the crop: above 0 speaks for the expression, below against it
    to_crop: np.ndarray  # (2, 3) from the picture's pixels to the crop's
    card: Card  # of the network that said so

    @property
    def best(self) -> tuple[int, int]:
        """The winner and the runner-up, as places in EXPRESSIONS."""
        first, second = np.argsort(-self.probs, kind="stable")[:2].tolist()
        return first, second

    @property
    def corners(self) -> np.ndarray:
        """(4, 2), in pixels of the picture: all that the network has seen lies between them, in turn."""
        end = self.card.crop.size - 0.5
        return apply(inverse(self.to_crop), np.array([[-0.5, -0.5], [end, -0.5], [end, end], [-0.5, end]]))

    def over(self, expression: int, size: tuple[int, int]) -> np.ndarray:
        """(height, width) float32, -1..1: how much each pixel of a picture of `size` (width, height) speaks
        for the expression; 0 outside the crop. Winner and runner-up share one scale.
        """
        most = max(float(np.abs(self.maps[list(self.best)]).max()), 1e-6)
        side = self.card.crop.size
        places = (self.maps[expression] / most).astype(np.float32)
        wide = cv2.resize(places, (side, side), interpolation=cv2.INTER_CUBIC)
        return self._back(np.clip(wide, -1, 1), size)

    def seen(self, size: tuple[int, int]) -> np.ndarray:
        """(height, width) float32, 0..1: 1 inside the crop, falling to 0 at its edge."""
        side = self.card.crop.size
        inwards = np.minimum(np.arange(side), np.arange(side)[::-1]) / (EDGE * side)
        return self._back(np.clip(np.minimum.outer(inwards, inwards), 0, 1).astype(np.float32), size)

    def _back(self, crop: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        return cv2.warpAffine(crop, self.to_crop, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)


def reasons(reader: AffectReader, image: np.ndarray, eyes: np.ndarray) -> Reasons | None:
    """Of the face in a BGR or grey picture whose `eyes`, (2, 2), are those of a Detection.

    None when the network gives no maps. It keeps nothing, so it may run on any thread, also while the same
    network reads another picture. Raises ModelError.
    """
    face = Detection(np.empty((0, 3), np.float32), np.empty(4, np.float32), eyes)
    named = reader.answer(image, (face,))
    if "maps" not in named:
        return None
    maps, card = named["maps"][0], reader.model.card
    return Reasons(named["probs"][0], maps - maps.mean(0), similarity(eyes, card.crop), card)


def crop_eyes(face: Face) -> np.ndarray:
    """The eyes, (2, 2), by which `face` was aligned; of a replay, which keeps no landmarks, nearly those."""
    return outline_means(face.landmarks) if face.landmarks.any() else face.raw.eyes
