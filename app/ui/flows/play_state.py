"""What the player is doing, and what its button says."""

from __future__ import annotations

from enum import Enum, auto

from app.ui.controls.actions import PAUSE, PLAY, START, STOP


class PlayState(Enum):
    """One source goes from `OPENING` to `PLAYING`; whatever ends it leads to `RESTING`."""

    RESTING = auto()  # nothing plays, and nothing is going to
    OPENING = auto()  # the work thread has been asked for a source
    PLAYING = auto()  # it has started

    def button_text(self, *, paused: bool) -> str:
        """What a press of the button does next; `paused` says whether what plays stands still."""
        if self is PlayState.PLAYING:
            return PLAY if paused else PAUSE
        return START if self is PlayState.RESTING else STOP
