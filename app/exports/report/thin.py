"""Thins a long series for drawing, so that an hour fits in a page; nothing is computed from the result."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.types import Floats

GAP = 0.5  # s without a value, after which a line is broken


@dataclass(frozen=True, slots=True)
class Thinned:
    """A series averaged in bins; the series itself where it has no more values than bins."""

    times: Floats  # (n,) s, mean of each bin that is not empty
    values: Floats  # (n, k) mean
    low: Floats  # (n, k) least
    high: Floats  # (n, k) greatest
    parts: tuple[slice, ...]  # unbroken stretches


def thin(times: Floats, values: Floats, start: float, end: float, bins: int) -> Thinned:
    """The series `values` (m, k), without NaN, at the increasing `times` (m,), in at most `bins` bins.

    The bins divide the time from `start` to `end` evenly; all times are in seconds.
    """
    if len(times) <= bins:
        return Thinned(times, values, values, values, _parts(times, GAP))
    width = (end - start) / bins
    number = np.minimum(((times - start) / width).astype(int), bins - 1)
    first = np.flatnonzero(np.diff(number, prepend=-1))
    counts = np.diff([*first, len(times)])
    mean = np.add.reduceat(values, first) / counts[:, None]
    middle = np.add.reduceat(times, first) / counts
    low, high = np.minimum.reduceat(values, first), np.maximum.reduceat(values, first)
    return Thinned(middle, mean, low, high, _parts(middle, max(GAP, 2.5 * width)))


def _parts(times: Floats, gap: float) -> tuple[slice, ...]:
    if not len(times):
        return ()
    cuts = [0, *(np.flatnonzero(np.diff(times) > gap) + 1), len(times)]
    return tuple(slice(int(a), int(b)) for a, b in pairwise(cuts))
