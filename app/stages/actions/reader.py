"""Reads the actions of a face from its landmarks: one similarity, one matrix."""

from __future__ import annotations

import numpy as np

from app.stages.actions.card import ActionCard
from app.stages.actions.measures import BY_NAME, landmarks_of
from app.stages.actions.names import TABLE, Action
from app.stages.actions.points import RIGID
from app.stages.actions.straighten import straighten
from app.types import ActionValues, Floats, Landmarks

ONE_SIDED = "au14"  # its value on one side is what that side has more than the other


class ActionReader:
    """Free of pose, size and place in the picture. It keeps nothing of a face. Attribute: `card`."""

    def __init__(self, card: ActionCard) -> None:
        """`card` says what counts how much."""
        self.card = card
        measures = [BY_NAME[name] for name in sorted({m for of in card.weights.values() for m in of})]
        used = landmarks_of(measures)
        self._used, self._rigid = np.array(used), np.array(RIGID)
        self._mesh = np.stack([card.mesh[landmark] for landmark in RIGID])
        places = {landmark: place for place, landmark in enumerate(used)}
        rows = {
            (m.name, left): m.row(places, card.mesh, left=left) for m in measures for left in (True, False)
        }
        matrix, zero = [], []
        for action in TABLE:
            sides = [
                np.sum([w * rows[name, left] for name, w in card.weights[action.name].items()], axis=0)
                for left in (True, False)
            ]
            unit = card.strong[action.name] - card.neutral[action.name]
            for row in _values(action, *sides):
                matrix.append(row / unit)
                zero.append(card.neutral[action.name] / unit)
        self._matrix, self._zero = np.stack(matrix), np.array(zero)

    def measure(self, landmarks: Landmarks) -> ActionValues:
        """(n,) in the order of ACTIONS, from (478, 3) landmarks in pixels: 0 as in the median neutral face, 1
        as in the 95th percentile of all faces that the card was made from; not bounded."""
        points = landmarks.take(self._used, axis=0).astype(np.float64)
        rigid = landmarks.take(self._rigid, axis=0).astype(np.float64)
        straight = straighten(points, rigid, self._mesh)
        values: ActionValues = (self._matrix @ straight.ravel() - self._zero).astype(np.float32)
        return values


def _values(action: Action, left: Floats, right: Floats) -> tuple[Floats, ...]:
    """The rows of an action's values: of both sides, of what each has more, or of their mean."""
    if action.name == ONE_SIDED:
        return left - right, right - left
    return (left, right) if action.sided else ((left + right) / 2,)
