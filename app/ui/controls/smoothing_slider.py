"""The smoothing of what is shown, as a slider: its left end is off, its middle the standard."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from app.types import DEFAULT_SMOOTHING

STEPS = 10


class SmoothingSlider(QWidget):
    """`changed` gives the smoothing, 0 off .. 1; the `switch` goes to 0 and back to what was chosen."""

    changed = Signal(float)

    def __init__(self, switch: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("smoothing")
        self._switch, self._chosen = switch, DEFAULT_SMOOTHING
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, STEPS)
        self.slider.setPageStep(1)  # a click beside the handle; Qt's own step is the whole range
        self.slider.setFixedWidth(72)
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider.setAccessibleName("Smoothing, from off to strong")
        label = QLabel("Smoothing")
        label.setBuddy(self.slider)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 4, 0)
        row.setSpacing(5)
        row.addWidget(self.slider)
        row.addWidget(label)
        self.setToolTip(switch.toolTip())
        self.slider.setValue(round(DEFAULT_SMOOTHING * STEPS))
        self.slider.valueChanged.connect(self._moved)
        switch.toggled.connect(self._switched)

    @property
    def value(self) -> float:
        """The smoothing that is chosen, 0 off .. 1."""
        return self.slider.value() / STEPS

    def set_value(self, smoothing: float) -> None:
        """Moves the slider to `smoothing`, 0 off .. 1."""
        self.slider.setValue(round(smoothing * STEPS))

    def _moved(self) -> None:
        if self.value:
            self._chosen = self.value
        with QSignalBlocker(self._switch):
            self._switch.setChecked(self.value > 0)
        self.changed.emit(self.value)

    def _switched(self, on: bool) -> None:
        self.set_value(self._chosen if on else 0.0)
