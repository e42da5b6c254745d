"""A burst of rings: somebody stepped up, and the point in the plane is theirs now."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.ui.look.opacity import faded

LASTS = 1.2  # s
RINGS = 3
SPARKS = 12


class Burst:
    """`begin` lights it, `paint` draws it until it is over; times in s, of one clock."""

    def __init__(self) -> None:
        self._begun: float | None = None

    def begin(self, now: float) -> None:
        """It starts at `now`."""
        self._begun = now

    def goes_on(self, now: float) -> bool:
        """Whether anything of it is to be seen at `now`."""
        return self._begun is not None and 0 <= now - self._begun < LASTS

    def paint(self, painter: QPainter, at: QPointF, reach: float, colour: QColor, now: float) -> None:
        """Draws it round `at`, out to `reach` pixels."""
        if self._begun is None or not self.goes_on(now):
            return
        share = (now - self._begun) / LASTS
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ring in range(RINGS):
            part = share * 1.4 - 0.2 * ring
            if 0 < part < 1:
                out = reach * (1 - (1 - part) ** 2)  # fast at first
                painter.setPen(QPen(faded(colour, 0.7 * (1 - part)), max(2.0, 0.03 * reach * (1 - part))))
                painter.drawEllipse(at, out, out)
        painter.setPen(QPen(faded(colour, 1 - share), max(2.0, 0.02 * reach)))
        for spark in range(SPARKS):
            angle = 2 * math.pi * spark / SPARKS
            way = QPointF(math.cos(angle), math.sin(angle))
            far = reach * (1 - (1 - share) ** 3)
            painter.drawLine(at + way * (0.75 * far), at + way * far)
