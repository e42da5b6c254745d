"""Expressions in the valence-arousal plane, by published coordinates.

Source: Russell and Mehrabian, "Evidence for a three-factor theory of emotions", Journal of Research in
Personality 11 (1977), table of 151 terms: mean pleasure and arousal of happy, sad, surprised, fearful,
disgusted and angry. Neutral is the origin. The table is not used for contempt: it is halfway between
disgust and anger, whose mixture it is after Plutchik, "Emotion: a psychoevolutionary synthesis" (1980).
Valence and arousal that are computed from these coordinates are derived, not rated: networks learn them where
there are no ratings. The network that ships has learnt ratings.
"""

from __future__ import annotations

import numpy as np

from app.types import EXPRESSIONS, Affects, Floats, Probs

SOURCE = (
    "expectation of the coordinates of Russell and Mehrabian 1977 (J. Research in Personality 11) under the "
    "votes; neutral 0, 0; contempt halfway between disgust and anger (Plutchik 1980); derived, not rated"
)
_AT = {
    "neutral": (0.0, 0.0),
    "happy": (0.81, 0.51),
    "sad": (-0.63, -0.27),
    "surprise": (0.40, 0.67),
    "fear": (-0.64, 0.60),
    "disgust": (-0.60, 0.35),
    "anger": (-0.51, 0.59),
    "contempt": (-0.555, 0.47),
}
COORDINATES = np.array([_AT[name] for name in EXPRESSIONS], np.float32)
"""(8, 2) valence and arousal of each expression."""


def expectation(votes: Probs | Floats) -> Affects:
    """Valence and arousal (n, 2) of (n, 8) shares of votes: the mean of COORDINATES, weighted by them."""
    return (votes @ COORDINATES).astype(np.float32)


def spread(probs: Probs) -> Floats:
    """(2, 2) covariance of valence and arousal under (8,) probabilities: 0 where one of them is 1."""
    away = COORDINATES - probs @ COORDINATES
    return np.asarray((away * probs[:, None]).T @ away, np.float64)
