"""The sign on the stage that a recording runs: the status bar, which says so, is hidden there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.ui.look.fonts import pixels
from app.ui.look.theme import Theme


class RecordingSign(QLabel):
    """The status bar's words in its red; hidden while nothing is recorded."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Recording time")
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self.setStyleSheet(f"color: {theme.recording}")

    def fit(self, width: int, letters: int, top: int) -> None:
        """In the right corner of a stage that is `width` pixels wide; words of `letters` pixels."""
        self.setFont(pixels(self.font(), letters, bold=True))
        wide = self.sizeHint().width() + letters
        self.setGeometry(width - wide, top, wide, 2 * letters)
