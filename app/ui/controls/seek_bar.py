"""The bar under a replay or a video: the whole session as a line with its markers, the time, the speed.

Play and pause are the first button of the window's own bar.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QWidget

from app.playing.replay import SPEEDS, Replay
from app.playing.transport import Transport
from app.sessions.reading import Event
from app.ui.look import theme
from app.ui.look.theme import Theme

CLOCK = 50  # ms between two looks at the replay


class SeekBar(QWidget):
    """Hidden without a replay; `passed` says the text of each marker that playing comes to."""

    passed = Signal(str)
    markers = Signal(object)  # tuple of the times of all markers, s as in the rows

    def __init__(self, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("controls")  # its buttons look like those of the bar
        self._replay: Replay | Transport | None = None
        self._allowed, self._at = True, 0.0  # s, at the last look
        self._speed = _button("1x")
        self.line, self._time = Line(), QLabel()
        self._time.setFont(theme.figures(self.font()))
        self._time.setMinimumWidth(self._time.fontMetrics().horizontalAdvance("00:00:00.0 / 00:00:00.0"))
        self._speed.setToolTip("The next speed (Z)")
        self._speed.clicked.connect(self.next_speed)
        self.line.valueChanged.connect(self._sought)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 12, 2)
        row.setSpacing(10)
        for widget in (self.line, self._time, self._speed):
            row.addWidget(widget)
        row.setStretch(0, 1)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._look_at_it)
        self.set_look(look)
        self.hide()

    def set_look(self, look: Theme) -> None:
        self._time.setStyleSheet(f"color: {look.quiet}")
        self.line.colour = QColor(look.warning)
        self.line.update()

    def follow(self, replay: Replay | Transport | None) -> None:
        """Shows and steers `replay` from now on."""
        self._replay, self._at = replay, 0.0
        self.line.events = ()
        self.setVisible(self._allowed and replay is not None)
        if replay is not None:
            self._clock.start(CLOCK)
        else:
            self._clock.stop()

    def allow(self, allowed: bool) -> None:
        """Whether it may be seen; its keys work in any case."""
        self._allowed = allowed
        self.setVisible(allowed and self._replay is not None)

    def next_speed(self) -> None:
        if self._replay is not None:
            speeds = (*SPEEDS[SPEEDS.index(1.0) :], *SPEEDS[: SPEEDS.index(1.0)])  # from 1 on, then round
            self._replay.set_speed(speeds[(speeds.index(self._replay.speed) + 1) % len(speeds)])

    def step(self, frames: int) -> None:
        if self._replay is not None:
            self._replay.step(frames)

    def _sought(self, value: int) -> None:
        if self._replay is not None:
            self._replay.seek(value / 1000)

    def _look_at_it(self) -> None:
        replay = self._replay
        if replay is None or not replay.ready:
            return
        at = replay.position
        self.line.blockSignals(True)
        self.line.setRange(int(replay.start_time * 1000), max(1, int(replay.duration * 1000)))
        if not self.line.isSliderDown():
            self.line.setValue(int(at * 1000))
        self.line.blockSignals(False)
        if self.line.show_events(replay.events):
            self.markers.emit(tuple(event.time for event in replay.events if event.kind == "marker"))
        self._speed.setText(f"{replay.speed:g}x")
        self._time.setText(f"{clock(at)} / {clock(replay.duration)}")
        for event in replay.events:
            if event.kind == "marker" and self._at < event.time <= at < self._at + 1:
                self.passed.emit(event.text)
        self._at = at


class Line(QSlider):
    """The session from its start to its end in milliseconds; a click goes there, markers are ticks."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Place in the session")
        self.setSingleStep(1000)
        self.setPageStep(10_000)
        self.events: tuple[Event, ...] = ()
        self.colour = QColor("orange")

    def show_events(self, events: tuple[Event, ...]) -> bool:
        """Whether they are others than before."""
        changed = events != self.events
        if changed:
            self.events = events
            names = [f"{clock(e.time)}  {e.text}" for e in self._markers()]
            self.setToolTip("\n".join(names[:30]) or "No marker in this session")
            self.update()
        return changed

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        if event.button() == Qt.MouseButton.LeftButton:
            share = (event.position().x() - 6) / max(1, self.width() - 12)
            self.setValue(round(self.minimum() + share * (self.maximum() - self.minimum())))
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        painter = QPainter(self)
        for marker in self._markers():
            painter.fillRect(self.tick(marker), self.colour)
        painter.end()
        super().paintEvent(event)

    def tick(self, marker: Event) -> QRect:
        """Where a marker is drawn."""
        share = (marker.time * 1000 - self.minimum()) / max(1, self.maximum() - self.minimum())
        return QRect(round(6 + share * (self.width() - 12)) - 1, 0, 2, self.height())

    def _markers(self) -> list[Event]:
        return [event for event in self.events if event.kind == "marker"]


def clock(seconds: float) -> str:
    """1:02:03.4, without the hours where there are none."""
    minutes, rest = divmod(max(0.0, seconds), 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02}:{rest:04.1f}" if hours else f"{minutes:02}:{rest:04.1f}"


def _button(text: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setMinimumWidth(64)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
