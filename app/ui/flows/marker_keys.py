"""Markers by keys: 1 to 9 have names, K takes any text, U undoes the last one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.playing.history import History
from app.system import clock
from app.ui.controls.actions import Actions
from app.ui.controls.marker_text import MarkerText
from app.ui.flows.markers import Markers
from app.ui.flows.player import Player
from app.ui.flows.record_flow import RecordFlow
from app.ui.panels.banner import Banner
from app.ui.panels.curves import Curves

DRAWN = 200  # markers in the curves, which show the last half minute


class MarkerKeys(QObject):
    """A marker goes into the recording, or is added to the session that is replayed; a banner confirms it."""

    def __init__(
        self, window: QWidget, actions: Actions, markers: Markers, history: History, player: Player,
        recording: RecordFlow, banner: Banner, curves: Curves,
    ) -> None:  # fmt: skip
        """`history` has the clock of what is measured."""
        super().__init__(window)
        self._markers, self._history, self._player = markers, history, player
        self._recording, self._banner, self._curves = recording, banner, curves
        self.names: Callable[[], tuple[str, ...]] = lambda: tuple(f"marker {i}" for i in range(1, 10))
        self.text = MarkerText(banner.over)
        self._pressed = 0.0  # s, clock.now(), when a text was asked for: the moment that it marks
        for number in range(1, 10):
            shortcut = QShortcut(QKeySequence(str(number)), window)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(lambda number=number: self.mark(self.names()[number - 1]))
        actions.mark.triggered.connect(self._ask)
        actions.undo_marker.triggered.connect(self._undo)
        self.text.returnPressed.connect(self._answered)
        markers.marked.connect(self._marked)
        markers.unmarked.connect(self._unmarked)
        player.steering_changed.connect(lambda _: self.draw(()))

    def mark(self, text: str, when: float | None = None) -> None:
        """Sets a marker now, or at `when` (s of clock.now); in a replay at what is shown."""
        if (session := self._player.markable) is not None:
            session.mark(text)
            self._banner.say(text)
        else:
            self._markers.mark(text, when=when)

    def draw(self, markers: tuple[float, ...]) -> None:
        """Draws upright lines in the curves, at times in s on the clock of what is shown."""
        self._curves.markers = markers

    def _ask(self) -> None:
        self._pressed = clock.now()
        self.text.ask()

    def _answered(self) -> None:
        text = self.text.text().strip()
        self.text.done()
        if text:
            self.mark(text, self._pressed)

    def _undo(self) -> None:
        if (session := self._player.markable) is not None:
            session.undo()
            self._banner.say("The last added marker is undone")
        else:
            self._markers.undo()

    def _marked(self, text: str) -> None:
        self._banner.say(text if self._recording.is_recording else f"{text} (not recorded)")
        if self._player.is_measuring:
            self.draw((*self._curves.markers[-DRAWN:], self._history.now))

    def _unmarked(self, text: str) -> None:
        self._banner.say(f"Undone: {text}" if text else "There is no marker to undo")
        if text:
            self.draw(self._curves.markers[:-1])
