"""The sign on the stage that what it shows stands still."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.look.fonts import pixels
from app.ui.look.theme import DARK
from app.ui.panels.overlay import CHIP

WORD = "Paused"


class PauseSign(QWidget):
    """Two bars and a word, over whatever is below."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(WORD)
        self.hide()

    def fit(self, letters: int, top: int) -> None:
        """In the left corner of the stage, its word `letters` pixels high."""
        self.setFont(pixels(self.font(), letters, bold=True))
        wide = self.fontMetrics().horizontalAdvance(WORD)
        self.setGeometry(letters, top, round(wide + 3.2 * letters), 2 * letters)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paints ground, bars and word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(CHIP)
        painter.drawRoundedRect(self.rect(), self.height() / 4, self.height() / 4)
        painter.setBrush(QColor(DARK.text))
        letters = self.height() / 2
        for left in (0.8, 1.35):
            painter.drawRect(QRectF(left * letters, 0.5 * letters, 0.32 * letters, letters))
        painter.setPen(QColor(DARK.text))
        room = QRectF(self.rect()).adjusted(2.1 * letters, 0, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, WORD)
        painter.end()
