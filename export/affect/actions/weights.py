"""How much each measure counts in an action: as FACS says which way it moves, as much as tells most.

No face here is coded for actions. What FACS says of expressions stands in: who smiles pulls the corners of
the lips, who is surprised raises brows and lids. A measure can only count in the direction that the action
has in FACS.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from export.data.arrays import Floats, Mask

RIDGE = 0.02  # in variances of a measure, against weights that hang on a few faces


def fitted(measures: Floats, signs: Floats, shows: Mask) -> Floats:
    """(m,) weights of n faces' `measures` (n, m) that tell best who `shows` (n,) the expression, by least
    squares in which both groups count alike.

    `signs` (m,) are 1 or -1: a weight of the other sign is set to 0, the worst first; at 0 any weight is
    right. Their sum of amounts is 1.
    """
    share = np.where(shows, 0.5 / shows.sum(), 0.5 / (~shows).sum())
    middle = share @ measures
    x = measures - middle
    spread = np.sqrt(share @ x**2)
    x = x / spread
    target = np.where(shows, 1.0, -1.0)
    square, moment = (x * share[:, None]).T @ x, (x * share[:, None]).T @ target
    free = np.ones(len(signs), bool)
    while True:
        solved = np.zeros(len(signs))
        part = np.ix_(free, free)
        solved[free] = np.linalg.solve(square[part] + RIDGE * np.eye(free.sum()), moment[free])
        wrong = np.where(free, signs * solved, np.inf)
        if wrong.min() >= 0:
            break
        free[wrong.argmin()] = False
    weights: Floats = np.where(signs * solved >= 0, solved / spread, 0)
    weights /= np.abs(weights).sum()
    return weights


def one_sided(measures: Floats, signs: Floats, shows: Mask, tries: int = 400) -> Floats:
    """(m,) weights, as in `fitted`, whose difference between the two sides is largest in those who `shows`
    (n,).

    `measures` is (n, 2, m). Drawn at random, then moved while that helps, by the area under the curve.
    """
    apart = measures[:, 0] - measures[:, 1]
    spread = apart.std(0)
    rng = np.random.default_rng(0)

    def area(amounts: Floats) -> float:
        return auc(np.abs(apart @ (signs * amounts / spread)), shows)

    best = max((rng.dirichlet(np.full(len(signs), 0.5)) for _ in range(tries)), key=area)
    found = area(best)
    for step in range(tries):
        moved = np.clip(best + rng.normal(0, 0.3 * 0.99**step, len(signs)), 0, None)
        if moved.sum() > 0 and (value := area(moved)) > found:
            best, found = moved, value
    weights: Floats = signs * best / spread
    weights /= np.abs(weights).sum()
    return weights


def auc(scores: Floats, shows: Mask) -> float:
    """The area under the curve: the chance that one of those who `shows` (n,) has a higher score (n,) than
    one of the others; ties count half."""
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    ones = int(shows.sum())
    return float((rank[shows].sum() - ones * (ones + 1) / 2) / (ones * (len(shows) - ones)))


def plain(weights: Mapping[str, float], least: float = 1e-3) -> dict[str, float]:
    """The weights in four decimals, without those that count for nothing."""
    return {name: round(float(weight), 4) for name, weight in weights.items() if abs(weight) >= least}
