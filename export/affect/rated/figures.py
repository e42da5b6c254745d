"""How well predicted valence and arousal agree with ratings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.types import EXPRESSIONS
from export.affect import figures
from export.data import ratings
from export.data.arrays import Floats, Plane
from export.data.faces import Faces

NAMES = ("valence", "arousal")
CLEAR = 0.1  # a rating nearer to 0 has no sign that raters agree on


@dataclass(frozen=True, slots=True)
class Agreement:
    """How predicted valence, or arousal, agrees with the ratings."""

    ccc: float  # Lin's concordance
    rmse: float
    sign: float  # percent with the rating's sign, of those not rated 0
    clear_sign: float  # the same, of those rated beyond 0.1 either way
    happy_correlation: float  # Pearson's, among faces whose majority is happy
    happy_spread: float  # standard deviation of the prediction among these
    happy_rated_spread: float  # that of the ratings


def measure(va: Plane, faces: Faces) -> dict[str, Agreement]:
    """How (n, 2) `va` agrees with the ratings of n rated `faces`: for "valence" and for "arousal".

    The correlation is NaN where all happy faces have one rating, or there are none.
    """
    true = faces.va.astype(np.float64)
    ccc, rmse, sign = (of(va, true) for of in (figures.ccc, figures.rmse, figures.sign_agreement))
    clear = figures.sign_agreement(va, np.where(np.abs(true) > CLEAR, true, 0))
    happy = faces.labels == EXPRESSIONS.index("happy")
    with np.errstate(invalid="ignore"):  # faces that all have one rating correlate with nothing: NaN
        within = figures.cc(va[happy], true[happy])
    spread, rated = va[happy].std(0), true[happy].std(0)
    columns = zip(ccc, rmse, sign, clear, within, spread, rated, strict=True)
    return {
        name: Agreement(*(float(value) for value in column))
        for name, column in zip(NAMES, columns, strict=True)
    }


def ceiling(true: Plane) -> Floats:
    """(2,) the CCC with (n, 2) ratings `true`, each the mean of two passes, of whoever knew their truth.

    The noise of such a mean is half of what both passes are apart (`ratings.APART`).
    """
    noise = (np.array(ratings.APART) / 2) ** 2
    spread = true.astype(np.float64).var(0)
    return np.asarray((spread - noise) / (spread - noise / 2))


def score(va: Plane, true: Plane) -> float:
    """The mean of both CCCs of (n, 2) `va` against `true`, -1..1: by it readouts are chosen."""
    return float(figures.ccc(va, true).mean())


def lines(found: dict[str, Agreement]) -> list[str]:
    """What `measure` found, in a line for valence and one for arousal."""
    return [
        f"{name}: CCC {a.ccc:.3f}, RMSE {a.rmse:.3f}, sign {a.sign:.1f} % "
        f"(beyond {CLEAR}: {a.clear_sign:.1f} %), among happy faces correlation {a.happy_correlation:.3f}, "
        f"spread {a.happy_spread:.3f} (rated {a.happy_rated_spread:.3f})"
        for name, a in found.items()
    ]
