"""Platt scaling: from any score to a probability, by logistic regression with two numbers.

Source: Platt, Probabilistic outputs for support vector machines, 1999 (with his soft targets).
"""

from __future__ import annotations

import numpy as np

from export.data.arrays import Floats, Mask


def platt(scores: Floats, right: Mask, steps: int = 50) -> tuple[float, float]:
    """(slope, offset) such that 1 / (1 + exp(-slope * score - offset)) is the probability of being right.

    `scores` (n,) float, `right` (n,) bool. Newton's method; slope 0 when all scores are the same.
    """
    spread = scores.std()
    if spread == 0:
        scores, spread = np.zeros_like(scores), 1.0
    x = np.column_stack([(scores - scores.mean()) / spread, np.ones(len(scores))])
    yes, no = right.sum(), (~right).sum()
    target = np.where(right, (yes + 1) / (yes + 2), 1 / (no + 2))
    weights = np.zeros(2)
    for _ in range(steps):
        found = 1 / (1 + np.exp(-x @ weights))
        curvature = (x * (found * (1 - found))[:, None]).T @ x + 1e-6 * np.eye(2)
        weights += np.clip(np.linalg.solve(curvature, x.T @ (target - found)), -2, 2)
    slope = weights[0] / spread
    return float(slope), float(weights[1] - slope * scores.mean())
