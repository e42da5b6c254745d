"""The figures of expression, valence and arousal: one definition for training, cards and tests."""

from __future__ import annotations

import numpy as np

from export.data.arrays import Counts, Floats, Labels, Plane, Probs


def accuracy(probs: Probs, labels: Labels) -> float:
    """The percentage of rows of (n, k) `probs` whose largest is the label, an index 0..k-1."""
    return 100 * float((probs.argmax(1) == labels).mean())


def confusion(probs: Probs, labels: Labels) -> Counts:
    """(k, k) counts of the faces of (n, k) `probs`: the true expression down, the predicted one across."""
    k = probs.shape[1]
    return np.bincount(labels * k + probs.argmax(1), minlength=k * k).reshape(k, k)


def recalls(probs: Probs, labels: Labels) -> Floats:
    """(k,) recall of each expression in percent, from (n, k) `probs`; NaN where it has no faces."""
    matrix = confusion(probs, labels)
    counts = matrix.sum(1)
    found: Floats = np.full(len(counts), np.nan)
    np.divide(matrix.diagonal(), counts, out=found, where=counts > 0)
    return 100 * found


def calibration_error(probs: Probs, labels: Labels, bins: int = 15) -> float:
    """Expected calibration error in percent of (n, k) `probs` (Guo et al., ICML 2017).

    The mean of |accuracy - confidence| over `bins` of equal width, each weighed by its faces.
    """
    confidence, right = probs.max(1), probs.argmax(1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(place, right - confidence, bins)
    return 100 * float(np.abs(gaps).sum() / len(labels))


def rmse(found: Plane, true: Plane) -> Floats:
    """(k,) root mean squared error of each column of (n, k) `found` against `true`."""
    return np.asarray(np.sqrt(((found - true) ** 2).mean(0)))


def cc(found: Plane, true: Plane) -> Floats:
    """(k,) Pearson's correlation of each column of (n, k) `found` with `true`, -1..1."""
    a, b = found - found.mean(0), true - true.mean(0)
    return np.asarray((a * b).sum(0) / np.sqrt((a**2).sum(0) * (b**2).sum(0)))


def ccc(found: Plane, true: Plane) -> Floats:
    """(k,) concordance correlation (Lin 1989) of each column of (n, k) `found` with `true`, -1..1."""
    mf, mt = found.mean(0), true.mean(0)
    covariance = ((found - mf) * (true - mt)).mean(0)
    return np.asarray(2 * covariance / (found.var(0) + true.var(0) + (mf - mt) ** 2))


def sign_agreement(found: Plane, true: Plane) -> Floats:
    """(k,) percentage of the rows of each column whose signs agree, among those whose truth is not 0."""
    return np.array(
        [
            100 * float((np.sign(f[t != 0]) == np.sign(t[t != 0])).mean())
            for f, t in zip(found.T, true.T, strict=True)
        ]
    )
