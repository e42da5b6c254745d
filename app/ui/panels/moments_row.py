"""Kept moments side by side: on the stage, and as one picture that can be saved."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.look.fonts import pixels
from app.ui.look.theme import DARK, Theme, accent
from app.ui.panels.moments import Moment

COUNT = 4  # moments in a row
STRIP = (480, 560)  # pixels of one moment in the saved picture
EDGE = 24  # pixels around and between them


class MomentsRow(QWidget):
    """Shows `moments`, mirrored as the picture beside it is."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._moments: tuple[Moment, ...] = ()
        self.mirrored = False
        self.setAccessibleName("The strongest moment of each person")

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme` from now on."""
        self._theme = theme
        self.update()

    def show_moments(self, moments: tuple[Moment, ...]) -> None:
        """Shows these from now on, COUNT at most."""
        self._moments = moments[:COUNT]
        self.setAccessibleDescription("; ".join(f"{m.person} {m.words}" for m in self._moments))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paints as many as there is room for."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        height = float(self.height())
        width = 0.86 * height
        for i, moment in enumerate(self._moments):
            place = QRectF(i * (width + 0.08 * height), 0, width, height)
            if place.right() <= self.width():
                paint_moment(painter, place, moment, self._theme, self.font(), mirrored=self.mirrored)
        painter.end()


def paint_moment(
    painter: QPainter, place: QRectF, moment: Moment, theme: Theme, font: QFont, *, mirrored: bool
) -> None:
    """Draws one moment into `place`: its picture, below it the words in the person's colour."""
    words = 0.2 * place.height()
    side = min(place.width(), place.height() - words)
    square = QRectF(place.center().x() - side / 2, place.top(), side, side)
    picture = cv2.cvtColor(cv2.flip(moment.picture, 1) if mirrored else moment.picture, cv2.COLOR_BGR2BGRA)
    image = QImage(picture.data, picture.shape[1], picture.shape[0], QImage.Format.Format_RGB32)
    shape = QPainterPath()
    shape.addRoundedRect(square, 0.06 * side, 0.06 * side)
    painter.save()
    painter.setClipPath(shape)
    painter.drawImage(square, image)
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(accent(theme, moment.person), max(2.0, 0.02 * side)))
    painter.drawPath(shape)
    text = f"{moment.person} {moment.words}"
    large = pixels(font, 0.72 * words, bold=True)
    painter.setFont(large)
    wide = painter.fontMetrics().horizontalAdvance(text)
    if wide > place.width():
        painter.setFont(pixels(font, 0.72 * words * place.width() / wide, bold=True))
    painter.setPen(QColor(theme.text))
    below = QRectF(place.left(), square.bottom(), place.width(), words)
    painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)


def strip(moments: Sequence[Moment], font: QFont, *, mirrored: bool) -> QImage:
    """The `moments` as one picture on a dark ground, with the program's name below."""
    width, height = STRIP
    image = QImage(len(moments) * (width + EDGE) + EDGE, height + 3 * EDGE, QImage.Format.Format_RGB32)
    image.fill(QColor(DARK.ground))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for i, moment in enumerate(moments):
        place = QRectF(EDGE + i * (width + EDGE), EDGE, width, height)
        paint_moment(painter, place, moment, DARK, font, mirrored=mirrored)
    painter.setFont(pixels(font, 22))
    painter.setPen(QColor(DARK.quiet))
    painter.drawText(QPointF(EDGE, image.height() - 0.6 * EDGE), "Mien: what a network read, no diagnosis")
    painter.end()
    return image
