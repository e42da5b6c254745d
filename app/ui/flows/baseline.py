"""The baseline in the window: it is asked for, counted down over the picture, and said."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.stages.baseline import BaselineResult
from app.ui.flows.live import Live
from app.ui.flows.player import Player
from app.ui.look.echo import Echo
from app.ui.panels.notice import NoticeBar

CLOCK = 250  # ms


class BaselineFlow(QObject):
    def __init__(self, live: Live, player: Player, echo: Echo, strip: NoticeBar) -> None:
        super().__init__(player)
        self._live, self._player, self._echo, self._strip = live, player, echo, strip
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._look)

    def start(self) -> None:
        if not self._player.is_live:
            self._strip.say("Start a camera or a video first: a baseline is taken of the faces in it.")
            return
        self._live.baseline.start()
        self._clock.start(CLOCK)

    def _look(self) -> None:
        left = self._live.baseline.left
        if left is not None and self._player.is_live:
            self._echo.say(f"Neutral faces, please: {left:.0f}")
            return
        self._clock.stop()
        if (taken := self._live.baseline.take()) is not None:
            self._live.keep_baseline(taken)
            self._strip.say(said(taken), warning=not taken.baselines)


def said(taken: BaselineResult) -> str:
    """What came of it, as one or two sentences."""
    parts = []
    if taken.baselines:
        who = " and ".join(str(id) for id in sorted(taken.baselines))
        parts.append(f"Plane and curves now start from the neutral face of person {who}.")
    if taken.left_out:
        who = " and ".join(str(id) for id in taken.left_out)
        parts.append(f"Person {who} could not be seen well enough: try again with more light, face on.")
    return " ".join(parts) or "Nobody was in sight: press L again with a face in the picture."
