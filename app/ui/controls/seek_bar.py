"""The bar under a replay or a video: the whole session as a line with its markers, the time, the speed.

Play and pause are the first button of the window's own bar.
"""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QWidget

from app.playing.protocols import SPEEDS, Steerable
from app.sessions.event import MARKER, Event
from app.ui.look.fonts import figures
from app.ui.look.theme import Theme

CLOCK = 50  # ms between two refreshes of what is shown


class SeekBar(QWidget):
    """Hidden without a replay; `passed` says the text of each marker that playing comes to."""

    passed = Signal(str)
    markers = Signal(object)  # tuple of the times of all markers, s as in the rows

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("seek_bar")
        self._steered: Steerable | None = None
        self._allowed, self._at = True, 0.0  # s, at the last refresh
        self.speed = _button("1x")
        self.timeline, self.time = Timeline(), QLabel()
        self.time.setFont(figures(self.font()))
        self.time.setMinimumWidth(self.time.fontMetrics().horizontalAdvance("00:00:00.0 / 00:00:00.0"))
        self.speed.setToolTip("The next speed (Z)")
        self.speed.clicked.connect(self.next_speed)
        self.timeline.valueChanged.connect(self._sought)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 12, 2)
        row.setSpacing(10)
        for widget in (self.timeline, self.time, self.speed):
            row.addWidget(widget)
        row.setStretch(0, 1)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._refresh)
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self.time.setStyleSheet(f"color: {theme.quiet}")
        self.timeline.colour = QColor(theme.warning)
        self.timeline.update()

    def follow(self, steered: Steerable | None) -> None:
        """Shows and steers `steered` from now on; None hides the bar."""
        self._steered, self._at = steered, 0.0
        self.timeline.events = ()
        self.setVisible(self._allowed and steered is not None)
        if steered is not None:
            self._clock.start(CLOCK)
        else:
            self._clock.stop()

    def allow(self, allowed: bool) -> None:
        """Whether it may be seen; its keys work in any case."""
        self._allowed = allowed
        self.setVisible(allowed and self._steered is not None)

    def next_speed(self) -> None:
        """Plays at the next speed; after the fastest comes the slowest."""
        if self._steered is not None:
            speeds = (*SPEEDS[SPEEDS.index(1.0) :], *SPEEDS[: SPEEDS.index(1.0)])  # from 1 on, then round
            self._steered.set_speed(speeds[(speeds.index(self._steered.speed) + 1) % len(speeds)])

    def step(self, frames: int) -> None:
        """Pauses, and goes `frames` forward, or back when negative."""
        if self._steered is not None:
            self._steered.step(frames)

    def _sought(self, value: int) -> None:
        if self._steered is not None:
            self._steered.seek(value / 1000)

    def _refresh(self) -> None:
        steered = self._steered
        if steered is None or not steered.ready:
            return
        at = steered.position
        self.timeline.blockSignals(True)
        self.timeline.setRange(int(steered.start_time * 1000), max(1, int(steered.duration * 1000)))
        if not self.timeline.isSliderDown():
            self.timeline.setValue(int(at * 1000))
        self.timeline.blockSignals(False)
        if self.timeline.show_events(steered.events):
            self.markers.emit(tuple(marker.time for marker in self.timeline.markers()))
        self.speed.setText(f"{steered.speed:g}x")
        self.time.setText(f"{clock(at)} / {clock(steered.duration)}")
        for marker in self.timeline.markers():
            if self._at < marker.time <= at < self._at + 1:
                self.passed.emit(marker.text)
        self._at = at


class Timeline(QSlider):
    """The session from its start to its end in milliseconds; a click goes there, markers are ticks."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Place in the video or the recording")
        self.setSingleStep(1000)
        self.setPageStep(10_000)
        self.events: tuple[Event, ...] = ()
        self.colour = QColor("orange")

    def show_events(self, events: tuple[Event, ...]) -> bool:
        """Whether they are others than before."""
        changed = events != self.events
        if changed:
            self.events = events
            names = [f"{clock(e.time)}  {e.text}" for e in self.markers()]
            tip = "<br>".join(escape(name[:200]) for name in names[:30])  # else a tag in a text would work
            self.setToolTip(f"<qt>{tip}</qt>" if tip else "Go to another place; there is no marker here")
            self.update()
        return changed

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Seeks to where it was clicked."""
        if event.button() == Qt.MouseButton.LeftButton:
            share = (event.position().x() - 6) / max(1, self.width() - 12)
            self.setValue(round(self.minimum() + share * (self.maximum() - self.minimum())))
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paints the markers behind the handle."""
        painter = QPainter(self)
        for marker in self.markers():
            painter.fillRect(self.tick(marker), self.colour)
        painter.end()
        super().paintEvent(event)

    def tick(self, marker: Event) -> QRect:
        """Where a marker is drawn."""
        share = (marker.time * 1000 - self.minimum()) / max(1, self.maximum() - self.minimum())
        return QRect(round(6 + share * (self.width() - 12)) - 1, 0, 2, self.height())

    def markers(self) -> list[Event]:
        """The events that are markers."""
        return [event for event in self.events if event.kind == MARKER]


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
