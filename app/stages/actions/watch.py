"""The actions and blinks of everybody in sight, frame after frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.stages.actions.blinks import Blinks
from app.stages.actions.card import ActionCard
from app.stages.actions.names import ACTIONS
from app.stages.actions.neutral import RunningNeutral
from app.stages.actions.reader import ActionReader
from app.stages.actions.turned import without_doubted
from app.stages.smooth import Smoother
from app.types import Actions, Face


class ActionWatch:
    """Adds its actions to each face; the same faces at the same times get the same ones."""

    def __init__(self, reader: ActionReader) -> None:
        """`reader` reads them from the landmarks."""
        self._reader, self._neutral, self._blinks = reader, RunningNeutral(len(ACTIONS)), Blinks()

    @property
    def card(self) -> ActionCard:
        """What the actions are made of, which a recording names."""
        return self._reader.card

    def add(self, face: Face, time: float, smoother: Smoother) -> Face:
        """`face`, seen at `time` in s, with its actions, smoothed by `smoother`, and its blink rate."""
        measured = self._reader.measure(face.landmarks)
        neutral = self._neutral.see(face.id, measured, face.raw, face.status)
        neutral = without_doubted(neutral, face.pose.yaw)
        actions = Actions(measured, smoother.smooth_actions(face.id, measured, time), neutral)
        return replace(face, actions=actions, blink_rate=self._blinks.see(face.id, face.openness, time))

    def forget(self, ids: Iterable[int]) -> None:
        """Drops what is known of faces that have left for good, or that a cut has ended."""
        gone = tuple(ids)
        self._neutral.forget(gone)
        self._blinks.forget(gone)
