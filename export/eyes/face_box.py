"""Both eyes from nothing but a face box: looks at crops and at their mirror images, in two rounds.

A box says little of a face from the side: its eyes lie far from where eyes lie on average, and one look may
lose one. The first round looks to both sides, the second around the mean answer of the first. No torch here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from app.stages.align import CropShape
from export.data.net7876 import LABEL_SHIFT
from export.eyes.errors import locate

# The crops of each round: how far aside, in eye distances, and how large, in times the usual crop. Chosen on
# net_7876-train, where larger first looks, turned ones, and a vote among them found fewer eyes.
ROUNDS = (((-0.15, 1.0), (0.15, 1.0)), ((0.0, 0.85), (0.0, 1.1)))
LOOKS = 2 * sum(len(crops) for crops in ROUNDS)
Run = Callable[[np.ndarray], np.ndarray]  # the heatmaps of a batch of crops


def find(
    run: Run, shape: CropShape, pictures: Sequence[np.ndarray], guesses: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Centres (n, 2, 2) in the grey pictures, and confidence (n, 2), from eyes where they lie on average in
    a face box, `guesses` (n, 2, 2). In the mean of a round an eye's answer counts as much as it is sure."""
    eyes = guesses
    for crops in ROUNDS:
        around = [
            np.stack([moved(pair, 0.0, size, np.array([aside, 0.0])) for pair in eyes])
            for aside, size in crops
        ]
        looks = [look(run, shape, pictures, rough) for rough in around for look in (locate, mirrored)]
        centres, sure = (np.stack(part) for part in zip(*looks, strict=True))
        weight = sure[..., None] + 1e-6  # also where no look saw anything
        eyes = (weight * centres).sum(0) / weight.sum(0)
    return eyes, sure.mean(0)


def mirrored(
    run: Run, shape: CropShape, pictures: Sequence[np.ndarray], eyes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """`locate` in the mirror images of the pictures: the subject's left eye is the right one there.

    The network answers where people would have set the labels, which lie a little to the right of the eyes;
    in a mirror image that is the other side, and is undone.
    """
    last = np.array([[picture.shape[1] - 1] for picture in pictures])
    centres, sure = locate(run, shape, [np.fliplr(picture) for picture in pictures], swapped(eyes, last))
    centres = swapped(centres, last)
    centres[..., 0] += 2 * LABEL_SHIFT * np.hypot(*(centres[:, 0] - centres[:, 1]).T)[:, None]
    return centres, sure[:, ::-1]


def swapped(eyes: np.ndarray, last: np.ndarray) -> np.ndarray:
    """(n, 2, 2) in the mirror images of pictures whose last columns are `last` (n, 1)."""
    other = eyes[:, ::-1].copy()
    other[..., 0] = last - other[..., 0]
    return other


def moved(eyes: np.ndarray, degrees: float, scale: float, shift: np.ndarray) -> np.ndarray:
    """(2, 2): both eyes turned and scaled about their middle, and shifted by `shift` eye distances."""
    middle = eyes.mean(0)
    cos, sin = scale * np.cos(np.radians(degrees)), scale * np.sin(np.radians(degrees))
    distance = np.hypot(*(eyes[0] - eyes[1]))
    return (eyes - middle) @ np.array([[cos, sin], [-sin, cos]]) + middle + shift * distance
