"""The statistics of a paired comparison: Student's t over people, its interval, and an effect size.

Student's distribution is computed here from the regularised incomplete beta function, since nothing that Mien
needs otherwise brings it; tests hold it against published tables. Mixed models are for R or JASP, to which
`mien table` gives one row a person and stimulus.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np


@dataclass(frozen=True, slots=True)
class Paired:
    """Two conditions compared over the same people; NaN where there are fewer than two, or no spread."""

    people: int
    difference: float  # mean of first minus second
    low: float  # of the 95 % interval of the difference
    high: float
    t: float
    p: float  # two-sided
    dz: float  # mean of the differences over their standard deviation
    dz_low: float  # of the 95 % interval of dz
    dz_high: float


def paired(first: Sequence[float], second: Sequence[float]) -> Paired:
    """Compares values (n,) of the same n people under two conditions.

    The interval of the effect size is the approximate one of its standard error, sqrt(1/n + dz²/2n)
    (Cumming, Understanding the new statistics, 2012, chapter 11).
    """
    difference = np.asarray(first, float) - np.asarray(second, float)
    difference = difference[~np.isnan(difference)]
    n = len(difference)
    if n < 2:
        return Paired(n, float(difference[0]) if n else math.nan, *[math.nan] * 7)
    mean, sd = float(difference.mean()), float(difference.std(ddof=1))
    reach = t_quantile(0.975, n - 1) * sd / math.sqrt(n)
    if sd <= 1e-12 * max(1.0, abs(mean)):  # all alike, but for rounding
        return Paired(n, mean, mean, mean, *[math.nan] * 5)
    t, dz = mean / (sd / math.sqrt(n)), mean / sd
    error = 1.959964 * math.sqrt(1 / n + dz * dz / (2 * n))
    return Paired(
        n, mean, mean - reach, mean + reach, t, 2 * t_tail(abs(t), n - 1), dz, dz - error, dz + error
    )


def holm(p: Sequence[float]) -> tuple[float, ...]:
    """The p-values corrected for their number (Holm, 1979); NaN stays."""
    order = sorted((i for i, value in enumerate(p) if value == value), key=lambda i: p[i])
    found, highest = [math.nan] * len(p), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - rank) * p[i]))
        found[i] = highest
    return tuple(found)


def t_tail(t: float, df: int) -> float:
    """The probability of a value above `t`, at least 0, in Student's distribution with `df` degrees."""
    return 0.5 * _beta(df / (df + t * t), df / 2, 0.5)


@lru_cache(1000)
def t_quantile(share: float, df: int) -> float:
    """The value below which `share`, 0.5 to 1, of Student's distribution with `df` degrees lies."""
    low, high = 0.0, 1.0
    while t_tail(high, df) > 1 - share:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if t_tail(middle, df) > 1 - share else (low, middle)
    return (low + high) / 2


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return min(max(x, 0.0), 1.0)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    fraction = 1.0
    for m in range(300, 0, -1):  # from the inside out
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        fraction = 1 + even / (1 + odd / fraction)
    first = -(a + b) * x / (a + 1)
    return front / a / (1 + first / fraction)
