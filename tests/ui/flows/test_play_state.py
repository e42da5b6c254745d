"""What the button says by what the player is doing."""

from __future__ import annotations

import pytest

from app.ui.controls.actions import PAUSE, PLAY, START, STOP
from app.ui.flows.play_state import PlayState


@pytest.mark.parametrize(
    ("state", "plays", "is_paused"),
    [
        (PlayState.RESTING, START, START),
        (PlayState.OPENING, STOP, STOP),
        (PlayState.PLAYING, PAUSE, PLAY),
    ],
)
def test_the_button_says_what_a_press_does(state: PlayState, plays: str, is_paused: str) -> None:
    assert (state.button_text(paused=False), state.button_text(paused=True)) == (plays, is_paused)
