"""What the button says by what the player is doing."""

from __future__ import annotations

import pytest

from app.playing.transport import Transport
from app.ui.controls.actions import PAUSE, PLAY, START, STOP
from app.ui.flows.play_state import PlayState


@pytest.mark.parametrize(
    ("state", "cannot_be_paused", "plays", "is_paused"),
    [
        (PlayState.RESTING, START, START, START),
        (PlayState.OPENING, STOP, PAUSE, PLAY),
        (PlayState.PLAYING, STOP, PAUSE, PLAY),
    ],
)
def test_the_button_says_what_a_press_does(
    state: PlayState, cannot_be_paused: str, plays: str, is_paused: str
) -> None:
    steering = Transport(10, 30.0)
    assert (state.button_text(None), state.button_text(steering)) == (cannot_be_paused, plays)
    steering.pause()
    assert state.button_text(steering) == is_paused
