"""Which faces an epoch shows: all equally often, or rare expressions or rated faces more often."""

from __future__ import annotations

import numpy as np

from export.data.arrays import Counts, Floats, Labels


def epoch_order(
    labels: Labels, power: float, count: int, rng: np.random.Generator, favour: Floats | None = None
) -> Counts:
    """`count` row numbers of the faces whose expressions are `labels` (n,). With `power` 0 a permutation;
    else drawn with a chance of frequency ** -power.

    At power 1 every expression is seen equally often (balanced); between, rare ones gain a little. `favour`
    (n,), where given, multiplies each row's chance; then rows are drawn whatever the power. Raises ValueError
    when `count` is more than a permutation holds.
    """
    if not power and favour is None:
        if count > len(labels):
            raise ValueError(f"An epoch of {count} faces needs as many; there are {len(labels)}.")
        return rng.permutation(len(labels))[:count]
    frequency = np.bincount(labels, minlength=8)[labels]
    chance = frequency ** -float(power) * (1.0 if favour is None else favour)
    return rng.choice(len(labels), count, p=chance / chance.sum())
