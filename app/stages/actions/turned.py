"""Which actions cannot be measured of a head that is turned to a side: they are NaN there."""

from __future__ import annotations

from typing import Final

import numpy as np

from app.stages.actions.names import ACTIONS
from app.types import ActionValues, Mask

MAX_YAW = 30.0
"""Degrees to a side. From here on a cheek hides one corner of the lips, whose landmarks are guessed."""
HIDDEN = frozenset({"au14", "au15"})
"""The actions that read small differences of the corners of the lips: a guess looks like a strong action."""
_HIDDEN: Final[Mask] = np.array([name.partition("_")[0] in HIDDEN for name in ACTIONS])


def doubted(name: str) -> bool:
    """Whether the value `name` of ACTIONS is NaN of a turned head."""
    return name.partition("_")[0] in HIDDEN


def without_doubted(neutral: ActionValues, yaw: float) -> ActionValues:
    """`neutral` (n,), in the order of ACTIONS, with NaN where a head turned by `yaw` degrees hides an action.

    What is counted from NaN is NaN, while what was measured stays whole for the smoother and for a baseline.
    """
    return neutral if abs(yaw) < MAX_YAW else np.where(_HIDDEN, np.float32(np.nan), neutral)
