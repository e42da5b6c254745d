"""Soft discs, made once and kept."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QRadialGradient

from app.ui.look.opacity import faded


class Glows:
    """To draw a picture costs a small part of what a gradient does, for which Qt wakes threads."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], QImage] = {}  # by colour and radius

    def clear(self) -> None:
        """Forgets them all, as when their size changes."""
        self._kept.clear()

    def disc(self, colour: QColor, radius: int, *stops: tuple[float, float]) -> QImage:
        """A disc of `radius` pixels in `colour`; each of `stops` gives an opacity at a part of the radius."""
        key = colour.rgb(), radius
        if key not in self._kept:
            soft = QRadialGradient(QPointF(radius, radius), radius)
            for at, strength in stops:
                soft.setColorAt(at, faded(colour, strength))
            image = QImage(2 * radius, 2 * radius, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(Qt.GlobalColor.transparent)
            painter = QPainter(image)
            painter.fillRect(image.rect(), soft)
            painter.end()
            self._kept[key] = image
        return self._kept[key]
