"""Mixup (Zhang et al., ICLR 2018): pictures and targets of two faces, blended in one proportion."""

from __future__ import annotations

import numpy as np

from export.data.arrays import Crops, Floats


def mixed(
    crops: Crops, targets: tuple[Floats, ...], alpha: float, rng: np.random.Generator
) -> tuple[Crops, tuple[Floats, ...]]:
    """(n, ...) uint8 `crops` and float `targets`, each face blended with another of the batch.

    The batch has one proportion, from Beta(`alpha`, `alpha`); each face keeps the larger part of itself, so
    that its label stays true.
    """
    share = rng.beta(alpha, alpha)
    share = max(share, 1 - share)
    other = rng.permutation(len(crops))
    blended = share * crops + (1 - share) * crops[other]
    kept = tuple((share * t + (1 - share) * t[other]).astype(t.dtype) for t in targets)
    return np.round(blended).astype(np.uint8), kept
