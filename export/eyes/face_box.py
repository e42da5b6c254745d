"""Both eyes from nothing but a face box: several crops and their mirror images ("views"), in two rounds.

A box says little of a face from the side: its eyes are far from where eyes are on average, and a single crop
may miss one. The first round takes crops to both sides, the second around the mean answer of the first. No
torch here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.stages.align import CropShape
from export.data.arrays import Eyes, EyesOfFaces, Floats, Grey
from export.data.net7876 import LABEL_SHIFT
from export.eyes.errors import Run, locate

# The crops of each round: how far aside, in eye distances, and how large, relative to the usual crop. Chosen
# on net_7876-train, where larger first crops, turned ones, and a vote among them found fewer eyes.
ROUNDS = (((-0.15, 1.0), (0.15, 1.0)), ((0.0, 0.85), (0.0, 1.1)))
VIEWS = 2 * sum(len(crops) for crops in ROUNDS)  # crops and their mirror images


def find(
    run: Run, shape: CropShape, pictures: Sequence[Grey], guesses: EyesOfFaces
) -> tuple[EyesOfFaces, Floats]:
    """Centres (n, 2, 2) in the n grey pictures, in pixels, and confidence (n, 2), 0..1.

    `guesses` (n, 2, 2) are the eyes where they are on average in a face box. In the mean of a round each
    answer is weighed by its confidence.
    """
    eyes = guesses
    for crops in ROUNDS:
        around = [
            np.stack([moved(pair, 0.0, size, np.array([aside, 0.0])) for pair in eyes])
            for aside, size in crops
        ]
        views = [view(run, shape, pictures, rough) for rough in around for view in (locate, mirrored)]
        centres, sure = (np.stack(part) for part in zip(*views, strict=True))
        weight = sure[..., None] + 1e-6  # also where no view shows an eye
        eyes = (weight * centres).sum(0) / weight.sum(0)
    return eyes, sure.mean(0)


def mirrored(
    run: Run, shape: CropShape, pictures: Sequence[Grey], eyes: EyesOfFaces
) -> tuple[EyesOfFaces, Floats]:
    """`locate` in the mirror images of the pictures: the person's left eye is the right one there.

    The network answers where people would have set the labels, which are a little to the right of the eyes;
    in a mirror image that is the other side, and is undone.
    """
    last = np.array([[picture.shape[1] - 1.0] for picture in pictures])
    centres, sure = locate(run, shape, [np.fliplr(picture) for picture in pictures], swapped(eyes, last))
    centres = swapped(centres, last)
    centres[..., 0] += 2 * LABEL_SHIFT * np.hypot(*(centres[:, 0] - centres[:, 1]).T)[:, None]
    return centres, sure[:, ::-1]


def swapped(eyes: EyesOfFaces, last: Floats) -> EyesOfFaces:
    """`eyes` (n, 2, 2) in the mirror images of pictures whose last columns are `last` (n, 1), in pixels."""
    other = eyes[:, ::-1].copy()
    other[..., 0] = last - other[..., 0]
    return other


def moved(eyes: Eyes, degrees: float, scale: float, shift: Floats) -> Eyes:
    """`eyes` (2, 2) turned by `degrees` and scaled about their middle, and shifted by `shift` (2,) eye
    distances."""
    middle = eyes.mean(0)
    cos, sin = scale * np.cos(np.radians(degrees)), scale * np.sin(np.radians(degrees))
    distance = np.hypot(*(eyes[0] - eyes[1]))
    turned = (eyes - middle) @ np.array([[cos, sin], [-sin, cos]])
    return np.asarray(turned + middle + shift * distance)
