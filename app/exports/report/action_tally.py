"""How much each person's face moved: means of the actions, without keeping their rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.sessions.reading import Rows
from app.stages.actions.names import ACTIONS
from app.types import Floats, Mask

CLEAR = 0.5  # of an action, from which on it is counted as shown


@dataclass(frozen=True, slots=True, eq=False)
class ActionFigures:
    """The actions of one person, in the order of ACTIONS."""

    mean: Floats  # (n,) 0..1; NaN where it never was known
    shown: Floats  # (n,) share of the rows in which the action was at least CLEAR


class ActionTally:
    """Takes blocks of rows in any order; `of` then gives the figures of a person."""

    def __init__(self) -> None:
        self._sums: dict[int, Floats] = {}  # by id: (3, n) known values, sums, clear values

    def add(self, block: Rows, seen: Mask) -> None:
        """Counts the rows of `block` that `seen` (n,) names and that have actions."""
        values = np.stack([block[name] for name in ACTIONS], axis=1)[seen]
        faces = block["face"][seen]
        known = ~np.isnan(values).all(1)
        for face in np.unique(faces[known]).astype(int).tolist():
            own = values[known & (faces == face)]
            found = np.stack([(~np.isnan(own)).sum(0), np.nansum(own, 0), (own >= CLEAR).sum(0)])
            self._sums[face] = self._sums.get(face, np.zeros(found.shape)) + found

    def of(self, face: int) -> ActionFigures | None:
        """The figures of the person with the id `face`; None where no action is known, as in an older
        session."""
        if face not in self._sums:
            return None
        count, sums, clear = self._sums[face]
        count = np.where(count > 0, count, np.nan)
        return ActionFigures(sums / count, clear / count)
