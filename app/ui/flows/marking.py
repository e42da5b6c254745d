"""Markers by keys: 1 to 9 have names, K takes any text, U takes the newest back."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.controls.actions import Actions
from app.ui.flows.live import Live
from app.ui.flows.player import Player
from app.ui.look.echo import Echo
from app.ui.panels.curves import Curves


class Marking(QObject):
    """What is marked goes into the recording, or beside the session that is replayed; an echo confirms it."""

    def __init__(
        self, window: QWidget, commands: Actions, live: Live, player: Player, echo: Echo,
        names: Callable[[], tuple[str, ...]], curves: Curves,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._live, self._player, self._echo, self._names = live, player, echo, names
        self._curves = curves
        self._line = TextLine(echo.over)
        self._pressed = (
            0.0  # s, time.perf_counter(), when the text was asked for: that is the moment it marks
        )
        for number in range(1, 10):
            shortcut = QShortcut(QKeySequence(str(number)), window)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(lambda number=number: self.mark(self._names()[number - 1]))
        commands.mark.triggered.connect(self._ask)
        commands.take_back.triggered.connect(self._take_back)
        self._line.returnPressed.connect(self._answered)
        live.marked.connect(self._marked)
        live.unmarked.connect(self._unmarked)
        player.replay_changed.connect(lambda _: self.draw(()))

    def mark(self, text: str, when: float | None = None) -> None:
        replay = self._player.replaying
        if replay is not None:
            replay.mark(text)
            self._echo.say(text)
        else:
            self._live.mark(text, when=when)

    def _ask(self) -> None:
        self._pressed = time.perf_counter()
        self._line.ask()

    def _answered(self) -> None:
        text = self._line.text().strip()
        self._line.done()
        if text:
            self.mark(text, self._pressed)

    def _take_back(self) -> None:
        if (replay := self._player.replaying) is not None:
            replay.undo()
            self._echo.say("The newest added marker is taken back")
        else:
            self._live.undo_mark()

    def _marked(self, text: str) -> None:
        self._echo.say(text if self._player.is_recording else f"{text} (not recorded)")
        if self._player.is_live:
            self.draw((*self._curves.markers, self._live.history.now))

    def _unmarked(self, text: str) -> None:
        self._echo.say(f"Taken back: {text}" if text else "There is no marker to take back")
        if text:
            self.draw(self._curves.markers[:-1])

    def draw(self, markers: tuple[float, ...]) -> None:
        """Upright lines in the curves, at times in s on the clock of what is shown."""
        self._curves.markers = markers


class TextLine(QLineEdit):
    """One line at the foot of `over`; Return answers, Esc or a click elsewhere puts it away."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setPlaceholderText("Text of the marker, then Return")
        self.setAccessibleName("Text of the marker")
        self.setMaxLength(200)
        self.hide()

    def ask(self) -> None:
        room = self._over.rect().adjusted(12, 12, -12, -12)
        height = self.sizeHint().height()
        self.setGeometry(room.left(), room.bottom() - height, room.width(), height)
        self.clear()
        self.show()
        self.raise_()
        self.setFocus()

    def done(self) -> None:
        self.hide()
        self._over.setFocus()

    def event(self, event: QEvent) -> bool:
        """Esc is for this line, although the window knows that key too."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.KeyPress:
                self.done()
            event.accept()
            return True
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        return super().event(event)
