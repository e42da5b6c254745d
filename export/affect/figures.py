"""The figures of expression, valence and arousal: one definition for training, cards and tests."""

from __future__ import annotations

import numpy as np


def accuracy(probs: np.ndarray, labels: np.ndarray) -> float:
    """Share in percent of rows of (n, k) `probs` whose largest is the label."""
    return 100 * float((probs.argmax(1) == labels).mean())


def confusion(probs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(k, k) counts: true expression down, predicted across."""
    k = probs.shape[1]
    return np.bincount(labels * k + probs.argmax(1), minlength=k * k).reshape(k, k)


def recalls(probs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(k,) percent of each expression's faces that are found; NaN where there are none."""
    matrix = confusion(probs, labels)
    counts = matrix.sum(1)
    return 100 * np.divide(matrix.diagonal(), counts, out=np.full(len(counts), np.nan), where=counts > 0)


def calibration_error(probs: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error in percent: |accuracy - confidence| over bins (Guo et al., ICML 2017)."""
    confidence, right = probs.max(1), probs.argmax(1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(place, right - confidence, bins)
    return 100 * float(np.abs(gaps).sum() / len(labels))


def rmse(found: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Root mean squared error of each column."""
    return np.sqrt(((found - true) ** 2).mean(0))


def cc(found: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Pearson's correlation of each column."""
    a, b = found - found.mean(0), true - true.mean(0)
    return (a * b).sum(0) / np.sqrt((a**2).sum(0) * (b**2).sum(0))


def ccc(found: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Concordance correlation of each column (Lin 1989)."""
    mf, mt = found.mean(0), true.mean(0)
    covariance = ((found - mf) * (true - mt)).mean(0)
    return 2 * covariance / (found.var(0) + true.var(0) + (mf - mt) ** 2)


def sign_agreement(found: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Percent of rows of each column whose signs agree, among those whose truth is not 0."""
    return np.array(
        [
            100 * float((np.sign(f[t != 0]) == np.sign(t[t != 0])).mean())
            for f, t in zip(found.T, true.T, strict=True)
        ]
    )
