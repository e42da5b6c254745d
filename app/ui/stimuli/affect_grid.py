"""The affect grid: one place out of nine by nine, pleasure to the right and arousal upwards.

Russell, Weiss and Mendelsohn 1989, Affect Grid: a single-item scale of pleasure and arousal.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.study.answers import GridPoint
from app.ui.look.fonts import pixels

CELLS, CELL, EDGE = 9, 48, 40  # a side; pixels of a cell; pixels for the words around
MIDDLE = CELLS // 2
LETTERS = 19  # pixels
INK, LINE, CHOICE = QColor("#ebebeb"), QColor("#888888"), QColor("#ffd75f")
ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}  # fmt: skip


class AffectGrid(QWidget):
    """Chosen by a click, or by arrows and Return."""

    chosen = Signal(object)  # GridPoint

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(CELLS * CELL + 2 * EDGE, CELLS * CELL + 2 * EDGE)
        self.column, self.row = MIDDLE, MIDDLE  # from the left, from below
        self._tell()

    @property
    def point(self) -> GridPoint:
        """What is chosen now, each -1..1."""
        return GridPoint((self.column - MIDDLE) / MIDDLE, (self.row - MIDDLE) / MIDDLE)

    def place(self, column: int, row: int) -> QPointF:
        """The middle of a cell, in pixels of the grid."""
        return QPointF(EDGE + (column + 0.5) * CELL, EDGE + (CELLS - row - 0.5) * CELL)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Arrows move the choice, Return takes it."""
        move = ARROWS.get(Qt.Key(event.key()))
        if move is not None:
            self.column = min(CELLS - 1, max(0, self.column + move[0]))
            self.row = min(CELLS - 1, max(0, self.row + move[1]))
            self._tell()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.point)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Takes the cell under the pointer."""
        column = int((event.position().x() - EDGE) // CELL)
        row = CELLS - 1 - int((event.position().y() - EDGE) // CELL)
        if 0 <= column < CELLS and 0 <= row < CELLS:
            self.column, self.row = column, row
            self._tell()
            self.update()
            self.chosen.emit(self.point)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paints cells, words and the choice."""
        painter = QPainter(self)
        side = CELLS * CELL
        painter.setPen(QPen(LINE, 1))
        for i in range(CELLS + 1):
            painter.drawLine(EDGE + i * CELL, EDGE, EDGE + i * CELL, EDGE + side)
            painter.drawLine(EDGE, EDGE + i * CELL, EDGE + side, EDGE + i * CELL)
        painter.setPen(INK)
        painter.setFont(pixels(self.font(), LETTERS))
        middle = Qt.AlignmentFlag.AlignCenter
        painter.drawText(QRectF(0, 0, self.width(), EDGE), middle, "wide awake")
        painter.drawText(QRectF(0, EDGE + side, self.width(), EDGE), middle, "sleepy")
        for turn, x, words in ((-90, EDGE / 2, "unpleasant"), (90, self.width() - EDGE / 2, "pleasant")):
            painter.save()
            painter.translate(x, self.height() / 2)
            painter.rotate(turn)
            painter.drawText(QRectF(-side / 2, -EDGE / 2, side, EDGE), middle, words)
            painter.restore()
        painter.setPen(QPen(CHOICE, 4 if self.hasFocus() else 2))
        at = self.place(self.column, self.row)
        painter.drawRect(QRectF(at.x() - CELL / 2, at.y() - CELL / 2, CELL, CELL))
        painter.end()

    def _tell(self) -> None:
        point = self.point
        self.setAccessibleName(f"Affect grid: pleasure {point.pleasure:+.2f}, arousal {point.arousal:+.2f}")
