"""How good made faces are, in numbers: distances of distributions, and of a face from its own."""

from __future__ import annotations

import numpy as np

from export.data.arrays import Counts, Floats, Labels, Probs
from export.synthesis.gan.pictures import Pictures


def frechet(one: Floats, other: Floats) -> float:
    """The Frechet distance of two sets of features (n, d) and (m, d), each taken for a Gaussian.

    Heusel et al., NeurIPS 2017: |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^1/2). In the features of another network
    than Inception it has another scale, and with few faces it is too large.
    """
    means = one.mean(0) - other.mean(0)
    first, second = (np.cov(features, rowvar=False) for features in (one, other))
    values, vectors = np.linalg.eigh(first)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    shared = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ second @ root), 0)).sum()
    return float(means @ means + np.trace(first) + np.trace(second) - 2 * shared)


def inception_score(probs: Probs) -> float:
    """exp(E KL(p(y | x) || p(y))) of (n, 8) `probs`, from 1 to 8 (Salimans et al., NeurIPS 2016)."""
    sure = np.maximum(probs.astype(float), 1e-12)
    return float(np.exp((sure * np.log(sure / sure.mean(0))).sum(1).mean()))


def shares(found: Labels, wanted: Labels) -> Floats:
    """(8,) percent of the faces wanted with each expression in which it is `found`; NaN where none is."""
    counts = np.bincount(wanted, minlength=8)
    right = np.bincount(wanted[found == wanted], minlength=8)
    percent: Floats = np.divide(100.0 * right, counts, where=counts > 0, out=np.full(8, np.nan))
    return percent


def kept(before: Pictures, after: Pictures, masks: Floats) -> float:
    """The mean difference of `after` from `before`, (n, c, s, s), in grey levels, where masks keep the face.

    Each place counts as much as `masks` (n, 1, s, s) keep there; NaN where they keep nothing anywhere.
    """
    apart = np.abs(after.astype(np.float32) - before).mean(1, keepdims=True)
    weight = float(masks.sum())
    return float((apart * masks).sum() / weight) if weight else float("nan")


class Eigenfaces:
    """Turk and Pentland, Journal of Cognitive Neuroscience 3(1), 1991: an embedding without landmarks.

    It is fitted to `pictures` (n, c, s, s); `count` is its length. The first `LIGHT` directions, which are
    mostly the light, are left out.
    """

    LIGHT = 3

    def __init__(self, pictures: Pictures, count: int = 64) -> None:
        flat = self._flat(pictures)
        self._mean = flat.mean(0)
        _, spread, axes = np.linalg.svd(flat - self._mean, full_matrices=False)
        kept = slice(self.LIGHT, self.LIGHT + count)
        self._axes = axes[kept].T / spread[kept] * np.sqrt(len(flat) - 1)

    def __call__(self, pictures: Pictures) -> Floats:
        """(n, count): where pictures (n, c, s, s) are, in standard deviations of the pictures fitted to."""
        return np.asarray((self._flat(pictures) - self._mean) @ self._axes)

    @staticmethod
    def _flat(pictures: Pictures) -> Floats:
        return pictures.reshape(len(pictures), -1).astype(np.float32)


def recognised(faces: Floats, made: Floats, rows: Counts) -> float:
    """Percent of `made` (m, d) whose nearest of `faces` (n, d), by angle, is their own, at `rows` (m,)."""
    first, second = (set_ / np.linalg.norm(set_, axis=1, keepdims=True) for set_ in (faces, made))
    return float(100 * ((second @ first.T).argmax(1) == rows).mean())
