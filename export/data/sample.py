"""Which faces an epoch shows: all equally often, or rare expressions more often."""

from __future__ import annotations

import numpy as np

from export.data.arrays import Counts, Labels


def epoch_order(labels: Labels, power: float, count: int, rng: np.random.Generator) -> Counts:
    """`count` row numbers of the faces whose expressions are `labels` (n,). With `power` 0 a permutation;
    else drawn with a chance of frequency ** -power.

    At power 1 every expression is seen equally often (balanced); between, rare ones gain a little.
    Raises ValueError when `count` is more than a permutation holds.
    """
    if not power:
        if count > len(labels):
            raise ValueError(f"An epoch of {count} faces needs as many; there are {len(labels)}.")
        return rng.permutation(len(labels))[:count]
    frequency = np.bincount(labels, minlength=8)[labels]
    chance = frequency ** -float(power)
    return rng.choice(len(labels), count, p=chance / chance.sum())
