"""Switches for what leaves the window and what comes in, and a light for the last marker received."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.streams.streams import NOTHING, Address, StreamOptions
from app.system.network import LOOPBACK
from app.ui.controls.sheet import Sheet, scrolling
from app.ui.look.theme import Theme

OSC_PORT, UDP_PORT = 9000, 9001
FRESH = 2.0  # s for which the light shows that a marker came in


class StreamsSheet(Sheet):
    """`wanted` gives what is switched on; `show_marker` is called by a clock."""

    wanted = Signal(object)  # StreamOptions

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "Streams to and from other programs")
        self.lsl = QCheckBox("Lab Streaming Layer: send values and markers, receive markers")
        self.lsl.setToolTip("Anybody in the local network can read these and set markers")
        self.osc = QCheckBox("OSC: send values")
        self.osc.setToolTip("Values leave this computer where you name another host")
        self.udp = QCheckBox("UDP: each line received is a marker")
        self.udp.setToolTip("Any program on this computer can set markers")
        self.host, self.osc_port = QLineEdit(LOOPBACK), _port(OSC_PORT, "Port for OSC")
        self.host.setAccessibleName("Host for OSC")
        self.udp_port = _port(UDP_PORT, "Port for markers over UDP")
        self.problem, self.light = QLabel(), QLabel()
        self.problem.setWordWrap(True)
        self.light.setAccessibleName("Last marker received")
        self.close_button = QPushButton("Done")
        self.close_button.setToolTip("Close this; streams go on (Esc)")
        self._page = QWidget()
        form = QFormLayout(self._page)
        form.setContentsMargins(24, 18, 24, 18)
        form.addRow(QLabel("<h3>Streams</h3>"))
        to, at = _beside("to", self.host, self.osc_port), _beside("at port", self.udp_port)
        for row in (self.lsl, self.osc, to, self.udp, at, self.problem, self.light, self.close_button):
            form.addRow(row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolling(self._page))
        for switch in (self.lsl, self.osc, self.udp):
            switch.clicked.connect(lambda: self.wanted.emit(self.options()))
        for field in (self.host, self.osc_port, self.udp_port):
            field.editingFinished.connect(self._changed)
        self._known = NOTHING
        self._theme: Theme | None = None
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self._theme = theme
        self.problem.setStyleSheet(f"color: {theme.warning}")

    def options(self) -> StreamOptions:
        """What is switched on."""
        osc = Address(self.osc_port.value(), self.host.text().strip() or LOOPBACK)
        return StreamOptions(
            self.lsl.isChecked(),
            osc if self.osc.isChecked() else None,
            self.udp_port.value() if self.udp.isChecked() else None,
        )

    def show_options(self, options: StreamOptions, problem: str = "") -> None:
        """Shows what runs now, and a sentence about what could not be opened."""
        self._known = options
        self.lsl.setChecked(options.lsl)
        self.osc.setChecked(options.osc is not None)
        self.udp.setChecked(options.udp_port is not None)
        if options.osc is not None:
            self.host.setText(options.osc.host)
            self.osc_port.setValue(options.osc.port)
        if options.udp_port:
            self.udp_port.setValue(options.udp_port)
        self.problem.setText(problem)
        self.fit()

    def show_marker(self, text: str, origin: str, age: float) -> None:
        """The last marker received, `age` s ago; an `origin` of "" for none yet."""
        fresh = bool(origin) and age < FRESH
        if self._theme is not None:
            self.light.setStyleSheet(f"color: {self._theme.good if fresh else self._theme.quiet}")
        words = (
            f"last marker received: {text} ({origin}, {age:.0f} s ago)"
            if origin
            else "no marker received yet"
        )
        self.light.setText(f"\N{BLACK CIRCLE} {words}")

    def show_up(self, on: bool) -> None:
        """Shows it with the focus on its first switch, or hides it."""
        self.setVisible(on)
        if on:
            self.fit()
            self.raise_()
            self.lsl.setFocus()

    def fit(self) -> None:
        """In the middle of the window, never larger than it."""
        room, wanted = self._window.size(), self._page.sizeHint().height() + 2 * self.frameWidth()
        width, height = min(560, room.width() - 16), min(wanted, room.height() - 16)
        self.setGeometry((room.width() - width) // 2, (room.height() - height) // 2, width, height)

    def _changed(self) -> None:
        """An address counts for a stream that is on, and else once it is switched on."""
        if self.options() != self._known:
            self.wanted.emit(self.options())


def _port(number: int, name: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(1, 65535)
    box.setValue(number)
    box.setAccessibleName(name)
    return box


def _beside(word: str, *fields: QWidget) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(24, 0, 0, 0)
    row.addWidget(QLabel(word))
    for field in fields:
        row.addWidget(field)
    row.addStretch(1)
    return box
