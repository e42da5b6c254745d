"""The line at the bottom: recording time, source and mode, faces, networks, frames/s, latency, dropped
frames."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.playing.protocols import PlayedSource
from app.ui.controls.faces_menu import FacesMenu
from app.ui.controls.network_menu import NetworkMenu
from app.ui.look.fonts import figures
from app.ui.look.theme import Theme
from app.ui.panels.meter import Reading

FIELDS = {  # name: the widest text it will hold, and what it means
    "rate": ("000 frames/s", "Frames measured and shown in a second, over the last 5 s"),
    "latency": (
        "latency 0000 | 0000 ms",
        "From a frame's capture to its paint: median | 95th percentile of the last 5 s, in ms",
    ),
    "dropped": ("00000 dropped", "Skipped because newer frames had arrived; a video drops none"),
}


RESERVED = 180  # pixels for the recording time and the beginning of the source's name


class StatusBar(QWidget):
    """Texts of a fixed width with tabular figures, so that nothing jumps."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        font = figures(self.font())
        self._recording, self._source = QLabel(), QLabel()
        self._recording.setAccessibleName("Recording time")
        self._source.setAccessibleName("Source")
        self._source.setTextFormat(Qt.TextFormat.PlainText)  # a file's name may look like markup
        self._source.setToolTip("The source, and the mode it granted")
        self._source.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 12, 4)
        row.setSpacing(18)
        self._spacing = row.spacing()
        row.addWidget(self._recording)
        row.addWidget(self._source, 1)
        self.faces, self.networks = FacesMenu(), NetworkMenu()
        row.addWidget(self.faces)
        row.addWidget(self.networks)
        self._fields: dict[str, QLabel] = {}
        for name, (widest, meaning) in FIELDS.items():
            label = QLabel()
            label.setMinimumWidth(QFontMetrics(font).horizontalAdvance(widest) + 4)
            label.setToolTip(meaning)
            label.setAccessibleName(name)
            self._fields[name] = label
            row.addWidget(label)
        for label in (self._recording, self._source, *self._fields.values()):
            label.setFont(font)
        self.setMinimumWidth(1)  # `resizeEvent` leaves fields out
        self.set_theme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Leaves out the last fields where there is no room for them."""
        super().resizeEvent(event)
        room = self.width() - self.faces.sizeHint().width() - self.networks.sizeHint().width() - RESERVED
        for label in self._fields.values():
            room -= label.minimumWidth() + self._spacing
            label.setVisible(room >= 0)

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self._recording.setStyleSheet(f"color: {theme.recording}")
        self.faces.set_theme(theme)
        self.networks.set_theme(theme)
        for label in (self._source, *self._fields.values()):
            label.setStyleSheet(f"color: {theme.quiet}")

    def texts(self) -> dict[str, str]:
        """What it says now, by field."""
        labels = {"recording": self._recording, "source": self._source, **self._fields}
        texts = {name: "" if label.isHidden() else label.text() for name, label in labels.items()}
        return texts | {"faces": self.faces.text(), "networks": self.networks.text()}

    def tip(self, field: str) -> str:
        """The tooltip of a field of FIELDS."""
        return self._fields[field].toolTip()

    def show_source(self, text: str) -> None:
        """Shows `text`, shortened where there is no room."""
        room = self._source.width()
        self._source.setText(self._source.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room))

    def show_recording(self, seconds: float | None, *, paused: bool = False) -> None:
        """`seconds` that it has recorded, None when nothing is recorded; `paused` while it gets no rows."""
        self._recording.setVisible(seconds is not None)
        if seconds is not None:
            minutes, rest = divmod(int(seconds), 60)
            hours, minutes = divmod(minutes, 60)
            clock = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
            self._recording.setText(f"\N{BLACK CIRCLE} rec {clock}{' paused' if paused else ''}")

    def show_reading(self, reading: Reading | None, dropped: int) -> None:
        """The latency's parts stand in its tooltip."""
        parts = [f"{name} {of.median:.1f} | {of.p95:.1f}" for name, of in reading.parts] if reading else []
        self._fields["latency"].setToolTip("\n".join([FIELDS["latency"][1], *parts]))
        if reading is None:
            for name in ("rate", "latency", "dropped"):
                self._fields[name].setText("")
            return
        self._fields["rate"].setText(f"{reading.rate:.0f} frames/s")
        whole = reading.latency
        self._fields["latency"].setText(f"latency {whole.median:.0f} | {whole.p95:.0f} ms")
        self._fields["dropped"].setText(f"{dropped} dropped")


def source_text(source: PlayedSource) -> str:
    """A source and its mode, `clip.mkv   640 x 480   30/s   h264`; the name alone until that is known."""
    mode = source.mode
    if not mode.width:
        return source.name
    size = f"{mode.width} \N{MULTIPLICATION SIGN} {mode.height}"
    return "   ".join(part for part in (source.name, size, f"{mode.rate:.3g}/s", mode.format) if part)
