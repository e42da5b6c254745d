"""The outline of a smiling face that breathes, behind the invitation: it says what to do without words."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.ui.look.opacity import faded

BREATH = 4.0  # s from one breath to the next
DEPTH = 0.04  # part by which it grows and shrinks


def breath(now: float) -> float:
    """-1 breathed out .. 1 breathed in, at `now` s."""
    return math.sin(2 * math.pi * now / BREATH)


def paint(painter: QPainter, square: QRectF, colour: QColor, now: float) -> None:
    """Draws it into the middle of `square`, at `now` s."""
    size = 0.27 * square.width() * (1 + DEPTH * breath(now))
    middle = square.center()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(faded(colour, 0.45 + 0.2 * breath(now)), max(2.0, square.width() / 110))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawEllipse(middle, size, 1.25 * size)
    for side in (-1, 1):
        painter.drawEllipse(
            QPointF(middle.x() + 0.4 * side * size, middle.y() - 0.3 * size), 0.09 * size, 0.09 * size
        )
    mouth = QRectF(middle.x() - 0.5 * size, middle.y() - 0.1 * size, size, 0.8 * size)
    painter.drawArc(mouth, 200 * 16, 140 * 16)
