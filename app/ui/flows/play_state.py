"""What the player is doing, and what its button says."""

from __future__ import annotations

from enum import Enum, auto

from app.playing.protocols import Steerable
from app.ui.controls.actions import PAUSE, PLAY, START, STOP


class PlayState(Enum):
    """One source goes from `OPENING` to `PLAYING`; whatever ends it leads to `RESTING`."""

    RESTING = auto()  # nothing plays, and nothing is going to
    OPENING = auto()  # the work thread has been asked for a source
    PLAYING = auto()  # it has started

    def button_text(self, steering: Steerable | None) -> str:
        """What a press of the button does next; `steering` is what can be paused just now."""
        if self is PlayState.RESTING:
            return START
        if steering is None:
            return STOP
        return PAUSE if steering.playing else PLAY
